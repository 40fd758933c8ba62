import { resolve } from "node:path";
import { type Finding, type RecordedGraph, worstFirst } from "../../model/graph/graph";
import { jsonOf, mapOf } from "../../model/graph/read";
import type { StackChange } from "../diff/change";
import type { RuleSettings } from "../rules/ruleSettings";
import { type Inquiry, kept } from "./keptResults";
import { listStacks, readProject, readStackConfig, StackFileError } from "./stackFile";

/** What came of one stack: its graph, or why there is none. */
export interface StackResult {
  readonly stack: string;
  readonly project: string;
  readonly graph?: RecordedGraph;
  readonly findings: readonly Finding[];
  /** Stack trace, where the program failed in a way nobody foresaw. */
  readonly trace?: string;
  /** Settings of the AWS provider, for example `aws:region`: they are no resource's, and matter to all. */
  readonly provider?: Readonly<Record<string, string>>;
  /** The graph it was, where something is compared. @default - it was not there */
  readonly former?: RecordedGraph;
  /** What is not as it was. @default - nothing to compare with was named */
  readonly change?: StackChange;
}

/** What a run is told besides folder and stack. */
interface RunOptions extends Pick<Inquiry, "tree" | "apart"> {
  /** What runs before: what the program asks of it is answered from there. @default - nothing that is known */
  readonly live?: readonly StackResult[];
  /** How strictly rules are meant. @default - as each rule says */
  readonly settings?: RuleSettings;
}

/** Runs the program of several stacks, each alone, and then checks what they have with one another. */
export async function runStacks(
  folder: string,
  stacks: readonly string[],
  { live = [], settings, tree, apart }: RunOptions = {},
): Promise<readonly StackResult[]> {
  const place = { folder, tree, apart };
  const results: StackResult[] = [];
  for (const stack of stacks) {
    const before = live.find((one) => one.stack === stack)?.graph;
    const run = () => runStack(folder, stack, before, settings);
    const question = { ...place, about: `stack ${stack}`, given: [before, settings?.text], load: loadPackages };
    results.push(await kept(question, run, ({ trace }) => trace === undefined));
  }
  const graphs = results.flatMap(({ graph }) => graph ?? []);
  if (graphs.length < 2) return results;
  const question = { ...place, about: "all", given: [graphs, settings?.text], load: loadPackages };
  const across = await kept(question, async () => {
    const found = (await import("../crossStack")).findingsAcross(graphs, settings);
    return graphs.map((graph) => found.get(graph) ?? []);
  });
  return results.map((result) => {
    const more = result.graph ? (across[graphs.indexOf(result.graph)] ?? []) : [];
    return more.length > 0 ? { ...result, findings: worstFirst([...result.findings, ...more]) } : result;
  });
}

/** Pulumi's SDK, not before it is needed. */
function loadPackages() {
  return import("@pulumi/pulumi");
}

/** Runs one stack's program. Nothing a program does or prints stops the others, or gets into the output. */
async function runStack(
  folder: string,
  stack: string,
  live: RecordedGraph | undefined,
  settings: RuleSettings | undefined,
): Promise<StackResult> {
  const { name: project, main: program } = readProject(folder);
  const [back, log] = [process.cwd(), console.log];
  try {
    const config = readStackConfig(folder, project, stack);
    const { recordProgram } = await import("./recordGraph");
    const { findingsOf } = await import("../rules");
    console.log = console.error;
    process.chdir(folder);
    const graph = await recordProgram(() => load(resolve(folder, program)), {
      project,
      stack,
      config,
      live,
      account: accountNamed(folder, project, stack),
    });
    const provider = Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith("aws:")));
    return { stack, project, graph, provider, findings: findingsOf(graph, settings) };
  } catch (error) {
    return { stack, project, ...(await describeFailure(error)) };
  } finally {
    console.log = log;
    process.chdir(back);
  }
}

/** The account that a stack beside it says it is in: its own file need not. @default - none says so */
function accountNamed(folder: string, project: string, stack: string): string | undefined {
  for (const other of listStacks(folder).filter((one) => one !== stack)) {
    const config = configOf(folder, project, other);
    const of = (key: string) => mapOf(jsonOf(config[`${project}:${key}`]));
    for (const one of [of("releaseTo"), of("deliveredBy"), mapOf(of("source").releasedBy)]) {
      const { stack: named, account } = one;
      if (named === stack && typeof account === "string") return account;
    }
  }
  return undefined;
}

/** What another stack's file says; one that cannot be read is that stack's matter. */
function configOf(folder: string, project: string, stack: string): Readonly<Record<string, string>> {
  try {
    return readStackConfig(folder, project, stack);
  } catch (error) {
    if (error instanceof StackFileError) return {};
    throw error;
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
