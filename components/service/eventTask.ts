import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placeOf } from "../arn";
import { eventPatternProblems } from "../checks/eventPattern";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { Problems } from "../checks/problems";
import { defineRole } from "../iam/role";
import { mapSetting, setting, text } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { admitRule } from "./deadLetterQueue";
import {
  ecsTarget,
  familyArn,
  OWN_TASK,
  type OwnTask,
  type OwnTaskRun,
  ownTaskProblems,
  runTaskPermissions,
  taskOverrides,
  taskRetry,
} from "./ownTask";

/** Which events are meant. */
const EVENT_PATTERN: z.ZodType<Readonly<Record<string, unknown>>> = setting(
  z.looseObject({}),
  { expected: "an event pattern: an object of lists, like { source: [aws.s3] }" },
  { example: "" },
);

/** A name that stands for what an event has at a path. */
const PLACEHOLDER = {
  pattern: /^(?!AWS\.)[A-Za-z0-9_-]+$/,
  max: 256,
  expected: "a name of letters, digits, _ and -",
  example: "key",
} as const;

/** Where an event has something, with dots. */
const EVENT_PATH = text(
  {
    pattern: /^\$(?:\.[A-Za-z0-9_-]+(?:\[\d+\])?)*$/,
    max: 256,
    expected: "a path in the event with dots, like $.detail.object.key",
  },
  { example: "$.detail.object.key" },
);

/** A command of the service's own image, for each event of a kind. */
export const EVENT_TASK = settings({
  /** Which events start it, by EventBridge's grammar: `{ source: [aws.s3], detail-type: [Object Created] }`. */
  eventPattern: EVENT_PATTERN,
  /** Bus that the events come by. @default "default" */
  eventBusName: text(
    {
      pattern:
        /^(?:[/.\-_A-Za-z0-9]{1,256}|arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[/.\-_A-Za-z0-9]{1,256})$/,
      expected: "the name or ARN of an event bus",
    },
    { default: "default", example: "orders" },
  ),
  /**
   * What of an event goes into `command` and `environment`, by the names that stand there as `<name>`; the value is its path
   * in the event. @default - nothing
   */
  inputPathsMap: mapSetting(PLACEHOLDER, EVENT_PATH).optional(),
  ...OWN_TASK,
});

/** Arguments of `EventTask`. */
export interface EventTaskArgs extends ArgsOf<typeof EVENT_TASK>, OwnTaskRun {}

/**
 * A task of a service's own image and settings, with another command, for each event that a pattern means.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CloudWatch-Events-tutorial-ECS.html
 */
export class EventTask extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;

  constructor(name: string, args: EventTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:EventTask", name, {}, opts);
    const { task, deadLetterQueue, retryPolicy } = args;
    checkEventTask(args).throwFor(this, `EventTask "${name}"`);
    const { eventBusName } = withDefaults(EVENT_TASK, args);
    const ruleName = fittedName(name, AUTONAMED_MAX.eventRule);
    this.rule = new aws.cloudwatch.EventRule(
      ruleName,
      {
        description: pulumi.interpolate`Starts a task of ${task.family}: ${name}`,
        eventBusName: eventBusName === "default" ? undefined : eventBusName,
        eventPattern: JSON.stringify(args.eventPattern),
      },
      { parent: this },
    );
    const place = placeOf(this);
    const statements = runTaskPermissions(task, place);
    const role = defineRole(name, { service: "events.amazonaws.com", statements, sourceArn: this.rule.arn }, this);
    const admitted =
      deadLetterQueue?.url === undefined
        ? []
        : [admitRule(name, { ...deadLetterQueue, url: deadLetterQueue.url }, this.rule.arn, this)];
    new aws.cloudwatch.EventTarget(
      ruleName,
      {
        rule: this.rule.name,
        eventBusName: eventBusName === "default" ? undefined : eventBusName,
        arn: task.cluster.arn,
        roleArn: role.arn,
        ecsTarget: { ...ecsTarget(task, familyArn(task, place)), taskCount: 1 },
        ...inputOf(args),
        retryPolicy: taskRetry(retryPolicy),
        deadLetterConfig: deadLetterQueue && { arn: deadLetterQueue.arn },
      },
      { parent: this, dependsOn: [...role.policies, ...admitted] },
    );
    this.registerOutputs({ ruleArn: this.rule.arn });
  }
}

/** What the task gets: what of it depends on the event, EventBridge fills in. */
function inputOf(args: EventTaskArgs): Pick<aws.cloudwatch.EventTargetArgs, "input" | "inputTransformer"> {
  const { task, inputPathsMap } = args;
  const overrides = taskOverrides(task, args);
  return inputPathsMap
    ? { inputTransformer: { inputPaths: inputPathsMap, inputTemplate: overrides } }
    : { input: overrides };
}

/** What EventBridge knows of itself, for anyone's template. */
const RESERVED = ["aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time"];

/** What stands in a task's command and variables for what an event has, and is in no `inputPathsMap`. */
export function unknownPlaceholder(
  { command, environment = {} }: Pick<OwnTask, "command" | "environment">,
  inputPathsMap: Readonly<Record<string, string>> = {},
): string | undefined {
  const known = [...Object.keys(inputPathsMap), ...RESERVED];
  return placeholders(command, environment).find((name) => !known.includes(name));
}

/** What of `inputPathsMap` stands nowhere. */
export function unusedPlaceholder(
  { command, environment = {} }: Pick<OwnTask, "command" | "environment">,
  inputPathsMap: Readonly<Record<string, string>> = {},
): string | undefined {
  const used = placeholders(command, environment);
  return Object.keys(inputPathsMap).find((name) => !used.includes(name));
}

function placeholders(command: readonly string[], environment: Readonly<Record<string, string>>): string[] {
  return [...command, ...Object.values(environment)].flatMap((word) =>
    [...word.matchAll(/<([A-Za-z0-9_.-]+)>/g)].map(([, name = ""]) => name),
  );
}

function checkEventTask(args: EventTaskArgs): Problems {
  const { task, eventPattern, inputPathsMap } = args;
  const [unknown, unused] = [unknownPlaceholder(args, inputPathsMap), unusedPlaceholder(args, inputPathsMap)];
  const { eventBusName, inputPathsMap: paths } = EVENT_TASK;
  return new Problems()
    .addAll(
      eventPatternProblems(eventPattern).map(
        ({ path, expected }) => `${["eventPattern", ...path.map(String)].join(".")}: expected ${expected}`,
      ),
    )
    .addAll(checkSettings({ eventBusName, inputPathsMap: paths }, args))
    .addAll(ownTaskProblems(task, args))
    .add(unknown && `inputPathsMap: expected a path for <${unknown}>, it is not set`)
    .add(unused && `inputPathsMap.${unused}: expected nothing: <${unused}> stands in no command and no variable`);
}
