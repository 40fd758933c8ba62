import { resolve } from "node:path";
import { withDefaults } from "../components/settings/settings";
import { listStacks, readStackConfig } from "../preview/record/stackFile";
import { NAMESPACE } from "../stacks/config/namespace";
import { promised } from "../stacks/promised";
import { DEPLOYED_STACK, loadSettingsConfig, PROGRAM, type SettingsConfig, type StackFiles } from "./config";
import { StackDeployment } from "./stackDeployment";

const ROOT = resolve(__dirname, "..");

/** Settings of Pulumi Deployments for every stack that is listed. */
export function deploySettings(): void {
  const files = stackFiles();
  const config = loadSettingsConfig(files);
  for (const stack of config.stacks) defineStackDeployment(stack, config, files);
}

function defineStackDeployment(
  given: SettingsConfig["stacks"][number],
  program: SettingsConfig,
  files: StackFiles,
): void {
  const { name, runs, branch, paths, driftSchedule, ...rest } = withDefaults(DEPLOYED_STACK, given);
  const { organization, project, repository } = withDefaults(PROGRAM, program);
  new StackDeployment(name, {
    organization,
    project,
    stack: name,
    repository,
    runs,
    ...rest,
    branch: promised(branch ?? files.get(name)?.branch, `stacks: branch of ${name}`),
    paths: paths ?? programPaths(name),
    driftSchedule: runs === "updates" ? driftSchedule : undefined,
  });
}

/** What a stack is made of: nothing else in this repository changes it. */
function programPaths(stack: string): readonly string[] {
  const files = ["Pulumi.yaml", `Pulumi.${stack}.yaml`, "index.ts", "package-lock.json", "tsconfig.json"];
  return [...files, "components/**", "stacks/**"];
}

function stackFiles(): StackFiles {
  const read = (stack: string) => readStackConfig(ROOT, NAMESPACE, stack);
  return new Map(
    listStacks(ROOT).map((stack) => {
      const config = read(stack);
      const environment = config[`${NAMESPACE}:environment`] ?? stack;
      return [stack, { environment, branch: config[`${NAMESPACE}:branch`] }];
    }),
  );
}
