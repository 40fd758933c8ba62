import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";

/** What a stand-in says to calls whose text (`aws ecr describe-images ...`) matches; the first that is not used up. */
export interface StandInAnswer {
  /** POSIX extended regular expression. */
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Calls it is good for. @default - any number */
  readonly times?: number;
  /** Seconds that the call takes. @default 0 */
  readonly delay?: number;
  /** Whether the build is stopped just after it. @default false */
  readonly stops?: boolean;
}

/** One call of a stand-in. */
export interface Call {
  readonly argv: readonly string[];
  /** What was piped into it. */
  readonly stdin: string;
  /** Where a profile is chosen: the role it names, and the region of the call. */
  readonly role?: string;
  readonly region?: string;
}

export interface BuildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: readonly StandInAnswer[];
  /** Further commands with stand-ins. @default - none */
  readonly standIns?: readonly string[];
  /** Files of the source, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Makes the n-th call (from 1) fail, whatever the answers say. */
  readonly failCall?: { readonly number: number; readonly stderr?: string; readonly status?: number };
}

export interface BuildRun {
  /** 0 when CodeBuild would call the build a success. */
  readonly status: number;
  readonly calls: readonly Call[];
  /** Every file in the source folder afterwards. */
  readonly files: Readonly<Record<string, string>>;
  /** Standard output and error, as in the log. */
  readonly output: string;
  /** Values of the exported variables that are set in the shell's environment. */
  readonly exported: Readonly<Record<string, string>>;
}

/** A buildspec as CodeBuild reads it. */
export interface ParsedBuildspec {
  readonly version?: string;
  readonly env?: {
    readonly shell?: string;
    readonly variables?: Record<string, string>;
    readonly "exported-variables"?: string[];
  };
  readonly phases: Record<string, { readonly "on-failure"?: string; readonly commands?: string[] } | undefined>;
  readonly artifacts?: { readonly files: string[] };
}

/** Commands with stand-ins. The last three have no answers by default: builds may not rely on them. */
const STAND_INS = ["aws", "docker", "jq", "curl", "wget"];

/**
 * Runs a buildspec as CodeBuild does: all commands in one bash, a phase ends at its first failing command, a failing
 * install or pre_build ends the build, post_build follows a failing build unless that says ABORT, and an artifact that
 * is missing fails the build. A command that calls `exit` ends everything, which is less than CodeBuild would go on with.
 */
export function runBuildspec(text: string, options: BuildOptions = {}): BuildRun {
  const buildspec = parseBuildspec(text);
  const root = mkdtempSync(join(tmpdir(), "buildspec-"));
  try {
    const places = { source: join(root, "src"), bin: join(root, "bin"), home: join(root, "home") };
    for (const place of Object.values(places)) mkdirSync(place);
    for (const [path, content] of Object.entries(options.files ?? {})) writeInto(places.source, path, content);
    installStandIns(places.bin, options);
    const bash = spawnSync("bash", ["-c", driver(buildspec, root)], {
      cwd: places.source,
      env: {
        PATH: `${places.bin}:${process.env.PATH ?? ""}`,
        HOME: places.home,
        TMPDIR: places.home,
        CODEBUILD_SRC_DIR: places.source,
        AWS_REGION: "eu-west-1",
        ...buildspec.env?.variables,
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 20_000,
    });
    const files = filesIn(places.source);
    const missing = (buildspec.artifacts?.files ?? []).filter((file) => !(file in files));
    return {
      status: bash.status === 0 && missing.length > 0 ? 1 : (bash.status ?? 1),
      calls: callsIn(places.bin),
      files,
      output: readFileSync(join(root, "log"), "utf8") + bash.stderr.toString(),
      exported: exportedBy(buildspec, root),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Reads a buildspec as YAML, which is how CodeBuild reads it. */
export function parseBuildspec(text: string): ParsedBuildspec {
  return parse(text) as ParsedBuildspec;
}

/** Reads the JSON text of an object. */
export function jsonRecord(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

/** The words of a call as one text. */
export function calledWith(call: Call): string {
  return call.argv.join(" ");
}

/** The bash program that plays CodeBuild's agent. */
function driver(buildspec: ParsedBuildspec, root: string): string {
  const phase = (name: string) => {
    const commands = buildspec.phases[name]?.commands ?? [];
    return commands.map((command) => `((phase_status)) || { eval ${quote(command)}; phase_status=$?; }`).join("\n");
  };
  const abort = buildspec.phases.build?.["on-failure"] === "ABORT";
  return `
exec >${quote(join(root, "log"))} 2>&1
export CODEBUILD_BUILD_SUCCEEDING=1 STAND_IN_SHELL=$$
trap 'env -0 >${quote(join(root, "env"))}' EXIT
phase_status=0
${phase("install")}
${phase("pre_build")}
((phase_status)) && exit "$phase_status"
${phase("build")}
build_status=$phase_status
((build_status)) && CODEBUILD_BUILD_SUCCEEDING=0
((build_status)) && ${abort} && exit "$build_status"
phase_status=0
${phase("post_build")}
((build_status)) && exit "$build_status"
exit "$phase_status"`;
}

function installStandIns(bin: string, { answers = [], failCall, standIns = [] }: BuildOptions): void {
  const list = (name: string, values: readonly (string | number)[]) => `${name}=(${values.map(quote).join(" ")})`;
  const table = [
    list(
      "PATTERNS",
      answers.map((answer) => answer.when),
    ),
    list(
      "STDOUTS",
      answers.map((answer) => answer.stdout ?? ""),
    ),
    list(
      "STDERRS",
      answers.map((answer) => answer.stderr ?? ""),
    ),
    list(
      "STATUSES",
      answers.map((answer) => answer.status ?? 0),
    ),
    list(
      "TIMES",
      answers.map((answer) => answer.times ?? Number.MAX_SAFE_INTEGER),
    ),
    list(
      "DELAYS",
      answers.map((answer) => answer.delay ?? 0),
    ),
    list(
      "STOPS",
      answers.map((answer) => (answer.stops ? "yes" : "")),
    ),
    `FAIL_CALL=${failCall?.number ?? 0}`,
    `FAIL_STATUS=${failCall?.status ?? 254}`,
    `FAIL_STDERR=${quote(failCall?.stderr ?? "An error occurred (AccessDeniedException): not authorized")}`,
  ];
  writeFileSync(join(bin, "answers.sh"), table.join("\n"));
  writeFileSync(join(bin, "number"), "0\n");
  for (const name of [...STAND_INS, ...standIns]) copyFileSync(join(__dirname, "fakes", "command.sh"), join(bin, name));
}

function callsIn(bin: string): Call[] {
  if (!readdirSync(bin).includes("calls")) return [];
  const lines = readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Call);
}

function exportedBy(buildspec: ParsedBuildspec, root: string): Record<string, string> {
  const names = new Set(buildspec.env?.["exported-variables"]);
  const entries = readFileSync(join(root, "env"), "utf8").split("\0");
  const pairs = entries.map((entry): [string, string] => [entry.split("=", 1)[0] ?? "", entry.replace(/^[^=]*=/, "")]);
  return Object.fromEntries(pairs.filter(([name]) => names.has(name)));
}

function writeInto(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  const files = paths.filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}

function quote(value: string | number): string {
  return `'${String(value).replaceAll("'", `'\\''`)}'`;
}
