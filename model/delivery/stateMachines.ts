import type { RecordedResource } from "../graph/graph";
import { isMap, jsonOf, textOf } from "../graph/read";
import { arnOf } from "../graph/resources";
import { AwsError } from "./awsError";
import type { PlayedCloud } from "./cloud";
import { callApi } from "./operations";
import { takesRole } from "./roles";
import type { PlayedStack } from "./runningStack";
import { execute, type StateMachine } from "./states";

/** Runs a state machine of a stack on an event: its own definition, with every call made in its role. */
export async function runStateMachine(
  cloud: PlayedCloud,
  stack: PlayedStack,
  machine: RecordedResource,
  input: unknown,
): Promise<void> {
  const roleArn = textOf(machine.inputs.roleArn) ?? "";
  const where = `state machine ${machine.name}`;
  const { account, region } = stack.place;
  const sourceArn = arnOf(machine);
  if (!takesRole(cloud, { service: "states.amazonaws.com", roleArn, account, sourceArn, where })) return;
  const ended = await execute(jsonOf(machine.inputs.definition) as StateMachine, input, {
    wait: (seconds) => cloud.clock.sleep(seconds),
    call: (resource, parameters) => {
      const [, service = "", operation = ""] = /:aws-sdk:([a-z]+):(\w+)$/.exec(resource) ?? [];
      try {
        const answer = callApi(cloud, {
          service: SDK_SERVICES[service] ?? service,
          operation: capitalized(operation),
          input: renamed(parameters, uncapitalized),
          caller: { arn: roleArn, account },
          region,
          where,
        });
        return renamed(answer, capitalized);
      } catch (error) {
        if (error instanceof AwsError) return { error: error.code };
        throw error;
      }
    },
  });
  if (ended.error !== undefined) cloud.timeline.add(where, `fails with ${ended.error}`, "bad", { role: roleArn });
}

/** Services as integrations of Step Functions name them, and as IAM does. */
const SDK_SERVICES: Readonly<Record<string, string>> = {
  applicationautoscaling: "application-autoscaling",
};

/** Step Functions capitalizes what an API names otherwise, both ways. */
function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => renamed(one, name));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [name(key), renamed(one, name)]));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
