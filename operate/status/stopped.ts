import type { ContainerDefinition, Task } from "@aws-sdk/client-ecs";
import type { Asking } from "../asking";
import { causeOf, isRoutine, type StopCause } from "../causes";
import type { PlacedService, StackPlace } from "../stackPlace";

/** Tasks that stopped for the same reason. */
export interface StoppedGroup {
  readonly reason: string;
  readonly count: number;
  readonly newest: Date | undefined;
  readonly known: Pick<StopCause, "cause" | "fix"> | undefined;
  /** Last lines of the container that failed, in the newest of them. */
  readonly lines: readonly string[];
}

/** Groups and lines that are shown. */
const SHOWN = { groups: 3, lines: 8 };

/** Why tasks stopped, the commonest first. ECS remembers them for an hour. */
export async function readStopped(
  of: string,
  { cluster }: StackPlace,
  { service }: PlacedService,
  asking: Asking,
): Promise<readonly StoppedGroup[]> {
  const listed = await asking.read("listTasks", of, (cloud) =>
    cloud.listTasks({ cluster, serviceName: service, desiredStatus: "STOPPED", maxResults: 100 }),
  );
  const tasks = listed?.taskArns ?? [];
  if (tasks.length === 0) return [];
  const described = await asking.read("describeTasks", of, (cloud) => cloud.describeTasks({ cluster, tasks }));
  const groups = new Map<string, Task[]>();
  for (const task of described?.tasks ?? []) {
    const reason = reasonOf(task);
    if (!isRoutine(reason)) groups.set(reason, [...(groups.get(reason) ?? []), task]);
  }
  const common = [...groups].sort(([, a], [, b]) => b.length - a.length).slice(0, SHOWN.groups);
  return Promise.all(
    common.map(async ([reason, alike]): Promise<StoppedGroup> => {
      const [newest] = [...alike].sort((a, b) => stoppedAt(b) - stoppedAt(a));
      const known = causeOf(reason);
      return {
        reason,
        count: alike.length,
        newest: newest?.stoppedAt,
        known: known && { cause: known.cause, fix: known.fix },
        lines: newest ? await lastLines(of, newest, asking) : [],
      };
    }),
  );
}

function stoppedAt({ stoppedAt: at }: Task): number {
  return at?.getTime() ?? 0;
}

/** Why a task stopped, without what differs from task to task. */
function reasonOf({ stopCode, stoppedReason, containers = [] }: Task): string {
  const said = containers.flatMap(({ name, exitCode, reason }) => {
    const words = [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason].filter(Boolean);
    // The container that ended well because the task was stopped says nothing.
    return words.length === 0 || (exitCode === 0 && !reason && containers.length > 1)
      ? []
      : [`${name ?? "container"}: ${words.join(", ")}`];
  });
  const why = stoppedReason ?? stopCode ?? "no reason given";
  return withoutIds(said.length > 0 ? `${why} (${said.join("; ")})` : why);
}

function withoutIds(text: string): string {
  return text
    .replace(/\b[0-9a-f]{32}\b/g, "TASK")
    .replace(/arn:aws[\w-]*:elasticloadbalancing:[^)\s]*targetgroup\/([\w-]+)\/[0-9a-f]+/g, "$1")
    .replace(/request(?: id|ID)?: [0-9a-f-]{36}/gi, "request ...")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "ADDRESS");
}

/** What the container that failed wrote last. */
async function lastLines(of: string, { taskArn, taskDefinitionArn, containers = [] }: Task, asking: Asking) {
  const id = taskArn?.split("/").at(-1);
  const failed = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ?? containers[0];
  // What never ran has written nothing.
  if (id === undefined || taskDefinitionArn === undefined || failed?.exitCode === undefined) return [];
  const answer = await asking.read("describeTaskDefinition", of, (cloud) =>
    cloud.describeTaskDefinition({ taskDefinition: taskDefinitionArn }),
  );
  const log = logOf(
    answer?.taskDefinition?.containerDefinitions?.find(({ name }) => name === failed.name),
    id,
  );
  if (!log) return [];
  const events = await asking.read("getLogEvents", of, (cloud) =>
    cloud.getLogEvents({
      logGroupName: log.group,
      logStreamName: log.stream,
      limit: SHOWN.lines,
      startFromHead: false,
    }),
  );
  return (events?.events ?? []).map(({ message }) => (message ?? "").trimEnd());
}

/** Where a container of a task writes its lines, if that is CloudWatch. */
export function logOf(
  container: Pick<ContainerDefinition, "name" | "logConfiguration"> | undefined,
  task: string,
): { readonly group: string; readonly stream: string } | undefined {
  const { logDriver, options = {} } = container?.logConfiguration ?? {};
  const group = options["awslogs-group"];
  const prefix = options["awslogs-stream-prefix"];
  if (logDriver !== "awslogs" || group === undefined || prefix === undefined) return undefined;
  return { group, stream: `${prefix}/${container?.name ?? ""}/${task}` };
}
