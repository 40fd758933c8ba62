import { z } from "zod";
import { GITHUB_ISSUER, PULUMI_ISSUER } from "../../components/access/webIdentity";
import { flag, rule, text, wholeNumber } from "../../stacks/config/leaf";
import { loadConfig } from "../../stacks/config/load";
import { existingProvider, organization, policyArn, project, stackName } from "../schema";

const policies = z.array(policyArn).min(1).max(10).optional();
const branch = text({ pattern: /^[^\s~^:?*[\\]{1,250}$/, expected: "a branch name" }, "main");

const github = z.strictObject({
  repository: text(
    {
      pattern: /^[\w.-]+(?:@\d+)?\/[\w.-]+(?:@\d+)?$/,
      expected: "`owner/name`, or `owner@id/name@id` for a repository made, renamed or moved after July 15, 2026",
    },
    "acme/delivery",
  ).describe("This repository, as GitHub's tokens name it"),
  branches: z
    .array(branch)
    .max(10)
    .optional()
    .describe("Branches whose jobs may look for drift: the default branch. Default: none"),
  provider: existingProvider(GITHUB_ISSUER)
    .optional()
    .describe("The account's identity provider for GitHub; created unless it exists"),
});

const pulumiCloud = z.strictObject({
  organization: organization.describe("Organization in Pulumi Cloud"),
  project: project.optional().describe("Project of the program. Default `ecs-delivery`"),
  provider: existingProvider(PULUMI_ISSUER)
    .optional()
    .describe("The account's identity provider for Pulumi Cloud; created unless it exists"),
});

const stack = z.strictObject({
  name: stackName.describe("Stack of the program, and GitHub environment"),
  previewPolicyArns: policies.describe("Policies of the role that looks. Default: one made for it"),
  updatePolicyArns: policies.describe("Policies of the role that updates. Default: one made for it"),
  permissionsBoundaryArn: policyArn
    .optional()
    .describe("Permissions boundary that every role an update makes must carry. Default: none"),
  maxSessionDurationInHours: wholeNumber(1, 12, 1, "hours").optional().describe("How long an update may take"),
});

/** Every key of a stack file of this program. */
const rolesConfigKeys = z.strictObject({
  github: github.optional().describe("Previews by GitHub Actions, and updates unless `pulumi` is set"),
  pulumi: pulumiCloud.optional().describe("Updates by Pulumi Deployments"),
  stacks: z
    .array(stack)
    .min(1)
    .max(20)
    .meta({ expected: "a list of 1 to 20 stacks that live in this account", example: "" }),
  reviewStacks: flag(true)
    .optional()
    .describe(
      "Whether there is a role for review stacks: GitHub environment `review`, or stacks `pr-*`. Default `false`",
    ),
});

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
