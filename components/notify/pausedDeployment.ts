import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { belowService, type Place, placeOf, regionalArn } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import type { DeploymentPause } from "../deployment/lifecycleHooks";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { ClusterRef, NamedArn, ServiceRef, TopicRef } from "../refs";
import { minutesInWords } from "../settings/minutesInWords";
import { publishPermissions } from "./notificationTopic";
import { pauseNoticeDefinition } from "./pauseNoticeDefinition";

/** A service whose deployments wait for a person. */
export interface PausingService {
  readonly service: ServiceRef;
  readonly cluster: ClusterRef;
  /** Container whose image is told. */
  readonly container: string;
  /** ECR repository of its image, whose tags name commits. @default - the image is told as the task definition has it */
  readonly repository?: NamedArn | undefined;
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
  return pulumi.jsonStringify({
    source: ["aws.ecs"],
    "detail-type": ["ECS Hook State Change"],
    resources: [service.arn, { prefix: belowService(service.arn, "service-deployment") }],
    detail: { eventName: ["HOOK_AWAITING_ACTION"] },
  });
}

/**
 * Looks up what waits and tells the topic. The event of a pause says neither what ships nor until when it waits.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 */
export function definePauseNotice(
  name: string,
  of: PausingService,
  topic: TopicRef,
  parent: pulumi.Resource,
): aws.sfn.StateMachine {
  const place = placeOf(parent);
  const machineName = fittedName(name, AUTONAMED_MAX.stateMachine);
  const role = defineRole(
    name,
    {
      service: "states.amazonaws.com",
      statements: [...lookPermissions(of, place), ...publishPermissions(topic)],
      // Its whole name is not known before it is there, and it is made with the role.
      // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
      sourceArn: regionalArn(place, "states", `stateMachine:${machineName}-*`),
    },
    parent,
  );
  return new aws.sfn.StateMachine(
    machineName,
    { definition: definitionOf(of, topic, place), roleArn: role.arn, type: "STANDARD" },
    { parent, dependsOn: [...role.policies] },
  );
}

/** Deployments and revisions have names of their own, below their service's. */
function lookPermissions({ service, repository }: PausingService, place: Place): Statement[] {
  const deployments = belowService(service.arn, "service-deployment");
  const revisions = belowService(service.arn, "service-revision");
  return [
    allow(["ecs:ListServiceDeployments"], [service.arn]),
    allow(["ecs:DescribeServiceDeployments"], [pulumi.interpolate`${deployments}*`]),
    allow(["ecs:DescribeServiceRevisions"], [pulumi.interpolate`${revisions}*`]),
    ...(repository ? [allow(["ecr:DescribeImages"], [inRegion(repository.arn, place)])] : []),
  ];
}

/** Step Functions calls its own region alone. */
function inRegion(repositoryArn: Input<string>, { region }: Place): Output<string> {
  return pulumi.all([repositoryArn, region]).apply(([arn, here]) =>
    arn
      .split(":")
      .map((part, index) => (index === 3 ? here : part))
      .join(":"),
  );
}

function definitionOf(of: PausingService, topic: TopicRef, place: Place): Output<string> {
  const { service, cluster, container, repository } = of;
  const { partition, region } = place;
  const tags = repository && {
    registryId: pulumi.output(repository.arn).apply((arn) => arn.split(":")[4] ?? ""),
    repositoryName: repository.name,
  };
  const told = {
    title: pulumi.interpolate`The deployment of ${service.name} in ${cluster.name} waits for a person`,
    tried: of.testUrl === undefined ? "" : pulumi.interpolate`Try the new version at ${of.testUrl}.`,
    until: until(of.pauses),
    goOn: answer(of, region, "CONTINUE"),
    takeBack: answer(of, region, "ROLLBACK"),
  };
  return pulumi
    .output({
      partition,
      region,
      cluster: cluster.name,
      service: service.name,
      container,
      repository: tags,
      topicArn: topic.arn,
      told,
    })
    .apply((settings) => JSON.stringify(pauseNoticeDefinition(settings)));
}

/** Until when it waits, at each of its stages. */
function until(pauses: readonly DeploymentPause[]): string {
  return pauses
    .map(({ lifecycleStages, pauseInMinutes, timeoutAction }) => {
      const then = timeoutAction === "CONTINUE" ? "goes on by itself" : "is taken back";
      return `At ${lifecycleStages.join(", ")} it waits ${minutesInWords(pauseInMinutes)}, then it ${then}.`;
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
