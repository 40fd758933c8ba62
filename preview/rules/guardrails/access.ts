import { z } from "zod";
import { type RecordedStatement, statementsIn } from "../../../model/graph/iam";
import { isMap, mapOf, textsOf } from "../../../model/graph/read";
import { TYPES } from "../../../model/graph/resources";
import { conditionKeys } from "../../../model/permissions/evaluate/conditions";
import { principalsOf } from "../../../model/permissions/roleAccess";
import { guardrail, type NamedRule, NO_OPTIONS } from "../rule";

const EVERYTHING = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

const administratorRole = guardrail({
  name: "administrator-role",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "No role may do everything",
  remedy: "name the calls that are needed and what they are for",
  types: [
    TYPES.role,
    TYPES.policyAttachment,
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  ],
  options: z.strictObject({
    policies: z.array(z.string()).default(EVERYTHING).describe("Names of AWS's policies that nobody gets"),
  }),
  problems: ({ inputs }, { policies }) =>
    [...textsOf(inputs.policyArn), ...textsOf(inputs.managedPolicyArns)]
      .map((arn) => arn.split("/").at(-1) ?? "")
      .filter((name) => policies.includes(name))
      .map((name) => `has AWS's policy ${name}`),
});

const openTrust = guardrail({
  name: "anyone-may-take-role",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "A role can be taken by those alone who are named",
  remedy: "name account and role, or for a web identity the subject: repository and branch or environment",
  types: [TYPES.role],
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    statementsIn(inputs.assumeRolePolicy)
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) => [...anybody(statement), ...anyIdentity(statement)]),
});

/** Conditions that say who it is. */
const WHO =
  /^aws:(?:PrincipalArn|PrincipalOrgID|PrincipalOrgPaths|PrincipalAccount|SourceArn|SourceAccount)$|ExternalId/i;

function anybody(statement: RecordedStatement): readonly string[] {
  const open = principalsOf(statement).aws.includes("*");
  return open && !conditionKeys(statement).some((key) => WHO.test(key)) ? ["every AWS account may take it"] : [];
}

function anyIdentity({ principal, condition }: RecordedStatement): readonly string[] {
  const provider = textsOf(mapOf(principal).Federated).find((one) => /oidc|cognito|accounts\.google/.test(one));
  if (provider === undefined) return [];
  const who = provider.split("oidc-provider/").at(-1) ?? provider;
  const subjects = conditionsIn(condition).filter(([, key]) => /:sub$/i.test(key));
  if (subjects.length === 0) return [`whoever ${who} knows may take it: there is no condition on the subject`];
  return subjects
    .flatMap(([operator, , values]) => (/like/i.test(operator) ? values : []))
    .filter((value) => /^(?:\*|repo:\*|repo:[^/:]+\/\*|organization:\*)/.test(value))
    .map((value) => `the subject "${value}" is no single repository`);
}

function conditionsIn(condition: RecordedStatement["condition"]): readonly [string, string, readonly string[]][] {
  return Object.entries(condition).flatMap(([operator, block]) =>
    isMap(block)
      ? Object.entries(block).map(([key, value]): [string, string, readonly string[]] => [
          operator,
          key,
          textsOf(value),
        ])
      : [],
  );
}

export const accessRules: readonly NamedRule[] = [administratorRole, openTrust];
