import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { GUESSES, type Guesses } from "../model/environment/guesses";

/** What `--help` prints. */
export const HELP = `Shows what a stack would create and how it delivers, and checks it: offline, without the Pulumi CLI or an account.

  npm run preview                              every stack with a Pulumi.<stack>.yaml
  npm run preview -- prod                      one stack, or several
  npm run preview -- --example NAME [stack ..] the program in examples/NAME
  npm run preview -- --against REF             what changes from a branch, tag or commit to these files
  npm run preview -- --resources               every resource as well, as a tree
  npm run preview -- --cost                    what each costs a month, line by line, and each delivery
  npm run preview -- --time                    what a commit waits for, step by step, and what would make it shorter
      --assume build=300,tests=60              seconds that your builds take, instead of guesses
  npm run preview -- --against REF --raw       every property that changes as well
  npm run preview -- --policy-pack-config FILE rules as strict as the file says (docs/policies.md)
  npm run preview -- --page DIR                one HTML file of all of it, to look at and to search
  npm run --silent preview -- prod --json      the resources, findings and changes as JSON
  npm run --silent preview -- --mermaid        Markdown for a pull request: diagrams, resources, findings, changes
  npm run preview -- --help

Exit code: 0 nothing wrong, 1 a finding of level error or a stack that cannot be previewed, 2 a wrong argument.`;

const OPTIONS = {
  json: { type: "boolean" },
  mermaid: { type: "boolean" },
  example: { type: "string" },
  against: { type: "string" },
  "policy-pack-config": { type: "string" },
  resources: { type: "boolean" },
  raw: { type: "boolean" },
  cost: { type: "boolean" },
  time: { type: "boolean" },
  assume: { type: "string" },
  page: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** The form in which a preview is written. */
export type Format = "text" | "json" | "mermaid";

/** What the arguments ask for. */
export interface Request {
  readonly help: boolean;
  /** Folder of the program. */
  readonly folder: string;
  /** Stacks that are named. @default - all of them */
  readonly stacks: readonly string[];
  readonly format: Format;
  /** Example that is shown. @default - the project itself */
  readonly example?: string;
  /** Branch, tag or commit to compare with. @default - none */
  readonly against?: string;
  /** Whether every resource is shown. */
  readonly resources: boolean;
  /** Whether every property that changes is shown. */
  readonly raw: boolean;
  /** Whether what it costs is shown line by line. */
  readonly cost: boolean;
  /** Whether what a commit waits for is shown step by step. */
  readonly time: boolean;
  /** Seconds of what no setting says. */
  readonly guesses: Guesses;
  /** Folder that a page is written into. @default - none is */
  readonly page?: string | undefined;
  /** File that says how strictly rules are meant. @default - as each rule says */
  readonly policyPackConfig?: string;
}

/** An argument that cannot be meant. */
export class UsageError extends Error {}

/** Reads the arguments after `npm run preview --`. */
export function readArguments(argv: readonly string[], root: string): Request {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "option" && !Object.keys(OPTIONS).includes(token.name)) {
      const options =
        "options are --json, --mermaid, --example NAME, --against REF, --resources, --raw, --cost, --time, --assume WHAT=SECONDS, --page DIR, --policy-pack-config FILE and --help";
      throw new UsageError(`unknown option ${token.rawName}; ${options}`);
    }
  }
  if (values.help === true)
    return {
      help: true,
      folder: root,
      stacks: [],
      format: "text",
      resources: false,
      raw: false,
      cost: false,
      time: false,
      guesses: GUESSES,
    };
  if (values.json && values.mermaid) throw new UsageError("--json and --mermaid exclude one another; choose one");
  const example = "example" in values ? exampleNamed(root, values.example) : undefined;
  const against = "against" in values ? refNamed(values.against) : undefined;
  return {
    help: false,
    stacks: positionals,
    format: values.json ? "json" : values.mermaid ? "mermaid" : "text",
    folder: example === undefined ? root : join(root, "examples", example),
    example,
    against,
    resources: values.resources === true,
    raw: values.raw === true,
    cost: values.cost === true,
    time: values.time === true,
    guesses: "assume" in values ? guessesIn(values.assume) : GUESSES,
    page: "page" in values ? folderNamed(values.page) : undefined,
    policyPackConfig: "policy-pack-config" in values ? fileNamed(values["policy-pack-config"]) : undefined,
  };
}

/** The example of a name; an unknown one lists what there is. */
export function exampleNamed(root: string, name: unknown): string {
  const examples = join(root, "examples");
  const there = existsSync(examples)
    ? readdirSync(examples).filter((one) => existsSync(join(examples, one, "Pulumi.yaml")))
    : [];
  if (typeof name === "string" && there.includes(name)) return name;
  const given = typeof name === "string" && name !== "" ? `unknown example "${name}"` : "--example needs a name";
  throw new UsageError(`${given}; examples are ${there.sort().join(", ") || "none"}`);
}

function refNamed(ref: unknown): string {
  if (typeof ref === "string" && ref !== "") return ref;
  throw new UsageError("--against needs a branch, tag or commit; for example --against origin/main");
}

function folderNamed(folder: unknown): string {
  if (typeof folder === "string" && folder !== "") return folder;
  throw new UsageError("--page needs a folder; for example --page site");
}

/** Guesses with others in their place: `build=300,tests=60`. */
function guessesIn(text: unknown): Guesses {
  const given = typeof text === "string" ? text.split(",").filter((one) => one.trim() !== "") : [];
  const names = Object.keys(GUESSES);
  const replaced = given.map((one): readonly [string, number] => {
    const [name = "", seconds = ""] = one.split("=").map((part) => part.trim());
    if (names.includes(name) && /^\d+(?:\.\d+)?$/.test(seconds)) return [name, Number(seconds)];
    throw new UsageError(
      `--assume: expected ${names.join(", ")}, each with seconds, got "${one}"; for example --assume build=300,tests=60`,
    );
  });
  if (replaced.length === 0)
    throw new UsageError("--assume needs what is assumed; for example --assume build=300,tests=60");
  return { ...GUESSES, ...Object.fromEntries(replaced) };
}

function fileNamed(file: unknown): string {
  if (typeof file === "string" && file !== "") return file;
  throw new UsageError("--policy-pack-config needs a file; for example --policy-pack-config policy/settings.json");
}

/** The stacks that are named, or all there are. */
export function chooseStacks(wanted: readonly string[], there: readonly string[], folder: string): readonly string[] {
  const unknown = wanted.filter((stack) => !there.includes(stack));
  if (unknown.length > 0) {
    const names = unknown.map((stack) => `"${stack}"`).join(", ");
    throw new UsageError(`no Pulumi.<stack>.yaml for ${names}; stacks are ${there.join(", ") || "none"}`);
  }
  if (there.length === 0) throw new UsageError(`${folder} has no Pulumi.<stack>.yaml`);
  return wanted.length > 0 ? [...new Set(wanted)] : there;
}

/** The command that shows one stack, whole. */
export function commandFor({ example, against }: Request, stack: string): string {
  const options = [...(example ? ["--example", example] : []), stack, ...(against ? ["--against", against] : [])];
  return `npm run preview -- ${options.join(" ")}`;
}
