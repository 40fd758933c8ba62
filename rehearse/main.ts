import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { PlayedCloud } from "../model/delivery/cloud";
import { Faults } from "../model/delivery/faults";
import type { People } from "../model/delivery/people";
import { type Push, startsOf } from "../model/delivery/pipeline/push";
import { type Rehearsal, rehearse } from "../model/delivery/rehearsal";
import type { RecordedGraph } from "../model/graph/graph";
import { pipelinesOf } from "../model/graph/pipelines";
import { jsonOf, mapOf, textOf } from "../model/graph/read";
import { chooseStacks, UsageError } from "../preview/arguments";
import { keepResults } from "../preview/record/keptResults";
import { runStacks, type StackResult } from "../preview/record/runStack";
import { listStacks, readProject, readStackConfig, StackFileError } from "../preview/record/stackFile";
import { REHEARSE_HELP, type RehearseRequest, readRehearseArguments } from "./arguments";
import { BashBuilder } from "./build/bashBuilder";
import { FolderArtifact } from "./build/folderArtifact";
import { HybridBuilder } from "./build/hybridBuilder";
import { type Commit, commitNamed } from "./checkout";
import { type Failure, failuresOf, readFaults, serviceNamesOf } from "./failures";
import { Leftovers } from "./leftovers";
import { type Look, momentLines, plainOf, plainStart, verdictLines, whichLines } from "./render";
import { type BuildSource, prepareSource } from "./source";

/** Where a rehearsal writes to, and whom it may ask. */
export interface RehearseStreams extends Look {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks whoever sits before it. @default - nobody does */
  readonly ask?: (question: string) => Promise<string>;
}

/** The commit that is rehearsed, unless one is named. */
const COMMIT = "1".repeat(40);

/** The graphs of the stacks that take part, and which of them were meant. */
interface Stage {
  readonly graphs: readonly RecordedGraph[];
  readonly stacks: readonly string[];
  /** What the preview says of those that were meant. */
  readonly results: readonly StackResult[];
}

/** Runs a rehearsal and gives the exit code. */
export async function main(
  argv: readonly string[],
  streams = terminal(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  try {
    const request = readRehearseArguments(argv, root);
    if (request.help) {
      streams.out(REHEARSE_HELP);
      return 0;
    }
    const commit =
      request.commit === undefined ? undefined : commitNamed(request.source ?? request.folder, request.commit);
    const stage = await recordStage(request, streams);
    if (!stage) return 1;
    const push = pushOf(request, commit);
    if (request.which) return which(stage, push, request, streams);
    requireBash();
    requirePipelines(stage, request);
    return await play(stage, push, request, streams, root);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

function pushOf(request: RehearseRequest, commit: Commit | undefined): Push {
  const { tag, repository } = request;
  return {
    commit: commit?.id ?? COMMIT,
    tag,
    repository,
    branch: request.branch ?? (tag === undefined ? commit?.branch : undefined),
    files: request.files ?? commit?.files,
  };
}

/** Records the stacks that are meant, and those that they deliver to or are delivered by; tells what cannot be. */
async function recordStage(request: RehearseRequest, { err }: RehearseStreams): Promise<Stage | undefined> {
  const { folder } = request;
  const there = listStacks(folder);
  const stacks = chooseStacks(request.stacks, there, folder);
  const wanted = await runStacks(folder, stacks);
  const refused = wanted.filter(({ graph }) => graph === undefined);
  for (const result of refused) tellRefused(result, err);
  if (refused.length > 0) return undefined;
  const graphs = wanted.flatMap(({ graph }) => graph ?? []);
  const others = goesAcross(graphs) ? partnersOf(folder, stacks, there) : [];
  const more = others.length > 0 ? await runStacks(folder, others) : [];
  for (const { stack, graph, findings } of more) {
    if (graph) continue;
    err(`Stack ${stack} takes no part, because the preview refuses it; what is deployed to it is taken to work:`);
    for (const { message } of findings) err(message);
  }
  return { graphs: [...graphs, ...more.flatMap(({ graph }) => graph ?? [])], stacks, results: [...wanted, ...more] };
}

/** Stacks that name one of these as what they release to or are delivered by, or are named by one. */
function partnersOf(folder: string, stacks: readonly string[], there: readonly string[]): readonly string[] {
  const { name } = readProject(folder);
  const named = (stack: string) => {
    const config = readStackConfig(folder, name, stack);
    return ["releaseTo", "deliveredBy"].flatMap((key) => textOf(mapOf(jsonOf(config[`${name}:${key}`])).stack) ?? []);
  };
  const wanted = new Set(stacks.flatMap(named));
  return there.filter(
    (stack) => !stacks.includes(stack) && (wanted.has(stack) || named(stack).some((one) => stacks.includes(one))),
  );
}

function tellRefused({ stack, findings }: StackResult, err: (text: string) => void): void {
  err(`Stack ${stack} cannot be rehearsed, because the preview refuses it:`);
  for (const { message } of findings) err(message);
}

/** Whether a pipeline deploys to what none of these stacks has, or a stack has none and is delivered by another's. */
function goesAcross(graphs: readonly RecordedGraph[]): boolean {
  if (graphs.some((graph) => pipelinesOf(graph).length === 0)) return true;
  return graphs.some((graph) =>
    pipelinesOf(graph).some(({ actions }) =>
      actions.some(
        (action) =>
          action.roleArn !== undefined || (action.provider === "ECS" && !knows(graph, serviceNamesOf([graph], action))),
      ),
    ),
  );
}

function knows({ resources }: RecordedGraph, names: readonly string[]): boolean {
  return names.every((name) =>
    resources.some(({ type, inputs }) => type === "aws:ecs/service:Service" && inputs.name === name),
  );
}

function which({ graphs, stacks }: Stage, push: Push, { json }: RehearseRequest, streams: RehearseStreams): number {
  const starts = startsOf(
    graphs.filter(({ stack }) => stacks.includes(stack)),
    push,
  );
  if (json) streams.out(JSON.stringify(starts.map(plainStart), undefined, 2));
  else for (const line of whichLines(starts, streams)) streams.out(line);
  return starts.some((start) => start.starts) ? 0 : 1;
}

/** A rehearsal without a pipeline would show nothing: say who delivers the stack. */
function requirePipelines({ graphs, stacks }: Stage, { example, stacks: named }: RehearseRequest): void {
  const meant = graphs.filter(({ stack }) => stacks.includes(stack));
  if (meant.some((graph) => pipelinesOf(graph).length > 0 && (named.length === 0 || named.includes(graph.stack))))
    return;
  const option = example === undefined ? "" : `--example ${example} `;
  const [by] = graphs.filter((graph) => pipelinesOf(graph).length > 0);
  const mend = by
    ? `it is delivered by another stack: npm run rehearse -- ${option}${by.stack}`
    : "nothing delivers it from here";
  throw new UsageError(`${stacks.join(", ")}: no pipeline of its own; ${mend}`);
}

/** Scripts of builds need bash 4; macOS brings 3.2. */
function requireBash(): void {
  const asked = spawnSync("bash", ["-c", 'printf %s "${BASH_VERSINFO[0]}"'], { encoding: "utf8" });
  if (asked.status === 0 && Number(asked.stdout) >= 4) return;
  const found = asked.status === 0 ? `bash here is version ${asked.stdout}` : "there is no bash here";
  throw new UsageError(
    `a rehearsal runs the scripts of builds, which need bash 4 or newer; ${found}. On macOS: brew install bash, then open a new terminal; elsewhere install the package bash`,
  );
}

/** The files that builds work on, and what must be taken away at the end. */
interface Surroundings {
  readonly source: BuildSource;
  readonly leftovers: Leftovers;
}

async function play(
  stage: Stage,
  push: Push,
  request: RehearseRequest,
  streams: RehearseStreams,
  root: string,
): Promise<number> {
  const there = failuresOf(stage.graphs, stage.stacks);
  const all = request.fail.includes("all");
  if (all && request.fail.length > 1)
    throw new UsageError("--fail all goes alone: it plays everything that can go wrong");
  const faults = all ? [] : readFaults(request.fail, there);
  const leftovers = new Leftovers();
  leftovers.watch();
  try {
    const source = prepareSource(root, request.folder, stage.graphs, leftovers, {
      source: request.source,
      commit: request.commit,
      runsCommands: request.runsCommands,
    });
    if (request.search) {
      const { searchOrders } = await import("./search");
      return await searchOrders({ ...stage, push, source: new FolderArtifact(source.folder) }, streams, request.json);
    }
    if (all) return await playAll(stage, push, request, streams, { source, leftovers }, there);
    const shown = !request.json;
    if (shown) tellStart(stage, push, source, request, streams);
    const rehearsal = await playOnce(
      stage,
      push,
      request,
      { source, leftovers },
      {
        faults: new Faults(faults),
        people: peopleOf(request, streams),
        onMoment: shown
          ? (moment) => {
              for (const line of momentLines(moment, streams)) streams.out(line);
            }
          : undefined,
      },
    );
    if (shown)
      for (const line of [...notStarted(rehearsal, streams), ...verdictLines(rehearsal, streams)]) streams.out(line);
    else streams.out(JSON.stringify(plainOf(rehearsal), undefined, 2));
    if (request.page !== undefined) await writeRehearsal(resolve(request.page), stage, rehearsal, request, streams);
    // What was asked for and never happened shows nothing.
    return rehearsal.reached && rehearsal.cloud.faults.missed.length === 0 ? 0 : 1;
  } finally {
    leftovers.clean();
  }
}

/** The page of the stacks that take part, with what happened. */
async function writeRehearsal(
  folder: string,
  { results }: Stage,
  rehearsal: Rehearsal,
  { fail, first }: RehearseRequest,
  { err }: RehearseStreams,
): Promise<void> {
  const { writePage } = await import("../preview/page/writePage");
  const { reached, cloud, pipelines } = rehearsal;
  const about = [
    pipelines.length > 0
      ? `A commit is pushed, and played through ${pipelines.map(({ pipeline }) => pipeline.name).join(", ")}`
      : "A commit is pushed, and starts no pipeline",
    first ? "nothing was delivered before" : "an earlier commit was delivered before, and serves",
    ...(fail.length > 0 ? [`what goes wrong: ${fail.join(", ")}`] : []),
  ];
  const verdict = verdictLines(rehearsal, { coloured: false, width: 0 });
  const moments = cloud.timeline.moments;
  err(writePage(folder, results, { rehearsal: { about: `${about.join("; ")}.`, verdict, reached, moments } }));
}

function notStarted({ starts, pipelines }: Rehearsal, look: Look): readonly string[] {
  if (pipelines.length > 0) return [];
  return whichLines(starts, look);
}

function tellStart(
  { stacks, graphs }: Stage,
  push: Push,
  source: BuildSource,
  request: RehearseRequest,
  { out }: RehearseStreams,
): void {
  const pipelines = graphs.filter(({ stack }) => stacks.includes(stack)).flatMap((graph) => pipelinesOf(graph));
  out(
    `Commit ${push.commit.slice(0, 12)} is pushed${push.branch === undefined ? "" : ` to ${push.branch}`}${push.tag === undefined ? "" : ` as ${push.tag}`}; ${pipelines.length} pipeline(s) may start; builds work on ${source.what}`,
  );
  if (!source.runs.stack)
    out("Commands of the stack file (tests) are not run: --run-commands with --source DIR does that");
  out(request.first ? "Nothing was delivered before" : "An earlier commit was delivered before, and serves");
  out("");
}

function playOnce(
  { graphs, stacks }: Stage,
  push: Push,
  request: RehearseRequest,
  { source, leftovers }: Surroundings,
  more: {
    readonly faults: Faults;
    readonly people: People;
    /** Steps whose scripts are run, where all others are on paper. @default - every script is run */
    readonly only?: readonly string[];
    readonly onMoment?: ((moment: PlayedCloud["timeline"]["moments"][number]) => void) | undefined;
  },
): Promise<Rehearsal> {
  return rehearse(graphs, {
    ...more,
    stacks,
    push,
    delivered: !request.first,
    startsAt: request.startsAt,
    again: request.again,
    builder: (cloud) => {
      const builder = new BashBuilder({ cloud, source: source.folder, runs: source.runs, startsAt: request.startsAt });
      leftovers.add(() => builder.close());
      return more.only === undefined ? builder : new HybridBuilder(cloud, builder, more.only);
    },
  });
}

/** What people say: as the arguments have it, as a terminal answers, else yes. */
function peopleOf({ people }: RehearseRequest, { ask }: RehearseStreams): People {
  if (people !== undefined) return () => Promise.resolve(people);
  if (!ask) return () => Promise.resolve("approve");
  return async ({ step, text }) => {
    const said = await ask(`${step}: ${text}\n  Approve? [y]es, [n]o, [s]ay nothing: `);
    return /^s/i.test(said) ? "silent" : /^(y|$)/i.test(said) ? "approve" : "reject";
  };
}

/** Everything that can go wrong, once each: one line each. */
async function playAll(
  stage: Stage,
  push: Push,
  request: RehearseRequest,
  streams: RehearseStreams,
  surroundings: Surroundings,
  there: readonly Failure[],
): Promise<number> {
  const rows: { readonly failure: Failure; readonly rehearsal: Rehearsal; readonly fine: boolean }[] = [];
  for (const failure of there) {
    const rehearsal = await playOnce(stage, push, request, surroundings, {
      faults: new Faults([failure]),
      only: [failure.step],
      people: () => Promise.resolve("approve"),
    });
    const fine =
      rehearsal.broken.length === 0 &&
      rehearsal.cloud.refused.length === 0 &&
      !hasHappened(rehearsal, "the rollback fails");
    rows.push({ failure, rehearsal, fine });
    if (!request.json) streams.out(lineOf(failure, rehearsal, fine));
  }
  if (request.json) {
    streams.out(
      JSON.stringify(
        rows.map(({ failure: { step, how, text }, rehearsal }) => ({
          step,
          how,
          text,
          ...plainOf(rehearsal),
          timeline: undefined,
        })),
        undefined,
        2,
      ),
    );
  } else {
    const bad = rows.filter(({ fine }) => !fine).length;
    streams.out("");
    streams.out(`${rows.length} failures played, ${bad} of them break a promise`);
  }
  return rows.every(({ fine }) => fine) ? 0 : 1;
}

function lineOf({ step, how, text }: Failure, rehearsal: Rehearsal, fine: boolean): string {
  const { broken, pipelines, cloud } = rehearsal;
  const ends = pipelines.flatMap(({ runs }) => runs.map(({ status }) => status)).join(", ");
  const happened = (what: string) => hasHappened(rehearsal, what);
  const retried = happened("is tried once more") ? ", tried once more" : "";
  const back = happened("the rollback fails")
    ? ", the rollback fails"
    : happened("is rolled back")
      ? ", rolled back"
      : "";
  const told = cloud.timeline.moments.filter(({ where }) => where.startsWith("topic ")).length;
  const word = cloud.faults.missed.length > 0 ? ", never got there" : "";
  const promises = broken.map(({ promise, text: what }) => `; broken promise (${promise}): ${what}`).join("");
  return `${fine ? "✓" : "✗"} ${step}=${how}: ${text}: ${ends}${retried}${back}${word}, ${told} message(s) sent${promises}`;
}

function hasHappened({ cloud }: Rehearsal, what: string): boolean {
  return cloud.timeline.moments.some((moment) => moment.what.startsWith(what));
}

function terminal(): RehearseStreams {
  const asks = process.stdin.isTTY && process.stdout.isTTY;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    coloured: process.stdout.isTTY && !process.env.NO_COLOR,
    width: Math.min(process.stdout.columns || 120, 160),
    ask: asks ? askTerminal : undefined,
  };
}

async function askTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

if (require.main === module) {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  keepResults();
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
