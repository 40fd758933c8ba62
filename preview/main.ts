import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Finding, RecordedGraph } from "./graph";
import { listStacks, readProject, readStackConfig, StackFileError } from "./stackFile";

const HELP = `Shows what a stack would create and how it delivers, and checks it: offline, without the Pulumi CLI or an account.

  npm run preview                              every stack with a Pulumi.<stack>.yaml
  npm run preview -- prod                      one stack, or several
  npm run preview -- --example NAME [stack ..] the program in examples/NAME
  npm run --silent preview -- prod --json      the resources and findings as JSON
  npm run --silent preview -- --mermaid        Markdown with a diagram for each stack
  npm run preview -- --help

Exit code: 0 nothing wrong, 1 a finding of level error or a stack that cannot be previewed, 2 a wrong argument.`;

const OPTIONS = {
  json: { type: "boolean" },
  mermaid: { type: "boolean" },
  example: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Where a preview writes to. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly coloured: boolean;
  /** Characters a line may have. */
  readonly width: number;
}

/** What came of one stack: its graph, or why there is none. */
export interface StackResult {
  readonly stack: string;
  readonly project: string;
  readonly graph?: RecordedGraph;
  readonly findings: readonly Finding[];
  /** Stack trace, where the program failed in a way nobody foresaw. */
  readonly trace?: string;
}

/** An argument that cannot be meant. */
class UsageError extends Error {}

/** Runs the preview and gives the exit code. */
export async function main(
  argv: readonly string[],
  streams = terminal(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  try {
    const request = readArguments(argv, root);
    if (request.help) {
      streams.out(HELP);
      return 0;
    }
    const results: StackResult[] = [];
    for (const stack of request.stacks) results.push(await runStack(request.folder, stack));
    const { report } = await import("./render/report");
    report(results, request.format, streams);
    const bad = ({ findings }: StackResult) => findings.some(({ level }) => level === "error");
    return results.some(bad) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

interface Request {
  readonly help: boolean;
  readonly folder: string;
  readonly stacks: readonly string[];
  readonly format: "text" | "json" | "mermaid";
}

function readArguments(argv: readonly string[], root: string): Request {
  const { values, positionals, tokens } = parseArgs({
    ...{ args: [...argv], options: OPTIONS, allowPositionals: true, strict: false, tokens: true },
  });
  for (const token of tokens) {
    if (token.kind === "option" && !Object.keys(OPTIONS).includes(token.name)) {
      throw new UsageError(`unknown option ${token.rawName}; options are --json, --mermaid, --example NAME and --help`);
    }
  }
  if (values.help === true) return { help: true, folder: root, stacks: [], format: "text" };
  if (values.json && values.mermaid) throw new UsageError("--json and --mermaid exclude one another; choose one");
  const folder = "example" in values ? exampleFolder(root, values.example) : root;
  const format = values.json ? "json" : values.mermaid ? "mermaid" : "text";
  return { help: false, folder, stacks: chooseStacks(folder, positionals), format };
}

function exampleFolder(root: string, name: unknown): string {
  const examples = join(root, "examples");
  const there = existsSync(examples)
    ? readdirSync(examples).filter((one) => existsSync(join(examples, one, "Pulumi.yaml")))
    : [];
  if (typeof name === "string" && there.includes(name)) return join(examples, name);
  const given = typeof name === "string" && name !== "" ? `unknown example "${name}"` : "--example needs a name";
  throw new UsageError(`${given}; examples are ${there.sort().join(", ") || "none"}`);
}

function chooseStacks(folder: string, wanted: readonly string[]): readonly string[] {
  const there = listStacks(folder);
  const unknown = wanted.filter((stack) => !there.includes(stack));
  if (unknown.length > 0) {
    const names = unknown.map((stack) => `"${stack}"`).join(", ");
    throw new UsageError(`no Pulumi.<stack>.yaml for ${names}; stacks are ${there.join(", ") || "none"}`);
  }
  if (there.length === 0) throw new UsageError(`${folder} has no Pulumi.<stack>.yaml`);
  return wanted.length > 0 ? [...new Set(wanted)] : there;
}

/** Runs one stack's program. Nothing a program does or prints stops the others, or gets into the output. */
async function runStack(folder: string, stack: string): Promise<StackResult> {
  const { name: project, main: program } = readProject(folder);
  const [back, log] = [process.cwd(), console.log];
  try {
    const config = readStackConfig(folder, project, stack);
    const { recordGraph } = await import("./recordGraph");
    const { findingsOf } = await import("./rules");
    console.log = console.error;
    process.chdir(folder);
    const graph = await recordGraph(() => load(resolve(folder, program)), { project, stack, config });
    return { stack, project, graph, findings: findingsOf(graph) };
  } catch (error) {
    return { stack, project, ...(await describeFailure(error)) };
  } finally {
    console.log = log;
    process.chdir(back);
  }
}

/** Each stack gets the program anew: one that is no function does its work while it is loaded. */
function load(program: string): unknown {
  const file = require.resolve(program);
  delete require.cache[file];
  return require(file);
}

/** A program that refuses its configuration says so itself; anything else is a mistake, and its place matters. */
async function describeFailure(error: unknown): Promise<Pick<StackResult, "findings" | "trace">> {
  const { RunError, ResourceError } = await import("@pulumi/pulumi");
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StackFileError || RunError.isInstance(error) || ResourceError.isInstance(error)) {
    return { findings: [{ level: "error", rule: "refused", message }] };
  }
  const trace = error instanceof Error ? (error.stack ?? message) : message;
  return { findings: [{ level: "error", rule: "failed", message }], trace };
}

function terminal(): Streams {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    coloured: process.stdout.isTTY && !process.env.NO_COLOR,
    width: Math.min(process.stdout.columns || 120, 120),
  };
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
