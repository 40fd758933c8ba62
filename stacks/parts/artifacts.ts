import type { Artifact } from "../../components/pipeline/action";
import type { StoredArtifact } from "../../components/pipeline/artifactKeys";
import type { DeliveryContext } from "../deliveryContext";
import { pipelineNameIn } from "../names";
import type { ServiceDelivery } from "../serviceDelivery";

/** Name of the pipeline that delivers a service: the stack's, or its own. */
export function pipelineNameOf(service: string, { stack, config }: Pick<DeliveryContext, "stack" | "config">): string {
  return config.pipelines === "perService" ? pipelineNameIn(stack, service) : pipelineNameIn(stack);
}

/** An artifact of the pipeline that delivers a service, as its bucket has it. */
export function storedFor({ config }: ServiceDelivery, { name }: Artifact, context: DeliveryContext): StoredArtifact {
  return { pipelineName: pipelineNameOf(config.name, context), name };
}
