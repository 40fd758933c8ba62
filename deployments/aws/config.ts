import { z } from "zod";
import { GITHUB_ISSUER, PULUMI_ISSUER } from "../../components/access/webIdentity";
import { flag, listSetting, text, wholeNumber } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";
import { loadConfig } from "../../stacks/config/load";
import { rule } from "../../stacks/config/rule";
import { branch, existingProvider, organization, policyArn, project, stackName } from "../schema";

/** Updates and previews by GitHub Actions. */
export const GITHUB = settings({
  /** This repository, as GitHub's tokens name it. */
  repository: text(
    {
      pattern: /^[\w.-]+(?:@\d+)?\/[\w.-]+(?:@\d+)?$/,
      expected: "`owner/name`, or `owner@id/name@id` for a repository made, renamed or moved after July 15, 2026",
    },
    { example: "acme/delivery" },
  ),
  /** Branches whose jobs may look for drift: the default branch. @default - none */
  branches: listSetting(branch, { max: 10 }).optional(),
  /** The account's identity provider for GitHub. @default - one is created */
  provider: existingProvider(GITHUB_ISSUER).optional(),
});

/** Updates by Pulumi Deployments. */
export const PULUMI_CLOUD = settings({
  /** Organization in Pulumi Cloud. */
  organization,
  /** Project of the program. @default "ecs-delivery" */
  project,
  /** The account's identity provider for Pulumi Cloud. @default - one is created */
  provider: existingProvider(PULUMI_ISSUER).optional(),
});

const policies = listSetting(policyArn, { min: 1, max: 10 }).optional();

/** A stack that lives in the account. */
export const STACK_ROLES = settings({
  /** Stack of the program, and GitHub environment. */
  name: stackName,
  /** Policies of the role that looks. @default - one made for it */
  previewPolicyArns: policies,
  /** Policies of the role that updates. @default - one made for it */
  updatePolicyArns: policies,
  /** Permissions boundary that every role an update makes must carry. @default - none */
  permissionsBoundaryArn: policyArn.optional(),
  /** How long an update may take. @default 1 */
  maxSessionDurationInHours: wholeNumber(1, 12, { default: 1, unit: "hours" }),
});

/** Every key of a stack file of this program. */
export const ROLES = settings({
  /** Previews by GitHub Actions, and updates unless `pulumi` is set. @default - none */
  github: z.strictObject(GITHUB).optional(),
  /** Updates by Pulumi Deployments. @default - none */
  pulumi: z.strictObject(PULUMI_CLOUD).optional(),
  /** Stacks that live in this account. */
  stacks: listSetting(z.strictObject(STACK_ROLES), {
    min: 1,
    max: 20,
    expected: "a list of 1 to 20 stacks that live in this account",
  }),
  /** Whether there is a role for review stacks: GitHub environment `review`, or stacks `pr-*`. @default false */
  reviewStacks: flag({ default: false, example: true }),
});

const rolesConfigKeys = z.strictObject(ROLES);

const rolesConfigSchema = rolesConfigKeys
  .refine(
    ...rule(
      z.looseObject({ github: z.unknown().optional(), pulumi: z.unknown().optional() }),
      ({ github, pulumi }) =>
        github === undefined && pulumi === undefined ? "the repository, unless `pulumi` says who updates" : undefined,
      { path: ["github"] },
    ),
  )
  .refine(
    ...rule(
      z.looseObject({ stacks: z.array(z.looseObject({ name: z.string() })) }),
      ({ stacks }) => {
        const names = [...stacks.map(({ name }) => name), "review"];
        const twice = names.find((name, index) => names.indexOf(name) !== index);
        return twice === undefined ? undefined : `names that differ, and none of them review; got "${twice}" again`;
      },
      { path: ["stacks"] },
    ),
  );

/** Configuration of this program, checked. */
export type RolesConfig = z.output<typeof rolesConfigKeys>;

/** Reads the configuration, whole and once; throws one RunError that lists every problem. */
export function loadRolesConfig(): RolesConfig {
  return loadConfig(rolesConfigSchema, rolesConfigKeys);
}
