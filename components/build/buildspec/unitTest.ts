import { PATH } from "../../settings/paths";
import { listSetting, mapSetting, oneOf, text } from "../../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../../settings/settings";
import { type Buildspec, REPORT_FORMATS, type Report, renderBuildspec } from "./buildspec";

/** https://docs.aws.amazon.com/codebuild/latest/userguide/runtime-versions.html */
const RUNTIME = {
  pattern: /^(?:android|dotnet|golang|java|nodejs|php|python|ruby)$/,
  expected: "a runtime of CodeBuild (dotnet, golang, java, nodejs, php, python, ruby)",
  example: "nodejs",
};

/** Test results to publish. */
export const REPORTS = settings({
  /** Paths or globs, from `baseDirectory`. */
  files: listSetting(text({ pattern: /\S/, expected: "a path or a glob" }, { example: "**/*.xml" }), { min: 1 }),
  /** Folder, from the root of the source, not from `SERVICE_FOLDER`. @default - the root */
  baseDirectory: text(PATH, { example: "reports" }).optional(),
  /** Their format. @default "JUNITXML" */
  fileFormat: oneOf(REPORT_FORMATS, { default: "JUNITXML" }),
});

/** Test results to publish. */
export interface UnitTestReports extends ArgsOf<typeof REPORTS> {
  /** Report group: an ARN, or a name that becomes `<project>-<name>`. */
  readonly group: string;
}

/** What runs tests. */
export const TEST_COMMANDS = settings({
  /** Run one after another, for example `["npm ci", "npm test"]`; the first that fails is the last that runs. @default - a buildspec's own */
  commands: listSetting(text({ pattern: /\S/, max: 65_536, expected: "a command" }, { example: "npm test" }), {
    min: 1,
  }).optional(),
  /** Versions of the build image's runtimes, for example `{ nodejs: "22" }`. @default - the image's own */
  runtimeVersions: mapSetting(
    RUNTIME,
    text(
      { pattern: /^[a-z]*\d+(?:\.(?:\d+|x))*$|^latest$/, expected: "a version, like 22 or 3.12" },
      { example: "22" },
    ),
  ).optional(),
});

/** Arguments of `unitTestBuildspec`. */
export interface UnitTestBuildspecArgs extends Pick<ArgsOf<typeof TEST_COMMANDS>, "runtimeVersions"> {
  /** Commands that run the tests, for example `["npm ci", "npm test"]`; the first that fails is the last that runs. */
  readonly commands: readonly string[];
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
interface TestParts {
  readonly install: Pick<Buildspec["phases"], "install">;
  readonly commands: readonly string[];
  readonly reports: Pick<Buildspec, "reports">;
}

/** What goes before the commands of every test: one that is piped into a formatter must fail with the test. */
export const TEST_PREAMBLE = ["set -o pipefail", 'cd "$SERVICE_FOLDER"'] as const;

/** Runs tests in `SERVICE_FOLDER` and publishes their results. */
export function testParts(args: UnitTestBuildspecArgs): TestParts {
  const { commands, runtimeVersions, reports } = args;
  return {
    install: runtimeVersions ? { install: { "runtime-versions": runtimeVersions } } : {},
    commands: [...TEST_PREAMBLE, ...commands],
    reports: reports ? { reports: { [reports.group]: report(reports) } } : {},
  };
}

function report(reports: UnitTestReports): Report {
  return {
    files: reports.files,
    "base-directory": reports.baseDirectory,
    "file-format": withDefaults(REPORTS, reports).fileFormat,
  };
}
