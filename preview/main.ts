import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { chooseStacks, commandFor, HELP, type Request, readArguments, UsageError } from "./arguments";
import { keepResults } from "./record/keptResults";
import { runStacks, type StackResult } from "./record/runStack";
import { listStacks, StackFileError } from "./record/stackFile";
import type { RuleSettings } from "./rules/ruleSettings";

/** Where a preview writes to. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly coloured: boolean;
  /** Characters a line may have. */
  readonly width: number;
}

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
    const results = await run(request, streams, root);
    const { report } = await import("./render/report");
    const { resources, raw, cost, time, guesses } = request;
    const command = (stack: string) => commandFor(request, stack);
    await report(results, request.format, streams, { resources, raw, cost, time, guesses, command });
    if (request.page !== undefined) {
      const { writePage } = await import("./page/writePage");
      streams.err(writePage(resolve(request.page), results, { guesses }));
    }
    const bad = ({ findings }: StackResult) => findings.some(({ level }) => level === "error");
    return results.some(bad) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(request: Request, streams: Streams, root: string): Promise<readonly StackResult[]> {
  const { folder, stacks, against } = request;
  const settings = await settingsIn(request, root);
  if (against === undefined) {
    return runStacks(folder, chooseStacks(stacks, listStacks(folder), folder), { settings });
  }
  const { runAgainst } = await import("./diff");
  return runAgainst({ ref: against, root, folder, stacks, settings }, streams.err);
}

/** The file that is named, else the one beside the policy pack where there is one. */
async function settingsIn({ policyPackConfig }: Request, root: string): Promise<RuleSettings | undefined> {
  const usual = join(root, "policy", "settings.json");
  const file = policyPackConfig ?? (existsSync(usual) ? usual : undefined);
  if (file === undefined) return undefined;
  const { rules } = await import("./rules");
  const { readRuleSettings } = await import("./rules/ruleSettings");
  return readRuleSettings(file, rules);
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
  // Whoever reads may have seen enough: `npm run preview | head`.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  keepResults();
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
