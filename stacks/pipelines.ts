import { DeliveryPipeline } from "../components/pipeline/deliveryPipeline";
import { splitLargeStages } from "../components/pipeline/largeStages";
import type { DeliveryContext } from "./deliveryContext";
import { pipelineNameIn, pipelineRoleIn } from "./names";
import { byPipeline, pipelineNameOf } from "./parts/artifacts";
import { pipelineParts } from "./pipelineParts";
import type { EnvironmentProfile } from "./profile";
import type { ServiceDelivery } from "./serviceDelivery";

/** A pipeline of the stack, by the name it goes by here: the stack's, or its service's. */
export interface StackPipeline {
  readonly name: string;
  readonly pipeline: DeliveryPipeline;
  readonly deliveries: readonly ServiceDelivery[];
  /** Whether it asks a person. */
  readonly asks: boolean;
}

/** The stack's pipeline for all services, or one for each. */
export function definePipelines(
  profile: EnvironmentProfile,
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
): StackPipeline[] {
  const { stack, config } = context;
  const groups =
    config.pipelines === "perService"
      ? byPipeline(deliveries, config).map((of) => ({
          name: of[0].config.name,
          pipelineName: pipelineNameOf(of[0].config, context),
          of,
        }))
      : [{ name: stack, pipelineName: pipelineNameIn(stack), of: deliveries }];
  return groups.map(({ name, pipelineName, of }) => {
    const stages = splitLargeStages(profile.stages(pipelineParts(of, deliveries, context)));
    const actions = stages.flatMap((stage) => stage.actions);
    return {
      name,
      deliveries: of,
      pipeline: definePipeline(name, { pipelineName, stages }, profile, context),
      asks: actions.some(({ declaration }) => declaration.category === "Approval"),
    };
  });
}

function definePipeline(
  name: string,
  args: Pick<ConstructorParameters<typeof DeliveryPipeline>[1], "pipelineName" | "stages">,
  { executionMode }: EnvironmentProfile,
  { stack, foundation, target }: DeliveryContext,
): DeliveryPipeline {
  const { pipeline: role, trigger: triggerRole } = foundation.roles;
  return new DeliveryPipeline(name, {
    ...args,
    executionMode,
    role,
    triggerRole,
    artifactStore: foundation.artifactStore(),
    regionalStores: foundation.regionalStores(),
    // The other stack names the role before it is there.
    roleName: target && pipelineRoleIn(stack),
  });
}
