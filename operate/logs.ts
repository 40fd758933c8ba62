import { resolve } from "node:path";
import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { UsageError } from "../preview/arguments";
import { Asking } from "./asking";
import { type CommandStreams, runCommand, type Words } from "./command";
import { type PlacedService, type StackPlace, servicesNamed, stackPlaceOf } from "./stackPlace";
import { readTaskDefinition } from "./status/serviceNow";
import { terminalStreams } from "./terminal";

/** What `--help` prints. */
const HELP = `Prints what the containers of a stack wrote, in the order of time.

  npm run logs -- prod                     of every service, the last ten minutes
  npm run logs -- prod api --since 2h      of one service, or several; since 30s, 10m, 2h, 7d
  npm run logs -- prod api --follow        and what comes, until Ctrl-C
  npm run logs -- --help

It asks the task definition of the service where its containers write (ecs:DescribeServices, ecs:DescribeTaskDefinition), and
reads there (logs:FilterLogEvents).

Exit code: 0 it was read, 1 it cannot be, 2 a wrong argument.`;

/** Milliseconds between two looks. */
const LOOK = 2_000;

/** Prints log lines, and gives the exit code. */
export function main(
  argv: readonly string[],
  streams: CommandStreams = terminalStreams(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  const options = { since: "string", follow: "boolean" } as const;
  const run = (words: Words) => logs(words, streams, root);
  return runCommand(argv, { name: "logs", help: HELP, options, run }, streams, root);
}

async function logs(words: Words, streams: CommandStreams, root: string): Promise<number> {
  const { out, err, now, sleep } = streams;
  const place = stackPlaceOf(words.stack, root);
  const services = servicesNamed(place, words.services);
  const since = now().getTime() - millisecondsIn(words.text("since") ?? "10m");
  const asking = new Asking(streams.cloud(place.region), place.region);
  const found = await Promise.all(services.map((one) => groupsOf(one, place, asking)));
  const groups = [...new Map(found.flat().map((one) => [one.group, one])).values()];
  const told = new Set<string>();
  let [from, count] = [since, 0];
  while (groups.length > 0) {
    const read = await Promise.all(groups.map((group) => linesIn(group, from, asking)));
    const fresh = read.flat().filter(({ id }) => !told.has(id));
    for (const { id, at, text } of fresh.sort((a, b) => a.at - b.at)) {
      told.add(id);
      // What comes late is of some seconds before: CloudWatch does not promise the order of two streams.
      from = Math.max(from, at - LOOK * 5);
      count += 1;
      out(text);
    }
    if (!words.flag("follow") || asking.refusals.length > 0) break;
    await sleep(LOOK);
  }
  for (const why of asking.refusals) err(why);
  if (groups.length === 0 && asking.refusals.length === 0) {
    err(`no container of ${services.map(({ name }) => name).join(", ")} writes to CloudWatch, or no service is there`);
    return 1;
  }
  if (count === 0 && asking.refusals.length === 0)
    err(`nothing was written since ${new Date(since).toISOString()}: --since 2h looks further back`);
  return asking.refusals.length > 0 ? 1 : 0;
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function millisecondsIn(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined || (unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d"))
    throw new UsageError(`--since: expected a time like 30s, 10m, 2h or 7d, got "${text}"`);
  return Number(count) * UNITS[unit];
}

interface LogGroup {
  readonly service: string;
  readonly group: string;
}

async function groupsOf(
  { name, service }: PlacedService,
  { cluster }: StackPlace,
  asking: Asking,
): Promise<readonly LogGroup[]> {
  const of = `service ${name}`;
  const services = await asking.read("describeServices", of, (cloud) =>
    cloud.describeServices({ cluster, services: [service] }),
  );
  const [there] = services?.services ?? [];
  const revision = there?.taskDefinition ?? there?.taskSets?.find(({ status }) => status === "PRIMARY")?.taskDefinition;
  const definition = revision === undefined ? undefined : await readTaskDefinition(of, revision, asking);
  const groups = (definition?.containerDefinitions ?? []).flatMap(({ logConfiguration: log }) =>
    log?.logDriver === "awslogs" ? (log.options?.["awslogs-group"] ?? []) : [],
  );
  return [...new Set(groups)].map((group) => ({ service: name, group }));
}

interface LogLine {
  readonly id: string;
  readonly at: number;
  readonly text: string;
}

async function linesIn({ service, group }: LogGroup, startTime: number, asking: Asking): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await asking.read("filterLogEvents", `service ${service}`, (cloud) =>
      cloud.filterLogEvents({ logGroupName: group, startTime, nextToken }),
    );
    lines.push(...(page?.events ?? []).map((event) => lineOf(service, event)));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** A stream is named after what made it, the container and the task. */
function lineOf(service: string, { eventId, timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent) {
  const [task, container] = logStreamName.split("/").reverse();
  const from = container === undefined ? logStreamName : `${container} ${(task ?? "").slice(0, 8)}`;
  const at = new Date(timestamp).toISOString().slice(0, 19);
  return {
    id: eventId ?? `${logStreamName} ${timestamp} ${message}`,
    at: timestamp,
    text: `${at}Z ${service} ${from} | ${message.trimEnd()}`,
  };
}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
