import { z } from "zod";
import { flag, oneOf, rule, text } from "../stacks/config/leaf";
import { loadConfig } from "../stacks/config/load";
import { organization, project, roleArn, stackName } from "./schema";
import type { Runs } from "./stackDeployment";

/** What the program's own stack files say of its stacks, by name. */
export type StackFiles = ReadonlyMap<string, StackFile>;

/** What matters here of one stack file. */
export interface StackFile {
  /** Absent where nothing is delivered from a branch. */
  readonly branch: string | undefined;
  /** Shape of the environment. */
  readonly environment: string;
}

/** Environments that nothing happens to by the clock. */
const PRODUCTION = ["prod", "production", "commitToProduction"];

const CRON = /^(?:[\d*,/A-Za-z-]+ ){4}[\d*,/A-Za-z-]+$/;

const stackKeys = z.strictObject({
  name: stackName.describe("Stack of the program"),
  runs: oneOf(["updates", "previews", "reviewStacks"] satisfies [Runs, ...Runs[]])
    .optional()
    .describe("The one thing that is done for it; `reviewStacks` makes it a template. Default `updates`"),
  roleArn: roleArn.describe("Role of every operation: for `previews` the one that looks, else the one that updates"),
  branch: text({ pattern: /^[^\s~^:?*[\\]{1,250}$/, expected: "a branch of this repository" }, "main")
    .optional()
    .describe("Branch of this repository. Default: `ecs-delivery:branch` in the stack's file"),
  paths: z
    .array(text({ pattern: /^\S+$/, max: 255, expected: "a glob, or ! and a glob" }, "stacks/**"))
    .min(1)
    .max(50)
    .optional()
    .describe("Only changes of these files are deployed. Default: what the program is made of"),
  driftSchedule: text({ pattern: CRON, max: 100, expected: "five fields of cron, in UTC" }, "0 3 * * *")
    .optional()
    .describe("When to compare an updated stack with the account. Default: every night at 3"),
  autoRemediate: flag(false)
    .optional()
    .describe("Whether drift is undone without asking; never in prod. Default `false`"),
  destroyAt: text({ pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, expected: "a moment in UTC" }, "2026-12-24T00:00:00Z")
    .optional()
    .describe("When to destroy a stack that is there for a while. Default: never"),
});

/** One stack: what holds between its keys and its file. */
function stackSchema(files: StackFiles) {
  const named = { name: z.string() };
  const isProd = (name: string) => [name, files.get(name)?.environment ?? name].some((one) => PRODUCTION.includes(one));
  return stackKeys
    .refine(
      ...rule(
        z.looseObject({ ...named, branch: z.string().optional() }),
        ({ name, branch }) =>
          branch === undefined && files.get(name)?.branch === undefined
            ? `a branch, because no Pulumi.${name}.yaml has one`
            : undefined,
        { path: ["branch"] },
      ),
    )
    .refine(
      ...rule(
        z.looseObject({ ...named, autoRemediate: flag(false).optional() }),
        ({ name, autoRemediate }) =>
          autoRemediate && isProd(name) ? "false: what drifted in prod is looked at by a person first" : undefined,
        { path: ["autoRemediate"], mend: () => false },
      ),
    )
    .refine(
      ...rule(
        z.looseObject({ ...named, destroyAt: z.string().optional() }),
        ({ name, destroyAt }) =>
          destroyAt !== undefined && isProd(name) ? "nothing: prod is not destroyed by the clock" : undefined,
        { path: ["destroyAt"], remove: true },
      ),
    );
}

function settingsKeys(files: StackFiles) {
  return z.strictObject({
    organization: organization.describe("Organization in Pulumi Cloud"),
    project: project.optional().describe("Project of the program in Pulumi Cloud. Default `ecs-delivery`"),
    repository: text(
      { pattern: /^[\w.-]+\/[\w.-]+$/, max: 140, expected: "`owner/name` on GitHub" },
      "acme/delivery",
    ).describe("This repository"),
    stacks: z
      .array(stackSchema(files))
      .min(1)
      .max(50)
      .meta({ expected: "a list of 1 to 50 stacks", example: "" })
      .describe("Stacks that Pulumi Deployments run"),
  });
}

/** Configuration of this program, checked. */
export type SettingsConfig = z.output<ReturnType<typeof settingsKeys>>;

/** Reads the configuration, whole and once; throws one RunError that lists every problem. */
export function loadSettingsConfig(files: StackFiles): SettingsConfig {
  const keys = settingsKeys(files);
  const named = keys.refine(
    ...rule(
      z.looseObject({ stacks: z.array(z.looseObject({ name: z.string() })) }),
      ({ stacks }) => {
        const names = stacks.map(({ name }) => name);
        const twice = names.find((name, index) => names.indexOf(name) !== index);
        return twice === undefined ? undefined : `names that differ, but "${twice}" is there twice`;
      },
      { path: ["stacks"] },
    ),
  );
  return loadConfig(named, keys);
}
