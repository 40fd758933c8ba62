import { shellWord } from "../../shellWord";
import { type Phase, renderBuildspec, scriptCommand } from "./buildspec";
import { testParts, type UnitTestBuildspecArgs } from "./unitTest";

/** Arguments of `environmentTestBuildspec`. */
export type EnvironmentTestBuildspecArgs = UnitTestBuildspecArgs;

/** Nothing could be tested, so this must not look like tests that found nothing. */
const EXPECT_URL: Phase = {
  commands: [
    `[[ -n \${ENVIRONMENT_URL//[[:space:]]/} ]] || { printf 'ERROR: ENVIRONMENT_URL is empty, expected the URL of the environment to test\\n' >&2; false; }`,
  ],
};

/**
 * Tests against an environment that runs: end to end, performance, security, acceptance. Runs the commands in the
 * service's folder; when one fails, the log ends with where the results are. The commands see
 * - `ENVIRONMENT_URL`: what to test; without it nothing runs and the build fails
 * - `IMAGE_URI`: the image delivered there. @default ""
 * - `COMMIT_ID`: @default ""
 * - `SERVICE_FOLDER`: where they run. @default "."
 *
 * https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html
 */
export function environmentTestBuildspec(args: EnvironmentTestBuildspecArgs): string {
  const { install, commands, reports } = testParts(args);
  const group = shellWord(args.reports?.group ?? "");
  return renderBuildspec({
    env: { variables: { SERVICE_FOLDER: ".", ENVIRONMENT_URL: "", IMAGE_URI: "", COMMIT_ID: "" } },
    phases: {
      ...install,
      pre_build: EXPECT_URL,
      // Not ABORT: what follows a failed test must run. The build fails all the same.
      build: { commands },
      post_build: { commands: [`REPORT_GROUP=${group}`, scriptCommand("environment-test-failed.sh")] },
    },
    ...reports,
  });
}
