import { resolve } from "node:path";
import { listStacks, readStackConfig } from "../preview/record/stackFile";
import { NAMESPACE } from "../stacks/config/namespace";
import { loadSettingsConfig, type SettingsConfig, type StackFiles } from "./config";
import { StackDeployment } from "./stackDeployment";

const ROOT = resolve(__dirname, "..");

/** Every night at 3, in UTC. */
const NIGHTLY = "0 3 * * *";

/** Settings of Pulumi Deployments for every stack that is listed. */
export function deploySettings(): void {
  const files = stackFiles();
  const config = loadSettingsConfig(files);
  for (const stack of config.stacks) defineStackDeployment(stack, config, files);
}

function defineStackDeployment(
  { name, runs = "updates", branch, paths, driftSchedule = NIGHTLY, ...rest }: SettingsConfig["stacks"][number],
  { organization, project = NAMESPACE, repository }: SettingsConfig,
  files: StackFiles,
): void {
  new StackDeployment(name, {
    organization,
    project,
    stack: name,
    repository,
    runs,
    ...rest,
    branch: branch ?? files.get(name)?.branch ?? "",
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
