import { parseArgs } from "node:util";
import { inQuotes } from "../components/shellWord";
import { UsageError } from "../preview/arguments";
import { listStacks, StackFileError } from "../preview/record/stackFile";
import { CannotAskError } from "./asking";
import type { AwsCalls } from "./cloud";

/** Where an operating command writes to, and what it asks. */
export interface CommandStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cloud: (region: string | undefined) => AwsCalls;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** An option of a command: with or without a value. */
export type CommandOptions = Readonly<Record<string, "boolean" | "string">>;

/** What was written after a command. */
export interface Words {
  readonly stack: string;
  readonly services: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
}

/** Reads the words of a command, runs it, and gives the exit code; what nobody can answer is said in words. */
export async function runCommand(
  argv: readonly string[],
  command: {
    readonly name: string;
    readonly help: string;
    readonly options: CommandOptions;
    readonly run: (words: Words) => Promise<number>;
  },
  { out, err }: Pick<CommandStreams, "out" | "err">,
  root: string,
): Promise<number> {
  try {
    const words = readWords(argv, command, root);
    if (words === undefined) {
      out(command.help);
      return 0;
    }
    return await command.run(words);
  } catch (error) {
    if (error instanceof UsageError) {
      err(error.message);
      return 2;
    }
    if (!(error instanceof StackFileError) && !(error instanceof CannotAskError)) throw error;
    err(error.message);
    return 1;
  }
}

function readWords(
  argv: readonly string[],
  { name, options }: { readonly name: string; readonly options: CommandOptions },
  root: string,
): Words | undefined {
  const known: Record<string, { type: "boolean" | "string"; short?: string }> = {
    help: { type: "boolean", short: "h" },
  };
  for (const [option, type] of Object.entries(options)) known[option] = { type };
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const there = Object.keys(known).map((option) => `--${option}`);
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const type = known[token.name]?.type;
    if (type === undefined) throw new UsageError(`unknown option ${token.rawName}; options are ${there.join(", ")}`);
    if (type === "string" && (token.value === undefined || token.value === ""))
      throw new UsageError(`${token.rawName} needs a value`);
    if (type === "boolean" && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value, got "${token.value}"`);
  }
  if (values.help === true) return undefined;
  const [stack, ...services] = positionals;
  if (stack === undefined) {
    const stacks = listStacks(root);
    throw new UsageError(
      `name a stack, for example npm run ${name} -- ${stacks.at(-1) ?? "prod"}; stacks are ${stacks.join(", ") || "none"}`,
    );
  }
  return {
    stack,
    services,
    flag: (option) => values[option] === true,
    text: (option) => {
      const value = values[option];
      return typeof value === "string" ? value : undefined;
    },
  };
}

/** A command line that can be pasted. */
export function commandLine(...words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_./:=@,+-]+$/.test(word) ? word : inQuotes(word))).join(" ");
}
