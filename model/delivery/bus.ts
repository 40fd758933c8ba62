import { matchesPattern } from "../graph/eventPattern";
import type { RecordedResource } from "../graph/graph";
import { jsonOf, mapOf, textOf } from "../graph/read";
import { arnOf, ofType, physicalName, TYPES } from "../graph/resources";
import { AwsError } from "./awsError";
import type { BusEvent, PlayedCloud } from "./cloud";
import { publish, shownInChat } from "./notify";
import { takesRole } from "./roles";
import type { PlayedStack } from "./runningStack";
import { runStateMachine } from "./stateMachines";

/** A target of a rule that an event has reached. */
export interface Reached {
  readonly stack: PlayedStack;
  readonly rule: RecordedResource;
  readonly target: RecordedResource;
}

const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";

/** The targets of a stack's rules whose pattern an event matches. */
export function reachedBy(stack: PlayedStack, event: BusEvent): readonly Reached[] {
  const rules = ofType(stack.graph, TYPES.eventRule).filter(
    (rule) => rule.inputs.state !== "DISABLED" && matchesPattern(jsonOf(rule.inputs.eventPattern), event),
  );
  return rules.flatMap((rule) =>
    ofType(stack.graph, TYPES.eventTarget)
      .filter(({ inputs }) => inputs.rule === physicalName(rule) || inputs.rule === rule.id)
      .map((target) => ({ stack, rule, target })),
  );
}

/** Lets events reach what listens to them in each stack: topics and state machines. Pipelines are started elsewhere. */
export function connectBus(cloud: PlayedCloud): void {
  cloud.onEvent((stack, event) => {
    for (const reached of reachedBy(stack, event)) deliverTo(cloud, reached, event);
  });
}

function deliverTo(cloud: PlayedCloud, { stack, rule, target }: Reached, event: BusEvent): void {
  const arn = textOf(target.inputs.arn) ?? "";
  const { account } = stack.place;
  const context = { "aws:SourceAccount": account, "aws:SourceArn": arnOf(rule) ?? "" };
  const roleArn = textOf(target.inputs.roleArn);
  const bus = { arn: "events.amazonaws.com", account };
  if (
    roleArn !== undefined &&
    !takesRole(cloud, { service: bus.arn, roleArn, account, sourceArn: arnOf(rule), where: `rule ${rule.name}` })
  )
    return;
  const caller = roleArn === undefined ? bus : { arn: roleArn, account: roleArn.split(":")[4] ?? account };
  if (arn.includes(":sns:")) {
    publish(cloud, stack, {
      topicArn: arn,
      caller,
      message: messageOf(target, event),
      context: roleArn === undefined ? context : {},
    });
    return;
  }
  const machine = ofType(stack.graph, STATE_MACHINE).find((one) => arnOf(one) === arn);
  if (!machine) return;
  try {
    cloud.demand({ caller, action: "states:StartExecution", resource: arn }, `rule ${rule.name}`);
  } catch (error) {
    if (error instanceof AwsError) return;
    throw error;
  }
  void cloud.clock.start(() => runStateMachine(cloud, stack, machine, event));
}

/** What stands in an event at a path like `$.resources[0]`, as a text; nothing where it has no such place. */
function valueAt(event: BusEvent, path: string): string {
  const keys = path.match(/[^.[\]$]+/g) ?? [];
  const found = keys.reduce<unknown>(
    (at, key) => (Array.isArray(at) ? (at as readonly unknown[])[Number(key)] : mapOf(at)[key]),
    event,
  );
  return textOf(found) ?? "";
}

/** What a person finds who reads the topic: the target's own message, or the event in one line. */
function messageOf({ inputs }: RecordedResource, event: BusEvent): string {
  const { inputPaths, inputTemplate } = mapOf(inputs.inputTransformer);
  const paths = mapOf(inputPaths);
  const own =
    textOf(inputs.input) ??
    textOf(inputTemplate)?.replace(/<([\w-]+)>/g, (_, name: string) => valueAt(event, textOf(paths[name]) ?? ""));
  if (own !== undefined) return shownInChat(own);
  const { eventName, reason, deploymentId } = mapOf(event.detail);
  const words = [event["detail-type"], textOf(eventName), textOf(reason), textOf(deploymentId)];
  return words.filter((word) => word !== undefined && word !== "").join(": ");
}
