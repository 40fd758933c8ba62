import { artifactOf } from "../components/pipeline/action";
import { keysOfPipelines } from "../components/pipeline/artifactKeys";
import { DeliveryTarget } from "../components/pipeline/deliveryTarget";
import type { StackConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import { existingArtifactStore } from "./existing";
import { confirmProjectIn, confirmRoleIn, deployRoleIn, pipelineRoleIn, rolePathIn } from "./names";
import { confirmPermissions } from "./parts/confirm";
import type { ServiceDelivery } from "./serviceDelivery";

/** Lets the pipeline of another stack deliver to this one: it can do with these services what a pipeline here could. */
export function defineDeliveryTarget(
  deliveredBy: NonNullable<StackConfig["deliveredBy"]>,
  deliveries: readonly ServiceDelivery[],
  { stack, foundation, place }: DeliveryContext,
): void {
  const accountId = deliveredBy.account ?? place.accountId;
  const cluster = foundation.cluster();
  const path = rolePathIn(deliveredBy.stack, deliveredBy.rolePath);
  new DeliveryTarget(stack, {
    deployRoleName: deployRoleIn(stack),
    confirmRoleName: confirmRoleIn(stack),
    pipelineRole: { accountId, roleName: pipelineRoleIn(deliveredBy.stack), path },
    confirmBuildRole: { accountId, roleName: confirmProjectIn(deliveredBy.stack, stack), path },
    // Whether that stack has one pipeline or several is not known here, nor what it calls a service.
    artifacts: keysOfPipelines(`${deliveredBy.stack}-`),
    artifactStore: existingArtifactStore(deliveredBy.artifactBucket, deliveredBy.kmsKey, place),
    deployPermissions: deliveries.flatMap(
      ({ config, deployment }) =>
        deployment.deployAction({ name: config.name, input: artifactOf(config.name) }).permissions,
    ),
    confirmPermissions: deliveries.flatMap((delivery) =>
      confirmPermissions(delivery, cluster, delivery.record && !delivery.imageOf ? delivery.passport().arn : undefined),
    ),
  });
}
