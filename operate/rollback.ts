import { resolve } from "node:path";
import type { PipelineExecutionSummary } from "@aws-sdk/client-codepipeline";
import { UsageError } from "../preview/arguments";
import { listStacks } from "../preview/record/stackFile";
import { Asking } from "./asking";
import { type CommandStreams, commandLine, runCommand, type Words } from "./command";
import { imageOfCommit } from "./rollback/imageOfCommit";
import { chooseTarget } from "./rollback/target";
import { type PlacedService, type StackPlace, servicesNamed, stackPlaceOf } from "./stackPlace";
import { followStack } from "./status/follow";
import { readPipeline, type StageNow } from "./status/pipelineNow";
import { ago, stopDeployment } from "./status/render";
import { readService, type ServiceNow } from "./status/serviceNow";
import type { StackNow } from "./status/stackNow";
import { codeDeployment, failedActions, runNamed } from "./status/verdict";
import { asker, terminalStreams } from "./terminal";

/** What `--help` prints. */
const HELP = `Goes back to what ran before, through the pipeline: says what it would do, asks, does it, and follows.

  npm run rollback -- prod                    the deployment of all services, to the delivery before
  npm run rollback -- prod api --to 4f2c91a   to the delivery of a commit, where each service has a pipeline: of one of them
  npm run rollback -- prod --yes              without asking
  npm run rollback -- --help

The pipeline's stage runs again with what went through it then (codepipeline:RollbackStage), and records what runs, so that the
next pulumi up agrees. While a deployment is under way, it says the command that takes that one back instead, and does nothing.

Exit code: 0 it went back, 1 it did not or cannot, 2 a wrong argument or nobody to ask.`;

/** What a rollback needs beside the terminal: somebody who can be asked. */
export interface RollbackStreams extends CommandStreams {
  /** Asks a person. @default - nobody is there */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Goes back, and gives the exit code. */
export function main(
  argv: readonly string[],
  streams: RollbackStreams = onTerminal(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  const options = { to: "string", yes: "boolean" } as const;
  const run = (words: Words) => rollback(words, streams, root);
  return runCommand(argv, { name: "rollback", help: HELP, options, run }, streams, root);
}

/** The pipeline that deploys services of a stack, and where it is. */
interface Deliverer {
  readonly pipeline: string;
  readonly region: string | undefined;
  readonly action: (service: PlacedService) => string;
}

async function rollback(words: Words, streams: RollbackStreams, root: string): Promise<number> {
  const { out, err, now: clock } = streams;
  const place = stackPlaceOf(words.stack, root);
  const services = servicesNamed(place, words.services);
  const deliverer = delivererOf(place, services, root);
  const asking = new Asking(streams.cloud(deliverer.region), deliverer.region);
  const pipeline = await readPipeline(deliverer.pipeline, asking);
  if (pipeline.is !== "there") {
    err(asking.refusals[0] ?? `there is no pipeline ${deliverer.pipeline} in this account and region`);
    return 1;
  }
  const stage = pipeline.stages.find(({ actions }) =>
    services.some((one) => actions.some(({ name }) => name === deliverer.action(one))),
  );
  if (!stage) {
    err(`no stage of ${deliverer.pipeline} deploys ${services.map(({ name }) => name).join(", ")}`);
    return 1;
  }
  const there = new Asking(streams.cloud(place.region), place.region);
  const states = await Promise.all(services.map((one) => readService(one, place, there)));
  const busy = underWay(stage, states, place);
  if (busy.length > 0) {
    err(
      [`${place.stack}: nothing is rolled back while a deployment is under way; to take it back:`, ...busy].join("\n"),
    );
    return 1;
  }
  const runs = await succeededIn(stage.name, deliverer.pipeline, asking);
  const chosen = chooseTarget(runs, pipeline.runs, stage.run, words.text("to"));
  if ("wrong" in chosen) {
    err(asking.refusals[0] ?? `${place.stack}: ${chosen.wrong}`);
    return 1;
  }
  const { from, to } = chosen;
  const images = await Promise.all(services.map((one) => imageOfCommit(one, to.commit, there)));
  const taken = place.services.filter((one) => stage.actions.some(({ name }) => name === deliverer.action(one)));
  const line = (name: string, text: string) => `  ${name.padEnd(11)} ${text}`;
  const run = (one: typeof to) =>
    `${runNamed(one)}${one.says ? `  ${one.says}` : ""} (run ${one.id.slice(0, 8)}, ${ago(one.started, clock())})`;
  out(
    [
      `${place.stack}  stage ${stage.name} of pipeline ${deliverer.pipeline} would go back`,
      line("from", from ? run(from) : "what nobody knows"),
      line("to", run(to)),
      line("services", taken.map(({ name }) => name).join(", ")),
      ...images.flatMap((image) => (image === undefined ? [] : [line("image", image)])),
      ...there.refusals.map((why) => line("not read", why)),
    ].join("\n"),
  );
  if (!words.flag("yes")) {
    if (!streams.ask) throw new UsageError("nobody is there to be asked: --yes does it without");
    const said = await streams.ask("Go back? Only yes does it: ");
    if (said.trim().toLowerCase() !== "yes") {
      out("nothing was done");
      return 1;
    }
  }
  const done = await asking.ask("rollbackStage", `pipeline ${deliverer.pipeline}`, (cloud) =>
    cloud.rollbackStage({
      pipelineName: deliverer.pipeline,
      stageName: stage.name,
      targetPipelineExecutionId: to.id,
    }),
  );
  const id = done.is === "there" ? done.value.pipelineExecutionId : undefined;
  if (id === undefined) {
    err(done.is === "refused" ? done.why : `AWS does not know run ${to.id} any more: choose another by --to`);
    return 1;
  }
  out(`run ${id.slice(0, 8)} goes back`);
  return await followRun(id, { place, services, deliverer, streams });
}

/** Follows the run that goes back until it has ended. */
async function followRun(
  id: string,
  {
    place,
    services,
    deliverer,
    streams,
  }: {
    readonly place: StackPlace;
    readonly services: readonly PlacedService[];
    readonly deliverer: Deliverer;
    readonly streams: RollbackStreams;
  },
): Promise<number> {
  const { out, err } = streams;
  const look = async (): Promise<StackNow> => {
    const asking = new Asking(streams.cloud(deliverer.region), deliverer.region);
    const there = new Asking(streams.cloud(place.region), place.region);
    const [pipeline, states] = await Promise.all([
      readPipeline(deliverer.pipeline, asking),
      Promise.all(services.map((one) => readService(one, place, there))),
    ]);
    return { place, pipelines: [pipeline], services: states, refusals: asking.refusals };
  };
  const runIn = ({ pipelines }: StackNow) => pipelines[0]?.runs.find((one) => one.id === id);
  // AWS may list a run some seconds after it was started.
  let unlisted = 0;
  const ended = await followStack(await look(), look, {
    streams,
    goesOn: (now) => {
      const run = runIn(now);
      unlisted += run ? 0 : 1;
      return run ? run.status === "InProgress" || run.status === "Stopping" : unlisted <= UNLISTED;
    },
  });
  const run = runIn(ended);
  const again = `npm run status -- ${place.stack} says the rest`;
  if (run?.status === "Succeeded") {
    out(`${place.stack}  ✓ went back to ${runNamed(run)}`);
    return 0;
  }
  const failed = run ? failedActions(run, ended.pipelines[0]?.stages ?? []) : [];
  const where = failed.map(({ action, said }) => ` at ${action}${said ? `: ${said}` : ""}`).join(";");
  err(`${place.stack}  ✗ did not go back: run ${id.slice(0, 8)} ${run?.status ?? "is not listed"}${where}; ${again}`);
  return 1;
}

/** Looks at which a new run may not be listed yet. */
const UNLISTED = 6;

/** The stack's own pipeline, or that of the stack that delivers to it. */
function delivererOf(place: StackPlace, services: readonly PlacedService[], root: string): Deliverer {
  const { stack, environment, deliveredBy, region } = place;
  if (deliveredBy !== undefined) {
    if (!listStacks(root).includes(deliveredBy))
      throw new UsageError(
        `stack ${deliveredBy} delivers to ${stack}, and its file is not here: roll back where it is, by its pipeline`,
      );
    const other = stackPlaceOf(deliveredBy, root);
    const [pipeline = ""] = other.pipelines;
    return { pipeline, region: other.region, action: ({ name }) => `${name}-to-${environment}` };
  }
  const pipelines = [...new Set(services.flatMap((one) => one.pipeline ?? []))];
  const [pipeline, ...others] = pipelines;
  if (pipeline === undefined || others.length > 0)
    throw new UsageError(
      `each of these services has a pipeline of its own: name one of ${services.map(({ name }) => name).join(", ")}`,
    );
  return { pipeline, region, action: ({ deployAction }) => deployAction };
}

/** What is under way, with the command that takes it back. */
function underWay(stage: StageNow, states: readonly ServiceNow[], { region }: StackPlace): readonly string[] {
  const place = region === undefined ? [] : ["--region", region];
  const commands = states.flatMap((service): readonly string[] => {
    const { deployment } = service;
    const arn = deployment?.arn ?? "";
    const [pause] = deployment?.pauses ?? [];
    if (pause) {
      const answer = ["--service-deployment-arn", arn, "--hook-id", pause.hook, "--action", "ROLLBACK"];
      return [commandLine("aws", "ecs", "continue-service-deployment", ...place, ...answer)];
    }
    if (deployment && ["PENDING", "IN_PROGRESS"].includes(deployment.status)) {
      const stop = ["--service-deployment-arn", arn, "--stop-type", "ROLLBACK"];
      return [commandLine("aws", "ecs", "stop-service-deployment", ...place, ...stop)];
    }
    const id = codeDeployment(service);
    return id === undefined ? [] : [stopDeployment(id, region)];
  });
  if (commands.length > 0) return commands.map((one) => `  ${one}`);
  return stage.status === "InProgress"
    ? [`  stage ${stage.name} runs: npm run status -- ... follows it; a stage goes back when it has ended`]
    : [];
}

async function succeededIn(stageName: string, pipelineName: string, asking: Asking) {
  const runs: PipelineExecutionSummary[] = [];
  let nextToken: string | undefined;
  do {
    const page = await asking.read("listPipelineExecutions", `pipeline ${pipelineName}`, (cloud) =>
      cloud.listPipelineExecutions({ pipelineName, filter: { succeededInStage: { stageName } }, nextToken }),
    );
    runs.push(...(page?.pipelineExecutionSummaries ?? []));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined && runs.length < 300);
  return runs;
}

function onTerminal(): RollbackStreams {
  return { ...terminalStreams(), ask: asker() };
}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
