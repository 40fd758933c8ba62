import type { ContainerDefinition, Task } from "@aws-sdk/client-ecs";
import { causeOf, isRoutine, type StopCause, withoutDiffering } from "../../components/service/stopCauses";
import type { Asking } from "../asking";
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
  const common = [...groups]
    .sort(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1))
    .slice(0, SHOWN.groups);
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

/** Why a task stopped, without what differs from task to task: as the step that confirms a delivery says it. */
function reasonOf({ stopCode, stoppedReason, containers = [] }: Task): string {
  const failed = containers.filter(({ exitCode, reason }) => reason || (exitCode ?? 0) !== 0);
  // Beside one that failed, a container that ended well says nothing.
  const ended = failed.length > 0 ? failed : containers.filter(({ exitCode }) => exitCode !== undefined);
  const said = ended.map(({ name, exitCode, reason }) => {
    const words = [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason].filter(Boolean);
    return `${name ?? "container"}: ${words.join(", ")}`;
  });
  const why = stoppedReason ?? stopCode ?? "no reason given";
  return withoutDiffering(said.length > 0 ? `${why} (${said.join("; ")})` : why);
}

/** What the container that failed wrote last. */
async function lastLines(of: string, { taskArn, taskDefinitionArn, containers = [] }: Task, asking: Asking) {
  const id = taskArn?.split("/").at(-1);
  // What never ran has written nothing.
  const ran = containers.filter(({ exitCode }) => exitCode !== undefined);
  const failed = ran.find(({ exitCode }) => exitCode !== 0) ?? ran[0];
  if (id === undefined || taskDefinitionArn === undefined || failed === undefined) return [];
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
