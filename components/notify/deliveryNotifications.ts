import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { Problems } from "../checks/problems";
import { allow } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { ServiceRef, TopicRef } from "../refs";
import { chatMessage } from "./chatMessage";
import { encryptedElsewhere, publishPermissions } from "./notificationTopic";
import { definePauseNotice, type PausingService, pausePattern } from "./pausedDeployment";

/**
 * What a pipeline can tell of itself.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html
 */
export const PIPELINE_EVENTS = [
  "pipeline-execution-started",
  "pipeline-execution-succeeded",
  "pipeline-execution-failed",
  "pipeline-execution-canceled",
  "pipeline-execution-resumed",
  "pipeline-execution-superseded",
  "stage-execution-started",
  "stage-execution-succeeded",
  "stage-execution-failed",
  "stage-execution-canceled",
  "stage-execution-resumed",
  "action-execution-started",
  "action-execution-succeeded",
  "action-execution-failed",
  "action-execution-canceled",
  "manual-approval-needed",
  "manual-approval-succeeded",
  "manual-approval-failed",
] as const;

/** One of `PIPELINE_EVENTS`. */
export type PipelineEvent = (typeof PIPELINE_EVENTS)[number];

/** How runs end and go on, and what people are asked and decide. A stage that fails would say it a second time. */
export const DEFAULT_EVENTS: readonly PipelineEvent[] = [
  "pipeline-execution-succeeded",
  "pipeline-execution-failed",
  "pipeline-execution-canceled",
  "pipeline-execution-resumed",
  "manual-approval-needed",
  "manual-approval-succeeded",
  "manual-approval-failed",
];

/** Arguments of `DeliveryNotifications`. */
export interface DeliveryNotificationsArgs {
  /** The pipeline whose runs are told of. @default - none delivers: deployments alone are told of */
  readonly pipelineArn?: Input<string> | undefined;
  /** Topic that is told. Its policy, and its key's, must admit codestar-notifications.amazonaws.com. */
  readonly topic: TopicRef;
  /** What of the pipeline is told, at least one event. @default - ends, cancellations and retries of runs; approvals */
  readonly events?: readonly PipelineEvent[];
  /** Services whose deployments ECS itself takes back. @default - none */
  readonly services?: readonly Pick<ServiceRef, "arn">[];
  /** Deployment groups whose deployments CodeDeploy takes back. @default - none */
  readonly codeDeploy?: readonly DeploymentGroupNames[];
  /** Services whose deployments wait for a person: the topic is told what ships, until when, and the two commands. @default - none */
  readonly pausing?: readonly PausingService[];
}

/** A CodeDeploy deployment group, by its names. */
export interface DeploymentGroupNames {
  readonly applicationName: Input<string>;
  readonly deploymentGroupName: Input<string>;
}

/**
 * Tells a topic what becomes of deliveries: how the pipeline's runs end, who is asked, and which deployments were taken
 * back. Events of the pipeline arrive as AWS writes them, which chat clients show; those of deployments as a message of one's
 * own. An approval with a topic of its own tells that one besides.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/notification-rule-create.html
 */
export class DeliveryNotifications extends pulumi.ComponentResource {
  /** Absent where no pipeline delivers. */
  readonly rule?: aws.codestarnotifications.NotificationRule;

  constructor(name: string, args: DeliveryNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    const encrypted = encryptedElsewhere(args.topic);
    const encryptedTopics = encrypted && [encrypted];
    super("ecs-delivery:index:DeliveryNotifications", name, { encryptedTopics }, opts);
    const { pipelineArn, topic, events = DEFAULT_EVENTS, services = [], codeDeploy = [], pausing = [] } = args;
    checkEvents(events).throwFor(this, `DeliveryNotifications "${name}"`);
    if (pipelineArn !== undefined) {
      this.rule = new aws.codestarnotifications.NotificationRule(
        fittedName(name, AUTONAMED_MAX.notificationRule),
        {
          resource: pipelineArn,
          detailType: "FULL",
          eventTypeIds: events.map((event) => `codepipeline-pipeline-${event}`),
          targets: [{ type: "SNS", address: topic.arn }],
        },
        { parent: this },
      );
    }
    const place = placeOf(this);
    defineEventRules(name, { topic, parent: this }, [
      ...inParts(services, failedInEcs),
      ...inParts(
        codeDeploy.map((group) => groupArn(group, place)),
        failedInCodeDeploy,
      ),
      ...pausing.map(waitsForPerson),
    ]);
    this.registerOutputs({ ruleArn: this.rule?.arn });
  }
}

function checkEvents(events: readonly PipelineEvent[]): Problems {
  const problems = new Problems();
  if (events.length === 0) problems.add(`events: expected at least one of ${PIPELINE_EVENTS.join(", ")}, got none`);
  return problems;
}

/** What an EventBridge rule looks for. */
interface Watch {
  /** Last part of the rule's name. */
  readonly what: string;
  readonly description: string;
  readonly pattern: Output<string>;
  readonly tells: EventMessage | PausingService;
}

/** What is told of an event, with what stands in it. */
interface EventMessage {
  /** As JSON; `<name>` stands for what `from` takes out of the event. */
  readonly message: Output<string>;
  /** Places in the event, by name. */
  readonly from: Readonly<Record<string, string>>;
}

/**
 * Services that one rule watches: the pattern names each, and has 2048 characters until someone asks AWS for more.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const WATCHED_BY_RULE = 8;

/** An event says that a deployment failed, and not what its tasks died of. */
const WHERE_TO_LOOK = "Which tasks stopped why, their last lines and what mends it: npm run status.";

function inParts<T>(watched: readonly T[], watch: (part: readonly T[]) => Watch): Watch[] {
  return Array.from({ length: Math.ceil(watched.length / WATCHED_BY_RULE) }, (_, index) => {
    const one = watch(watched.slice(index * WATCHED_BY_RULE, (index + 1) * WATCHED_BY_RULE));
    return index === 0 ? one : { ...one, what: `${one.what}-${index + 1}` };
  });
}

/**
 * A deployment that ECS gave up, and took back where it may.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
function failedInEcs(services: readonly Pick<ServiceRef, "arn">[]): Watch {
  return {
    what: "ecs",
    description: "ECS deployments that failed",
    pattern: pulumi.jsonStringify({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: services.map(({ arn }) => arn),
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    }),
    tells: {
      from: { service: "$.resources[0]", reason: "$.detail.reason", deployment: "$.detail.deploymentId" },
      message: chatMessage("A deployment failed", `<service>: <reason> (deployment <deployment>). ${WHERE_TO_LOOK}`),
    },
  };
}

/**
 * A deployment that CodeDeploy gave up, or that an alarm or a person stopped.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
 */
function failedInCodeDeploy(groupArns: readonly Output<string>[]): Watch {
  return {
    what: "codedeploy",
    description: "CodeDeploy deployments that failed or were stopped",
    pattern: pulumi.jsonStringify({
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Deployment State-change Notification"],
      resources: groupArns,
      detail: { state: ["FAILURE", "STOP"] },
    }),
    tells: {
      from: {
        application: "$.detail.application",
        group: "$.detail.deploymentGroup",
        deployment: "$.detail.deploymentId",
        state: "$.detail.state",
      },
      message: chatMessage(
        "A deployment failed, or was stopped",
        `CodeDeploy says <state> of deployment <deployment> to <group> of <application>. ${WHERE_TO_LOOK}`,
      ),
    },
  };
}

/** A deployment that has come to a pause. */
function waitsForPerson(of: PausingService, index: number): Watch {
  return {
    what: index === 0 ? "paused" : `paused-${index + 1}`,
    description: "Deployments that wait for a person",
    pattern: pausePattern(of),
    tells: of,
  };
}

function groupArn(group: DeploymentGroupNames, place: ReturnType<typeof placeOf>): Output<string> {
  const { applicationName, deploymentGroupName } = group;
  return regionalArn(
    place,
    "codedeploy",
    pulumi.interpolate`deploymentgroup:${applicationName}/${deploymentGroupName}`,
  );
}

/**
 * The rules, and the role they act in. A role, because EventBridge cannot say on whose behalf it publishes: a topic or a key
 * that admits it for one account only turns it away.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
function defineEventRules(
  name: string,
  to: { readonly topic: TopicRef; readonly parent: pulumi.Resource },
  watches: readonly Watch[],
): void {
  if (watches.length === 0) return;
  const { topic, parent } = to;
  const rules = watches.map(({ what, description, pattern, tells }) => {
    const ruleName = fittedName(`${name}-${what}`, AUTONAMED_MAX.eventRule);
    const rule = new aws.cloudwatch.EventRule(ruleName, { description, eventPattern: pattern }, { parent });
    const own = "message" in tells ? tells : undefined;
    const machine = "message" in tells ? undefined : definePauseNotice(`${name}-${what}`, tells, topic, parent);
    return { ruleName, rule, own, machine };
  });
  const machines = rules.flatMap(({ machine }) => (machine ? [machine.arn] : []));
  const role = defineRole(
    `${name}-events`,
    {
      service: "events.amazonaws.com",
      statements: [
        ...(rules.some(({ own }) => own) ? publishPermissions(topic) : []),
        ...(machines.length > 0 ? [allow(["states:StartExecution"], machines)] : []),
      ],
      sourceArn: rules.map(({ rule }) => rule.arn),
    },
    parent,
  );
  for (const { ruleName, rule, own, machine } of rules) {
    const inputTransformer = own && { inputPaths: own.from, inputTemplate: own.message };
    const arn = machine?.arn ?? topic.arn;
    new aws.cloudwatch.EventTarget(
      ruleName,
      { rule: rule.name, arn, roleArn: role.arn, inputTransformer },
      { parent, dependsOn: [...role.policies] },
    );
  }
}
