import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { shellWord } from "../components/shellWord";
import { generatedWorkflows } from "../model/workflow/document";
import { chooseStacks, UsageError } from "../preview/arguments";
import { keepResults } from "../preview/record/keptResults";
import { runStacks, type StackResult } from "../preview/record/runStack";
import { listStacks, StackFileError } from "../preview/record/stackFile";
import { readWorkflowArguments, WORKFLOW_HELP, type WorkflowRequest } from "./arguments";
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
    const stacks = chooseStacks(request.stacks, listStacks(request.folder), request.folder);
    const results = await runStacks(request.folder, stacks);
    const refused = results.filter(({ graph }) => graph === undefined);
    for (const { stack, findings } of refused) {
      for (const { message } of findings) streams.err(`${stack}: ${message}`);
    }
    if (refused.length > 0) return 1;
    const written = results.flatMap((result) => workflowsIn(result, request));
    if (written.length === 0) return none(request, stacks, streams);
    return handOut(written, request, streams);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The workflows of a stack as files. */
export function workflowsIn({ graph, stack, provider }: StackResult, { service }: Pick<WorkflowRequest, "service">) {
  const generated = graph ? generatedWorkflows(graph, accountSaid(provider)) : [];
  return generated
    .filter(({ workflow }) => service === undefined || workflow.resource.name === service)
    .map((one) => renderWorkflow(one, stack));
}

/** The account, where the stack's settings allow no other. */
function accountSaid(provider: StackResult["provider"]): string | undefined {
  const allowed: unknown = JSON.parse(provider?.["aws:allowedAccountIds"] ?? "[]");
  return Array.isArray(allowed) && allowed.length === 1 ? String(allowed[0]) : undefined;
}

function none({ service }: WorkflowRequest, stacks: readonly string[], { err }: WorkflowStreams): number {
  err(
    service === undefined
      ? `No workflow delivers ${stacks.join(", ")}: a file with delivery.gitHubActions has one (docs/github-actions.md)`
      : `No workflow of ${stacks.join(", ")} is of service "${service}" alone; pipelines: perService gives each service one`,
  );
  return 1;
}

function handOut(written: readonly RenderedWorkflow[], request: WorkflowRequest, streams: WorkflowStreams): number {
  const { write, check } = request;
  if (write !== undefined) {
    mkdirSync(write, { recursive: true });
    for (const { file, text } of written) {
      writeFileSync(join(write, file), text);
      streams.err(`wrote ${join(write, file)}`);
    }
    return 0;
  }
  if (check === undefined) {
    for (const { text } of written) streams.out(text.trimEnd());
    return 0;
  }
  const stale = written.filter((one) => !isCommitted(one, check, streams));
  if (stale.length === 0) streams.err(`as committed: ${written.map(({ file }) => join(check, file)).join(", ")}`);
  return stale.length === 0 ? 0 : 1;
}

function isCommitted({ file, text }: RenderedWorkflow, folder: string, { err }: WorkflowStreams): boolean {
  const path = join(folder, file);
  const there = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (there === text) return true;
  const how = there === undefined ? "is not there" : `is not as it would be written now:\n${differenceOf(there, text)}`;
  err(`${path} ${how}\nwrite it: npm run workflow -- --write ${shellWord(folder)}`);
  return false;
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
