import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { DeploymentPause } from "../deployment/lifecycleHooks";
import type { ClusterRef, ServiceRef } from "../refs";
import { chatMessage } from "./chatMessage";

/** A service whose deployments wait for a person. */
export interface PausingService {
  readonly service: ServiceRef;
  readonly cluster: ClusterRef;
  readonly pauses: readonly DeploymentPause[];
  /** Where the new version can be tried meanwhile. @default - nowhere */
  readonly testUrl?: Input<string> | undefined;
}

/**
 * Event pattern of pauses of this service. AWS's page does not say whether the event is about the service or about the
 * deployment: both are asked for.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 */
export function pausePattern({ service }: PausingService): Output<string> {
  const deployments = pulumi.output(service.arn).apply((arn) => `${arn.replace(":service/", ":service-deployment/")}/`);
  return pulumi.jsonStringify({
    source: ["aws.ecs"],
    "detail-type": ["ECS Hook State Change"],
    resources: [service.arn, { prefix: deployments }],
    detail: { eventName: ["HOOK_AWAITING_ACTION"] },
  });
}

/** What people read. The commands look the waiting hook up by themselves. */
export function pauseMessage(of: PausingService, region: Input<string>): Output<string> {
  const { service, cluster, pauses, testUrl } = of;
  const tried = testUrl === undefined ? pulumi.output("") : pulumi.interpolate`Try the new version at ${testUrl}. `;
  return chatMessage(
    pulumi.interpolate`The deployment of ${service.name} in ${cluster.name} waits for a person`,
    pulumi.interpolate`${tried}${until(pauses)} What ships, and what waits: npm run status. Go on: ${answer(of, region, "CONTINUE")} -- Take it back: ${answer(of, region, "ROLLBACK")}`,
  );
}

/** Until when it waits, at each of its stages. */
function until(pauses: readonly DeploymentPause[]): string {
  return pauses
    .map(({ lifecycleStages, pauseInMinutes, timeoutAction }) => {
      const then = timeoutAction === "CONTINUE" ? "goes on by itself" : "is taken back";
      return `At ${lifecycleStages.join(", ")} it waits ${pauseInMinutes} minutes, then it ${then}.`;
    })
    .join(" ");
}

/** One line for any shell, with the credentials of whoever pastes it. */
function answer(
  { service, cluster }: PausingService,
  region: Input<string>,
  action: "CONTINUE" | "ROLLBACK",
): Output<string> {
  const list = pulumi.interpolate`aws ecs list-service-deployments --region ${region} --cluster ${cluster.name} --service ${service.name} --status IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text`;
  const hook = `serviceDeployments[0].lifecycleHookDetails[?status=='AWAITING_ACTION'].hookId | [0]`;
  return pulumi.interpolate`deployment=$(${list}) && aws ecs continue-service-deployment --region ${region} --service-deployment-arn "$deployment" --action ${action} --hook-id "$(aws ecs describe-service-deployments --region ${region} --service-deployment-arns "$deployment" --query "${hook}" --output text)"`;
}
