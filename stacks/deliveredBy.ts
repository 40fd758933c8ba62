import { gitHubEnvironmentOn, type TokenHolder } from "../components/access/webIdentity";
import { passportRunPermissions } from "../components/build/buildspec/passport";
import { allow } from "../components/iam/policyDocument";
import { artifactOf } from "../components/pipeline/action";
import { keysOfPipelines } from "../components/pipeline/artifactKeys";
import { DeliveryTarget } from "../components/pipeline/deliveryTarget";
import { gitHubProviderIn } from "../components/workflow/deliveryWorkflow";
import { JOB_MAX_MINUTES } from "../components/workflow/jobs";
import type { StackConfig } from "./config/load";
import type { DeliveryContext } from "./deliveryContext";
import { existingArtifactStore } from "./existing";
import { confirmProjectIn, confirmRoleIn, deployRoleIn, pipelineRoleIn, rolePathIn } from "./names";
import { confirmPermissions } from "./parts/confirm";
import { signingKeyOf } from "./passports";
import { promised } from "./promised";
import type { ServiceDelivery } from "./serviceDelivery";
import { gitHubEnvironmentOf, identityProviderOf } from "./workflows";

/** Lets the pipeline or the workflow of another stack deliver to this one: it can do with these services what one here could. */
export function defineDeliveryTarget(
  deliveredBy: NonNullable<StackConfig["deliveredBy"]>,
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
): void {
  const { stack, config, foundation } = context;
  const cluster = foundation.cluster();
  new DeliveryTarget(stack, {
    deployRoleName: deployRoleIn(stack),
    confirmRoleName: confirmRoleIn(stack),
    ...(config.delivery
      ? byWorkflow(config.delivery.gitHubActions, deliveries, context)
      : byPipeline(deliveredBy, deliveries, context)),
    confirmPermissions: [
      ...deliveries.flatMap((delivery) =>
        confirmPermissions(
          delivery,
          cluster,
          delivery.record && !delivery.imageOf ? delivery.passport().arn : undefined,
          config.delivery !== undefined,
        ),
      ),
      // A build signs in its own role, a job in this one.
      ...(config.delivery ? passportRunPermissions({ pipelineArns: [], signingKeyArn: signingKeyOf(context) }) : []),
    ],
  });
}

/** The roles of the other stack's pipeline, and of its build. */
function byPipeline(
  { stack: other, account, rolePath, artifactBucket, kmsKey }: NonNullable<StackConfig["deliveredBy"]>,
  deliveries: readonly ServiceDelivery[],
  { stack, place }: DeliveryContext,
) {
  const accountId = account ?? place.accountId;
  const path = rolePathIn(other, rolePath);
  return {
    pipelineRole: { accountId, roleName: pipelineRoleIn(other), path },
    confirmBuildRole: { accountId, roleName: confirmProjectIn(other, stack), path },
    // Whether that stack has one pipeline or several is not known here, nor what it calls a service.
    artifacts: keysOfPipelines(`${other}-`),
    artifactStore: existingArtifactStore(
      promised(artifactBucket, "deliveredBy.artifactBucket"),
      promised(kmsKey, "deliveredBy.kmsKey"),
      place,
    ),
    deployPermissions: deliveries.flatMap((one) => deploymentOf(one).permissions),
  };
}

function deploymentOf({ config, deployment }: ServiceDelivery) {
  return deployment.deployAction({ name: config.name, input: artifactOf(config.name) });
}

type GitHubActions = NonNullable<StackConfig["delivery"]>["gitHubActions"];

/** The jobs of the other stack's workflow that name this stack's environment. */
function byWorkflow(given: GitHubActions, deliveries: readonly ServiceDelivery[], context: DeliveryContext) {
  const { config, place } = context;
  const providerArn = identityProviderOf(given, context) ?? gitHubProviderIn(place);
  const jobs: TokenHolder = gitHubEnvironmentOn(
    { providerArn, repository: given.repository },
    gitHubEnvironmentOf(given),
    promised(config.branch, "branch"),
  );
  return {
    pipelineRole: jobs,
    confirmBuildRole: jobs,
    // How long a job takes is the other stack's to say.
    maxSessionDuration: JOB_MAX_MINUTES * 60,
    deployPermissions: deliveries.flatMap((one) => [
      ...(deploymentOf(one).inWorkflow?.permissions ?? []),
      ...(one.record ? [allow(["ssm:GetParameter"], [one.record.arn])] : []),
    ]),
  };
}
