import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Phases that have commands of their own, in the order CodeBuild runs them. */
export type PhaseName = "install" | "pre_build" | "build" | "post_build";

/** One phase: its commands share one shell with those of every other phase, and stop at the first that fails. */
export interface Phase {
  /** Versions of the build image's runtimes, for example `{ nodejs: "22" }`. Only in `install`. @default - the image's own */
  readonly "runtime-versions"?: Readonly<Record<string, string>>;
  /**
   * What a failing command does to the build. Not on Lambda compute.
   * @default - `install` and `pre_build` end the build, `build` goes on to `post_build`
   */
  readonly "on-failure"?: "ABORT" | "CONTINUE";
  /** Shell commands, each one or more lines; a command's status is that of its last line. */
  readonly commands?: readonly string[];
}

/** Formats of test results and of coverage that CodeBuild reads. */
export const REPORT_FORMATS = [
  "JUNITXML",
  "NUNITXML",
  "NUNIT3XML",
  "CUCUMBERJSON",
  "TESTNGXML",
  "VISUALSTUDIOTRX",
  "CLOVERXML",
  "COBERTURAXML",
  "JACOCOXML",
  "SIMPLECOV",
] as const;

/** One of `REPORT_FORMATS`. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Result files that CodeBuild publishes to one report group, whether the tests passed or not. */
export interface Report {
  /** Paths or globs, from `base-directory`. */
  readonly files: readonly string[];
  /** Folder, from the root of the source. @default - the root */
  readonly "base-directory"?: string;
  /** @default "JUNITXML" */
  readonly "file-format"?: ReportFormat;
}

/** Variables of a build. */
export interface BuildspecEnvironment {
  /** Variables with plain values; those of the project and of the pipeline action win. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables filled from SSM parameters: the parameter's name. @default - none */
  readonly "parameter-store"?: Readonly<Record<string, string>>;
  /** Variables filled from Secrets Manager: `secret[:json-key[:stage[:version]]]`. @default - none */
  readonly "secrets-manager"?: Readonly<Record<string, string>>;
  /** Variables that later pipeline actions may read; nothing secret, not `AWS_...`. @default - none */
  readonly "exported-variables"?: readonly string[];
}

/**
 * A buildspec, version 0.2, in AWS's own words. The shell is always bash.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export interface Buildspec {
  /** @default - no variables */
  readonly env?: BuildspecEnvironment;
  readonly phases: Readonly<Partial<Record<PhaseName, Phase>>>;
  /** By report group: its ARN, or a name that becomes `<project>-<name>`. @default - no reports */
  readonly reports?: Readonly<Record<string, Report>>;
  /** Files of the output artifact, from the root of the source. @default - no artifact */
  readonly artifacts?: { readonly files: readonly string[] };
}

/**
 * The document as JSON text, which is YAML as well. The shell is stated because CodeBuild's default is `sh`, which on
 * some build images is not bash.
 */
export function renderBuildspec(buildspec: Buildspec): string {
  const { env, ...rest } = buildspec;
  return JSON.stringify({ version: "0.2", env: { shell: "bash", ...env }, ...rest }, undefined, 2);
}

/** Text of `scripts/<name>`, to be one command of a buildspec: a build needs nothing but its buildspec. */
export function scriptCommand(name: string): string {
  return readFileSync(join(__dirname, "scripts", name), "utf8").trimEnd();
}
