import type { Artifact } from "../../components/pipeline/action";
import type { StoredArtifact } from "../../components/pipeline/artifactKeys";
import type { ServiceConfig, StackConfig } from "../config/load";
import type { DeliveryContext } from "../deliveryContext";
import { pipelineNameIn } from "../names";
import type { ServiceDelivery } from "../serviceDelivery";

/** Name of the pipeline that delivers a service: the stack's, its own, or that of the service whose image it runs. */
export function pipelineNameOf(
  { name, imageOf }: Pick<ServiceConfig, "name" | "imageOf">,
  { stack, config }: Pick<DeliveryContext, "stack" | "config">,
): string {
  return config.pipelines === "perService" ? pipelineNameIn(stack, imageOf ?? name) : pipelineNameIn(stack);
}

/** The services that each pipeline delivers, the first of which brings its image; all in one, or those of one image in each. */
export function byPipeline(
  deliveries: readonly ServiceDelivery[],
  { pipelines }: Pick<StackConfig, "pipelines">,
): readonly (readonly [ServiceDelivery, ...ServiceDelivery[]])[] {
  const [first, ...others] = deliveries;
  if (pipelines !== "perService") return first ? [[first, ...others]] : [];
  return builders(deliveries).map((one) => [
    one,
    ...deliveries.filter(({ config }) => config.imageOf === one.config.name),
  ]);
}

/** Services that bring an image of their own. */
export function builders(deliveries: readonly ServiceDelivery[]): ServiceDelivery[] {
  return deliveries.filter(({ imageOf }) => imageOf === undefined);
}

/** An artifact of the pipeline that delivers a service, as its bucket has it. */
export function storedFor({ config }: ServiceDelivery, { name }: Artifact, context: DeliveryContext): StoredArtifact {
  return { pipelineName: pipelineNameOf(config, context), name };
}
