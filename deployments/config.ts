import { z } from "zod";
import { checkCrontab } from "../components/checks/cron";
import { isMoment } from "../components/checks/schedule";
import { GITHUB_REPOSITORY } from "../components/settings/gitHub";
import { checkedText, flag, listSetting, oneOf, text } from "../components/settings/setting";
import { settings } from "../components/settings/settings";
import { loadConfig } from "../stacks/config/load";
import { rule } from "../stacks/config/rule";
import { branch, organization, project, roleArn, stackName } from "./schema";
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

function momentProblem(text: string): string | undefined {
  const [, moment = ""] = /^(.*)Z$/.exec(text) ?? [];
  return isMoment(moment) ? undefined : "no moment of the calendar";
}

/** One stack that Pulumi Deployments run. */
export const DEPLOYED_STACK = settings({
  /** Stack of the program. */
  name: stackName,
  /** The one thing that is done for it; `reviewStacks` makes it a template. @default "updates" */
  runs: oneOf(["updates", "previews", "reviewStacks"] satisfies [Runs, ...Runs[]], { default: "updates" }),
  /** Role of every operation: for `previews` the one that looks, else the one that updates. */
  roleArn,
  /** Branch of this repository. @default - `ecs-delivery:branch` in the stack's file */
  branch: branch.optional(),
  /** Only changes of these files are deployed. @default - what the program is made of */
  paths: listSetting(
    text({ pattern: /^\S+$/, max: 255, expected: "a glob, or ! and a glob" }, { example: "stacks/**" }),
    {
      min: 1,
      max: 50,
    },
  ).optional(),
  /** When to compare an updated stack with the account: five fields of cron, in UTC. @default "0 3 * * *" */
  driftSchedule: checkedText(checkCrontab, "five fields of cron, in UTC", { default: "0 3 * * *" }),
  /** Whether drift is undone without asking; never in prod. @default false */
  autoRemediate: flag({ default: false }),
  /** When to destroy a stack that is there for a while. @default - never */
  destroyAt: checkedText(momentProblem, "a moment in UTC", {
    example: "2027-12-24T00:00:00Z",
  }).optional(),
});

const stackKeys = z.strictObject(DEPLOYED_STACK);

/** Drift is looked for where updates are made. */
function onlyUpdated(key: "driftSchedule" | "autoRemediate") {
  return rule(
    z.looseObject({ runs: z.string().optional(), [key]: z.unknown().optional() }),
    (stack) =>
      (stack.runs ?? "updates") !== "updates" && stack[key] !== undefined
        ? `nothing with runs: ${String(stack.runs)}, because drift is looked for where updates are made`
        : undefined,
    { path: [key], remove: true },
  );
}

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
        z.looseObject({ ...named, autoRemediate: DEPLOYED_STACK.autoRemediate }),
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
    )
    .refine(
      ...rule(
        z.looseObject({ ...named, runs: z.string().optional() }),
        ({ name, runs }) =>
          runs === "reviewStacks" && isProd(name)
            ? "updates or previews: whoever opens a pull request would get a copy of prod"
            : undefined,
        { path: ["runs"], mend: () => "updates" },
      ),
    )
    .refine(...onlyUpdated("driftSchedule"))
    .refine(...onlyUpdated("autoRemediate"));
}

/** Whose stacks Pulumi Deployments run. */
export const PROGRAM = settings({
  /** Organization in Pulumi Cloud. */
  organization,
  /** Project of the program in Pulumi Cloud. @default "ecs-delivery" */
  project,
  /** This repository. */
  repository: text({ ...GITHUB_REPOSITORY, max: 140 }, { example: "acme/delivery" }),
});

function settingsKeys(files: StackFiles) {
  return z.strictObject({
    ...PROGRAM,
    stacks: listSetting(stackSchema(files), { min: 1, max: 50, expected: "a list of 1 to 50 stacks" }),
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
