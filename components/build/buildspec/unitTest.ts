import { type Buildspec, type Report, type ReportFormat, renderBuildspec } from "./buildspec";

/** Test results to publish. */
export interface UnitTestReports {
  /** Report group: an ARN, or a name that becomes `<project>-<name>`. */
  readonly group: string;
  /** Paths or globs, from `baseDirectory`. */
  readonly files: readonly string[];
  /** Folder, from the root of the source, not from `SERVICE_FOLDER`. @default - the root */
  readonly baseDirectory?: string;
  /** @default "JUNITXML" */
  readonly fileFormat?: ReportFormat;
}

/** Arguments of `unitTestBuildspec`. */
export interface UnitTestBuildspecArgs {
  /** Commands that run the tests, for example `["npm ci", "npm test"]`; the first that fails is the last that runs. */
  readonly commands: readonly string[];
  /** Versions of the build image's runtimes, for example `{ nodejs: "22" }`. @default - the image's own */
  readonly runtimeVersions?: Readonly<Record<string, string>>;
  /** @default - no reports */
  readonly reports?: UnitTestReports;
}

/**
 * Runs a service's tests in `SERVICE_FOLDER` (default "."). CodeBuild publishes the reports of failed tests too.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html
 */
export function unitTestBuildspec(args: UnitTestBuildspecArgs): string {
  const { install, commands, reports } = testParts(args);
  return renderBuildspec({
    env: { variables: { SERVICE_FOLDER: "." } },
    phases: { ...install, build: { "on-failure": "ABORT", commands } },
    ...reports,
  });
}

/** The parts of a buildspec that are the same for whatever is tested. */
export interface TestParts {
  readonly install: Pick<Buildspec["phases"], "install">;
  readonly commands: readonly string[];
  readonly reports: Pick<Buildspec, "reports">;
}

/** Runs tests in `SERVICE_FOLDER` and publishes their results. */
export function testParts(args: UnitTestBuildspecArgs): TestParts {
  const { commands, runtimeVersions, reports } = args;
  return {
    install: runtimeVersions ? { install: { "runtime-versions": runtimeVersions } } : {},
    // A test piped into a formatter must fail with the test.
    commands: ["set -o pipefail", 'cd "$SERVICE_FOLDER"', ...commands],
    reports: reports ? { reports: { [reports.group]: report(reports) } } : {},
  };
}

function report(reports: UnitTestReports): Report {
  return {
    files: reports.files,
    "base-directory": reports.baseDirectory,
    "file-format": reports.fileFormat ?? "JUNITXML",
  };
}
