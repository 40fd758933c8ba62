import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { RUN_AGAIN, type RunAgain } from "../model/delivery/pipeline/again";
import { exampleNamed, UsageError } from "../preview/arguments";

/** What `--help` prints. */
export const REHEARSE_HELP = `Plays one commit from push to served traffic, on this machine: no account, no network, no container engine.

  npm run rehearse                             every stack that has a pipeline
  npm run rehearse -- prod                     one stack, or several
  npm run rehearse -- prod --first             an environment that waits for its first image
  npm run rehearse -- --example NAME [stack]   the program in examples/NAME
  npm run rehearse -- prod --source DIR        builds from these files instead of the sample's
      --run-commands                           and runs the test commands of the stack file, which are code of the repository
  npm run rehearse -- --which --branch main --files a.ts,b/c.ts
                                               which pipelines a push starts, and why not the others
      --tag NAME, --repository NAME            a tag instead of a branch; the repository it was pushed to
      --commit REF                             branch, files and source of a commit of this checkout
  npm run rehearse -- prod --fail STEP=HOW     something goes wrong; several times for several things
  npm run rehearse -- prod --fail all          everything that can go wrong, once each, one line each
  npm run rehearse -- dev --fail STEP=HOW --again failed-jobs
                                               a person runs those jobs of a workflow again that failed; all-jobs: all of them
  npm run rehearse -- prod --search            every order of pushes, stops and failures; the shortest that breaks a promise
  npm run rehearse -- prod --approve|--reject  what people say; without it a terminal asks, and elsewhere they say yes
  npm run rehearse -- prod --at TIME           when it starts, for deployment windows: 2026-12-01T09:00:00Z
  npm run rehearse -- prod --page DIR          one HTML file of it, beside what the preview says of the same stacks
  npm run --silent rehearse -- prod --json     everything that happened, as JSON
  npm run rehearse -- --help

Exit code: 0 the commit reached users, 1 it did not, 2 a wrong argument. With --which: 0 a pipeline starts, 1 none does.`;

const OPTIONS = {
  example: { type: "string" },
  first: { type: "boolean" },
  source: { type: "string" },
  "run-commands": { type: "boolean" },
  which: { type: "boolean" },
  branch: { type: "string" },
  tag: { type: "string" },
  files: { type: "string" },
  repository: { type: "string" },
  commit: { type: "string" },
  fail: { type: "string", multiple: true },
  again: { type: "string" },
  search: { type: "boolean" },
  approve: { type: "boolean" },
  reject: { type: "boolean" },
  at: { type: "string" },
  page: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What the arguments ask for. */
export interface RehearseRequest {
  readonly help: boolean;
  /** Folder of the program. */
  readonly folder: string;
  readonly example?: string;
  /** Stacks that are named. @default - all that have a pipeline */
  readonly stacks: readonly string[];
  readonly first: boolean;
  readonly source?: string;
  readonly runsCommands: boolean;
  readonly which: boolean;
  readonly branch?: string;
  readonly tag?: string;
  readonly files?: readonly string[];
  readonly repository?: string;
  readonly commit?: string;
  readonly fail: readonly string[];
  /** What of a workflow that has failed a person runs again. @default - nothing */
  readonly again?: RunAgain | undefined;
  readonly search: boolean;
  /** What people say. @default - they are asked */
  readonly people?: "approve" | "reject";
  readonly startsAt: Date;
  /** Folder that a page is written into. @default - none is */
  readonly page?: string | undefined;
  readonly json: boolean;
}

/** Reads the arguments after `npm run rehearse --`. */
export function readRehearseArguments(argv: readonly string[], root: string): RehearseRequest {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const known = Object.entries(OPTIONS).find(([name]) => name === token.name)?.[1];
    if (!known) throw new UsageError(`unknown option ${token.rawName}; npm run rehearse -- --help lists what there is`);
    if (known.type === "string" && (token.value === undefined || token.value === ""))
      throw new UsageError(`${token.rawName} needs a value; npm run rehearse -- --help shows one`);
    if (known.type === "boolean" && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value, got ${token.value}`);
  }
  if (values.approve && values.reject) throw new UsageError("--approve and --reject exclude one another; choose one");
  if (values.branch && values.tag)
    throw new UsageError("--branch and --tag exclude one another: a push is of one or the other");
  if (values.search && values.fail)
    throw new UsageError("--search and --fail exclude one another: the search tries everything by itself");
  for (const other of ["search", "which"] as const)
    if (values.again !== undefined && values[other])
      throw new UsageError(
        `--again and --${other} exclude one another: a person runs again what was played and has failed`,
      );
  for (const other of ["search", "which"] as const)
    if (values.page !== undefined && values[other])
      throw new UsageError(`--page and --${other} exclude one another: a page shows one rehearsal`);
  if (values.page !== undefined && [values.fail].flat().includes("all"))
    throw new UsageError("--page and --fail all exclude one another: a page shows one rehearsal");
  const example = text(values.example);
  const source = text(values.source);
  return {
    help: values.help === true,
    folder: example === undefined ? root : join(root, "examples", exampleNamed(root, example)),
    example,
    stacks: positionals,
    first: values.first === true,
    source: source === undefined ? undefined : folderOf(source),
    runsCommands: values["run-commands"] === true,
    which: values.which === true,
    branch: text(values.branch),
    tag: text(values.tag),
    files: text(values.files)
      ?.split(",")
      .map((file) => file.trim())
      .filter((file) => file !== ""),
    repository: text(values.repository),
    commit: text(values.commit),
    fail: [values.fail].flat().flatMap((one) => text(one) ?? []),
    again: againOf(text(values.again)),
    search: values.search === true,
    people: values.approve ? "approve" : values.reject ? "reject" : undefined,
    startsAt: momentOf(text(values.at)),
    page: text(values.page),
    json: values.json === true,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function againOf(given: string | undefined): RunAgain | undefined {
  const found = RUN_AGAIN.find((one) => one === given);
  if (given !== undefined && !found)
    throw new UsageError(
      `--again ${given}: expected ${RUN_AGAIN.join(" or ")}, as GitHub offers it for a run that failed`,
    );
  return found;
}

function folderOf(path: string): string {
  const folder = resolve(path);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new UsageError(`--source: expected a folder, ${path} is none`);
}

function momentOf(given: string | undefined): Date {
  const moment = given === undefined ? new Date() : new Date(given);
  if (Number.isNaN(moment.getTime()))
    throw new UsageError(`--at: expected a moment like 2026-12-01T09:00:00Z, got "${given ?? ""}"`);
  return moment;
}
