import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { Asking } from "./asking";
import { type CommandStreams, commandLine, runCommand, type Words } from "./command";
import { oneService, type PlacedService, type StackPlace, stackPlaceOf } from "./stackPlace";
import { terminalStreams } from "./terminal";

/** What `--help` prints. */
const HELP = `Opens a shell in a running task, by the AWS command line and its Session Manager plugin.

  npm run shell -- prod api                        in the container that is delivered
  npm run shell -- prod api --container proxy      in another one
  npm run shell -- prod api --command "node repl"  another program than /bin/sh
  npm run shell -- --help

The stack file has to say executeCommand: true for the service. It asks ecs:DescribeServices, ecs:ListTasks, ecs:DescribeTasks, and
the command line needs ecs:ExecuteCommand.

Exit code: that of the session; 1 there can be none, 2 a wrong argument.`;

/** What starts programs on this machine. */
export interface ShellStreams extends CommandStreams {
  /** Whether there is a program of that name. */
  readonly has: (program: string) => boolean;
  /** Runs a program in this terminal, and gives its exit code. */
  readonly start: (program: string, words: readonly string[]) => number;
}

/** Opens a shell, and gives the exit code. */
export function main(
  argv: readonly string[],
  streams: ShellStreams = onThisMachine(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  const options = { container: "string", command: "string" } as const;
  const run = (words: Words) => shell(words, streams, root);
  return runCommand(argv, { name: "shell", help: HELP, options, run }, streams, root);
}

async function shell(words: Words, streams: ShellStreams, root: string): Promise<number> {
  const { out, err } = streams;
  const place = stackPlaceOf(words.stack, root);
  const service = oneService(place, words.services);
  const container = words.text("container") ?? service.container;
  const found = await taskFor(service, container, place, streams);
  if ("missing" in found) {
    err(found.missing);
    return 1;
  }
  for (const [program, how] of PROGRAMS) {
    if (streams.has(program)) continue;
    err(`${program} is not installed: ${how}`);
    return 1;
  }
  const where = [...(place.region === undefined ? [] : ["--region", place.region]), "--cluster", place.cluster];
  const session = ["--task", found.task, "--container", container, "--interactive"];
  const call = ["ecs", "execute-command", ...where, ...session, "--command", words.text("command") ?? "/bin/sh"];
  out(commandLine("aws", ...call));
  return streams.start("aws", call);
}

const PROGRAMS = [
  ["aws", "see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"],
  [
    "session-manager-plugin",
    "see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
  ],
] as const;

/** A task to open a shell in, or why there is none. */
async function taskFor(
  { name, service, executeCommand, record }: PlacedService,
  container: string,
  place: StackPlace,
  streams: ShellStreams,
): Promise<{ readonly task: string } | { readonly missing: string }> {
  const { stack, cluster } = place;
  const of = `service ${name}`;
  const index = place.services.findIndex((one) => one.name === name);
  if (!executeCommand && record !== undefined) {
    const key = `ecs-delivery:services[${index}].executeCommand`;
    const set = commandLine("pulumi", "config", "set", "--stack", stack, "--path", key, "true");
    return { missing: `Pulumi.${stack}.yaml does not let a shell be opened in ${name}; ${set}, then pulumi up` };
  }
  const asking = new Asking(streams.cloud(place.region), place.region);
  const described = await asking.ask("describeServices", of, (cloud) =>
    cloud.describeServices({ cluster, services: [service] }),
  );
  if (described.is === "refused") return { missing: described.why };
  const there = described.is === "there" ? described.value.services?.[0] : undefined;
  if (!there || there.status === "INACTIVE") return { missing: `there is no service ${name} in the cluster` };
  const listed = await asking.read("listTasks", of, (cloud) =>
    cloud.listTasks({ cluster, serviceName: service, desiredStatus: "RUNNING", maxResults: 100 }),
  );
  const tasks = listed?.taskArns ?? [];
  const answer =
    tasks.length === 0
      ? undefined
      : await asking.read("describeTasks", of, (cloud) => cloud.describeTasks({ cluster, tasks }));
  const [refusal] = asking.refusals;
  if (refusal !== undefined) return { missing: refusal };
  const running = (answer?.tasks ?? []).filter(({ lastStatus }) => lastStatus === "RUNNING");
  if (running.length === 0) return { missing: `no task of ${name} runs: npm run status -- ${stack} ${name} says why` };
  const with_ = running.filter(({ containers }) => containers?.some((one) => one.name === container));
  if (with_.length === 0) {
    const names = new Set(running.flatMap(({ containers = [] }) => containers.flatMap((one) => one.name ?? [])));
    return { missing: `no container "${container}" in ${name}; containers are ${[...names].join(", ")}` };
  }
  const open = with_.filter(({ enableExecuteCommand }) => enableExecuteCommand === true);
  if (open.length === 0) {
    return {
      missing: `the tasks of ${name} were started without executeCommand: those of the next delivery have it, or of aws ecs update-service --force-new-deployment`,
    };
  }
  const [newest] = open.sort((a, b) => (b.startedAt?.getTime() ?? 0) - (a.startedAt?.getTime() ?? 0));
  return { task: newest?.taskArn ?? "" };
}

function onThisMachine(): ShellStreams {
  return {
    ...terminalStreams(),
    has: (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined,
    start: (program, words) => spawnSync(program, words, { stdio: "inherit" }).status ?? 1,
  };
}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
