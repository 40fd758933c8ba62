import { arnPattern, ROLE_ARN } from "../components/settings/arns";
import { text } from "../components/settings/setting";
import { taken } from "../stacks/config/existing";

/** Name of a stack of the program, which is also the GitHub environment's. */
export const stackName = text(
  { pattern: /^[A-Za-z0-9][\w.-]*$/, max: 40, expected: "1 to 40 letters, digits and . _ -, a letter or digit first" },
  { example: "dev" },
);

/** Organization in Pulumi Cloud; tokens have it in lower case. */
export const organization = text(
  { pattern: /^[a-z0-9][a-z0-9_-]*$/, max: 40, expected: "the organization's name in lower case" },
  { example: "acme" },
);

/** Project of the program in Pulumi Cloud. */
export const project = text(
  { pattern: /^[\w.-]+$/, max: 100, expected: "the name in Pulumi.yaml" },
  { default: "ecs-delivery" },
);

/** A role by ARN. */
export const roleArn = ROLE_ARN;

/** A policy by ARN. */
export const policyArn = text(
  { pattern: /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/, expected: "the ARN of an IAM policy" },
  { example: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
);

/** A branch of this repository. */
export const branch = text(
  { pattern: /^[^\s~^:?*[\\]{1,250}$/, expected: "a branch of this repository" },
  { example: "main" },
);

/** An identity provider of IAM by ARN: an account has one for each URL. */
export function existingProvider(issuer: string) {
  const form = { service: "iam", region: "none", resource: "oidc-provider/[A-Za-z0-9._/-]+" } as const;
  return taken(
    text(
      { pattern: arnPattern(form), expected: `the ARN of the account's identity provider for ${issuer}` },
      { example: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    ),
  );
}
