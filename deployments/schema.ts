import { existing, text } from "../stacks/config/leaf";

/** Name of a stack of the program, which is also the GitHub environment's. */
export const stackName = text(
  { pattern: /^[A-Za-z0-9][\w.-]*$/, max: 40, expected: "1 to 40 letters, digits and . _ -, a letter or digit first" },
  "dev",
);

/** Organization in Pulumi Cloud; tokens have it in lower case. */
export const organization = text(
  { pattern: /^[a-z0-9][a-z0-9_-]*$/, max: 40, expected: "the organization's name in lower case" },
  "acme",
);

/** Project of the program in Pulumi Cloud. */
export const project = text({ pattern: /^[\w.-]+$/, max: 100, expected: "the name in Pulumi.yaml" }, "ecs-delivery");

/** A role by ARN. */
export const roleArn = text(
  { pattern: /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, expected: "the ARN of an IAM role" },
  "arn:aws:iam::111122223333:role/ecs-delivery-deployment/ecs-delivery-dev-update",
);

/** A policy by ARN. */
export const policyArn = text(
  { pattern: /^arn:aws[\w-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/, expected: "the ARN of an IAM policy" },
  "arn:aws:iam::aws:policy/ReadOnlyAccess",
);

/** An identity provider of IAM by ARN: an account has one for each URL. */
export function existingProvider(issuer: string) {
  return existing(
    `the ARN of the account's identity provider for ${issuer}`,
    `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
    /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/\S+$/,
  );
}
