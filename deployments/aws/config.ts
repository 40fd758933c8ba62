import { z } from "zod";
import { GITHUB_ISSUER, PULUMI_ISSUER } from "../../components/access/webIdentity";
import { environmentNameIn } from "../../components/checks/names";
import { DOMAIN } from "../../components/loadBalancer/domain";
import { ROLE_PATH } from "../../components/settings/arns";
import { GITHUB_SUBJECT } from "../../components/settings/gitHub";
import { flag, listSetting, text, wholeNumber } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";
import { STACK_KEYS } from "../../stacks/config/keys";
import { loadConfig } from "../../stacks/config/load";
import { rule } from "../../stacks/config/rule";
import { rolePathIn } from "../../stacks/names";
import { branch, existingProvider, organization, policyArn, project, roleArn, stackName } from "../schema";

/** Updates and previews by GitHub Actions. */
export const GITHUB = settings({
  /** This repository, as GitHub's tokens name it. */
  repository: text(GITHUB_SUBJECT, { example: "acme/delivery" }),
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
  /** Path of the stack's roles, where its file says one (`rolePath`). @default - `/ecs-delivery/<name>/` */
  rolePath: ROLE_PATH.optional(),
  /** Roles that exist and that the stack passes to AWS services (`pipelineRole`, `taskRole` ...). @default - none */
  passedRoleArns: listSetting(roleArn, { min: 1, max: 20 }).optional(),
  /** Hosted zones in which the stack writes records, where a service has a `domain`. @default - none */
  hostedZoneIds: listSetting(DOMAIN.hostedZoneId, { min: 1, max: 20 }).optional(),
  /** How long an update may take. @default 1 */
  maxSessionDurationInHours: wholeNumber(1, 12, { default: 1, unit: "hours" }),
});

/** What review stacks may do. */
export const REVIEW = settings({
  /**
   * Whether they reach only what is called `pr-...`, and nothing that is tagged as another environment's. Without that whoever
   * pushes a branch may change all that the account has. @default true
   */
  confined: flag({ default: true, example: false }),
  /** Stacks whose cluster, network and load balancer they share, by the value of tag `environment`. @default - none */
  shares: listSetting(stackName, { min: 1, max: 3 }).optional(),
  /** Parameters and secrets that their tasks and builds read, by ARN; with `*` several. @default - none */
  reads: listSetting(
    text(
      {
        pattern:
          /^arn:aws[\w-]*:(?:ssm:[a-z0-9-]+:\d{12}:parameter|secretsmanager:[a-z0-9-]+:\d{12}:secret)[/:][\w/+=.@*-]+$/,
        expected: "the ARN of a parameter or a secret, or its beginning and *",
      },
      { example: "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/*" },
    ),
    { min: 1, max: 20 },
  ).optional(),
});

/** Every key of a stack file of this program. */
export const ROLES = settings({
  /** What the stack files of the program say under `project`. @default - nothing: names begin with the stack's */
  project: STACK_KEYS.project,
  /** Previews by GitHub Actions, and updates unless `pulumi` is set. @default - none */
  github: z.strictObject(GITHUB).optional(),
  /** Updates by Pulumi Deployments. @default - none */
  pulumi: z.strictObject(PULUMI_CLOUD).optional(),
  /** Stacks that live in this account. */
  stacks: listSetting(z.strictObject(STACK_ROLES), {
    max: 20,
    expected: "a list of up to 20 stacks that live in this account",
  }),
  /** Whether there is a role for review stacks: GitHub environment `review`, or stacks `pr-*`. @default false */
  reviewStacks: flag({ default: false, example: true }),
  /** What review stacks may do. @default - what is called `pr-...` */
  review: z.strictObject(REVIEW).optional(),
});

const rolesConfigKeys = z.strictObject(ROLES);

const placed = z.looseObject({
  project: z.string().optional(),
  stacks: z.array(z.looseObject({ name: z.string(), rolePath: z.string().optional() })),
});

/** The first stack whose path, which is not the account's whole, holds another stack's roles. */
function reached({ project, stacks }: z.output<typeof placed>) {
  const paths = stacks.map(({ name, rolePath }) => ({
    name,
    path: rolePathIn(environmentNameIn(name, project), rolePath),
  }));
  for (const [index, { path: own }] of paths.entries()) {
    const other = paths.find(({ path }, at) => at !== index && own !== "/" && path.startsWith(own));
    if (other) return { index, other: other.name, path: other.path };
  }
  return undefined;
}

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
  )
  .refine(
    ...rule(
      placed,
      (given) => {
        const { other, path } = reached(given) ?? {};
        return other && `a path that does not hold that of ${other}, ${path ?? ""}: its roles would be within reach`;
      },
      { path: ["stacks"], at: (given) => [reached(given)?.index ?? 0, "rolePath"], remove: true },
    ),
  )
  .refine(
    ...rule(
      z.looseObject({ stacks: z.array(z.unknown()), reviewStacks: z.unknown().optional() }),
      ({ stacks, reviewStacks }) =>
        stacks.length === 0 && reviewStacks !== true
          ? "one stack or more, unless the account is for review stacks alone (reviewStacks: true)"
          : undefined,
      { path: ["stacks"] },
    ),
  )
  .refine(
    ...rule(
      z.looseObject({
        stacks: z.array(z.looseObject({ name: z.string() })),
        reviewStacks: z.literal(true),
      }),
      ({ stacks }) => {
        const taken = stacks.find(({ name }) => name.startsWith("pr-"));
        return taken && `names that do not begin with pr-, which review stacks reach; got "${taken.name}"`;
      },
      { path: ["stacks"] },
    ),
  )
  .refine(
    ...rule(
      z.looseObject({
        stacks: z.array(z.looseObject({ name: z.string() })).min(1),
        reviewStacks: z.literal(true),
        review: z.looseObject({ confined: z.literal(false) }),
      }),
      ({ stacks }) =>
        `true beside ${stacks.map(({ name }) => name).join(", ")}, which whoever pushes a branch could change; false is for ` +
        "an account in which nothing else lives",
      { path: ["review", "confined"], mend: () => true },
    ),
  );

/** Configuration of this program, checked. */
export type RolesConfig = z.output<typeof rolesConfigKeys>;

/** Reads the configuration, whole and once; throws one RunError that lists every problem. */
export function loadRolesConfig(): RolesConfig {
  return loadConfig(rolesConfigSchema, rolesConfigKeys);
}
