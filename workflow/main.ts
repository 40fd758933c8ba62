import { join, resolve } from "node:path";
import { shellWord } from "../components/shellWord";
import { generatedWorkflows } from "../model/workflow/document";
import { chooseStacks, UsageError } from "../preview/arguments";
import { keepResults } from "../preview/record/keptResults";
import { runStacks, type StackResult } from "../preview/record/runStack";
import { listStacks, readStackConfig, StackFileError } from "../preview/record/stackFile";
import { readWorkflowArguments, WORKFLOW_HELP, type WorkflowRequest } from "./arguments";
import { workflowCommand } from "./command";
import { folderGiven, textIn, writeInto } from "./folder";
import { type LeftOver, leftOverIn } from "./leftOver";
import type { Origin } from "./origin";
import { type RenderedWorkflow, renderWorkflow } from "./render";

/** Where it writes to. */
export interface WorkflowStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Writes the workflows of stacks, or compares them with what is committed, and gives the exit code. */
export async function main(
  argv: readonly string[],
  streams: WorkflowStreams = terminal(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  try {
    const request = readWorkflowArguments(argv, root);
    if (request.help) {
      streams.out(WORKFLOW_HELP);
      return 0;
    }
    for (const option of ["write", "check"] as const) {
      const folder = request[option];
      if (folder !== undefined) folderGiven(`--${option}`, folder);
    }
    const stacks = chooseStacks(request.stacks, listStacks(request.folder), request.folder);
    const results = await runStacks(request.folder, stacks);
    const refused = results.filter(({ graph }) => graph === undefined);
    for (const { stack, findings } of refused) {
      for (const { message } of findings) streams.err(`${stack}: ${message}`);
    }
    if (refused.length > 0) return 1;
    return handOut(
      results.map((result) => ofStack(result, request)),
      request,
      streams,
    );
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The workflows of a stack, and those of them that are asked for. */
interface StackWorkflows {
  readonly origin: Origin;
  readonly all: readonly RenderedWorkflow[];
  readonly asked: readonly RenderedWorkflow[];
}

/** The workflows of a stack as files. */
function ofStack({ graph, stack, project, provider }: StackResult, request: WorkflowRequest): StackWorkflows {
  const config = readStackConfig(request.folder, project, stack);
  const origin = { stack, project: config[`${project}:project`], example: request.example };
  const generated = graph ? generatedWorkflows(graph, accountSaid(provider)) : [];
  const { service } = request;
  const all = generated.map((one) => ({
    resource: one.workflow.resource.name,
    text: renderWorkflow(one, stack, origin),
  }));
  return {
    origin,
    all: all.map(({ text }) => text),
    asked: all.filter(({ resource }) => service === undefined || resource === service).map(({ text }) => text),
  };
}

/** The account, where the stack's settings allow no other. */
function accountSaid(provider: StackResult["provider"]): string | undefined {
  const allowed: unknown = JSON.parse(provider?.["aws:allowedAccountIds"] ?? "[]");
  return Array.isArray(allowed) && allowed.length === 1 ? String(allowed[0]) : undefined;
}

function none({ service }: WorkflowRequest, stacks: readonly string[], { err }: WorkflowStreams): void {
  err(
    service === undefined
      ? `No workflow delivers ${stacks.join(", ")}: a file with delivery.gitHubActions has one (docs/github-actions.md)`
      : `No workflow of ${stacks.join(", ")} is of service "${service}" alone; pipelines: perService gives each service one`,
  );
}

function handOut(stacks: readonly StackWorkflows[], request: WorkflowRequest, streams: WorkflowStreams): number {
  const { write, check } = request;
  const written = stacks.flatMap(({ asked }) => asked);
  const names = stacks.map(({ origin: { stack } }) => stack);
  if (written.length === 0) none(request, names, streams);
  if (write !== undefined) {
    for (const { file, text } of written) {
      writeInto(write, file, text);
      streams.err(`wrote ${join(write, file)}`);
    }
    const left = leftOverIn("--write", write, stacks);
    for (const one of left) streams.err(saidOf(one, write));
    return written.length === 0 ? 1 : 0;
  }
  if (check === undefined) {
    for (const { text } of written) streams.out(text.trimEnd());
    return written.length === 0 ? 1 : 0;
  }
  const mend = `write it: ${workflowCommand(request, ["--write", check])}`;
  const stale = written.flatMap((one) => staleness(one, check) ?? []);
  const left = leftOverIn("--check", check, stacks);
  for (const how of stale) streams.err(`${how}\n${mend}`);
  for (const one of left) streams.err(saidOf(one, check));
  if (written.length === 0 || stale.length > 0 || left.length > 0) return 1;
  streams.err(`as committed: ${written.map(({ file }) => join(check, file)).join(", ")}`);
  return 0;
}

/** How a committed file is not as it would be written; undefined where it is. */
function staleness({ file, text }: RenderedWorkflow, folder: string): string | undefined {
  const there = textIn("--check", folder, file);
  if (there === text) return undefined;
  const path = join(folder, file);
  if (there === undefined) return `${path} is not there`;
  return `${path} is not as it would be written now:\n${differenceOf(there, text)}`;
}

/** Nobody deletes a workflow but who looks after its repository. */
function saidOf({ file, stack }: LeftOver, folder: string): string {
  return [
    `${join(folder, file)} is left over: it was written for stack ${stack}, which has no workflow of that name any more, and GitHub still runs it`,
    `take it away: git -C ${shellWord(folder)} rm -- ${shellWord(file)}`,
  ].join("\n");
}

/** The first lines that differ, as a diff has them. */
function differenceOf(before: string, after: string): string {
  const [was, is] = [before.split("\n"), after.split("\n")];
  const at = is.findIndex((line, index) => line !== was[index]);
  const from = at < 0 ? is.length : at;
  const shown = 6;
  return [
    `@@ line ${from + 1} @@`,
    ...was.slice(from, from + shown).map((line) => `-${line}`),
    ...is.slice(from, from + shown).map((line) => `+${line}`),
  ].join("\n");
}

function terminal(): WorkflowStreams {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
}

if (require.main === module) {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  keepResults();
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
