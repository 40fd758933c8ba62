import { type Given, type Setting, text } from "./setting";

/** How an ARN is written, part by part. */
interface ArnForm {
  /** Service, as a pattern: some have two names. */
  readonly service: string;
  /** @default - a region */
  readonly region?: "none";
  /** @default - an account id */
  readonly account?: "none";
  /** Resource, as a pattern. No wildcard: what is named goes into policies as it is. */
  readonly resource: string;
}

/** The pattern of an ARN, from its first to its last character. */
export function arnPattern({ service, region, account, resource }: ArnForm): RegExp {
  const where = region === "none" ? "" : "[a-z]{2}(?:-[a-z]+)+-\\d";
  const whose = account === "none" ? "" : "\\d{12}";
  return new RegExp(`^arn:aws(?:-[a-z]+)*:(?:${service}):${where}:${whose}:${resource}$`);
}

/** An ARN of one kind. */
function arn<const G extends Given<string>>(form: ArnForm, what: string, given: G): Setting<string, G> {
  return text({ pattern: arnPattern(form), expected: `the ARN of ${what}`, owned: true }, given);
}

/** ARN of a Lambda function, with an alias or version perhaps. */
export const FUNCTION_ARN = arn(
  { service: "lambda", resource: "function:[A-Za-z0-9_-]+(?::[A-Za-z0-9_$-]+)?" },
  "a Lambda function",
  { example: "arn:aws:lambda:eu-west-1:111122223333:function:check" },
);

const FUNCTION_NAME = "[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_$-]+)?";

/** A Lambda function by its ARN, or by its name in this account and region, with an alias or version perhaps. */
export const FUNCTION = text(
  {
    pattern: new RegExp(
      `^${FUNCTION_NAME}$|${arnPattern({ service: "lambda", resource: `function:${FUNCTION_NAME}` }).source}`,
    ),
    expected: "the name or ARN of a Lambda function",
  },
  { example: "check" },
);

/** ARN of an IAM role. */
export const ROLE_ARN = arn({ service: "iam", region: "none", resource: "role/[A-Za-z0-9+=,.@_/-]+" }, "an IAM role", {
  example: "arn:aws:iam::111122223333:role/hooks",
});

/** Path of roles and policies. */
export const ROLE_PATH = text(
  { pattern: /^\/(?:[A-Za-z0-9+=,.@_-]+\/)*$/, max: 512, expected: "a path of IAM that begins and ends with /" },
  { example: "/" },
);

/** ARN of an IAM policy, AWS's own ones among them. */
export const POLICY_ARN = text(
  {
    pattern: /^arn:aws(?:-[a-z]+)*:iam::(?:\d{12}|aws):policy\/[A-Za-z0-9+=,.@_/-]+$/,
    expected: "the ARN of an IAM policy",
    owned: true,
  },
  { example: "arn:aws:iam::111122223333:policy/boundary" },
);

/** ARN of an ACM certificate. */
export const CERTIFICATE_ARN = arn({ service: "acm", resource: "certificate/[A-Za-z0-9-]+" }, "an ACM certificate", {
  example: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b",
});

/** ARN of a KMS key; an alias is none, because policies name keys. */
export const KEY_ARN = arn({ service: "kms", resource: "key/[A-Za-z0-9-]+" }, "a KMS key", {
  example: "arn:aws:kms:eu-west-1:111122223333:key/0a1b",
});

/** ARN of an SNS topic. */
export const TOPIC_ARN = arn({ service: "sns", resource: "[A-Za-z0-9_-]{1,256}" }, "an SNS topic", {
  example: "arn:aws:sns:eu-west-1:111122223333:deliveries",
});

/** ARN of a connection to GitHub, GitLab or Bitbucket; the service has two names. */
export const CONNECTION_ARN = arn(
  { service: "codeconnections|codestar-connections", resource: "connection/[A-Za-z0-9-]+" },
  "a connection",
  { example: "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b" },
);

/** ARN of a listener of an application load balancer. */
export const LISTENER_ARN = arn(
  { service: "elasticloadbalancing", resource: "listener/app/[A-Za-z0-9-]+/[A-Za-z0-9]+/[A-Za-z0-9]+" },
  "a listener",
  { example: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/0a1b/2c3d" },
);

/** ARN of a target group. */
export const TARGET_GROUP_ARN = arn(
  { service: "elasticloadbalancing", resource: "targetgroup/[A-Za-z0-9-]+/[A-Za-z0-9]+" },
  "a targetgroup",
  { example: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/0a1b" },
);

/** ARN of a web ACL for load balancers; one of CloudFront's does not go with them. */
export const WEB_ACL_ARN = arn(
  { service: "wafv2", resource: "regional/webacl/[A-Za-z0-9_-]{1,128}/[A-Za-z0-9-]+" },
  "a regional web ACL",
  { example: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0a1b" },
);

/** A secret's name in its ARN: AWS puts a hyphen and six characters behind the name that people gave it. */
export const SECRET_RESOURCE = "secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}";

/** ARN of a Secrets Manager secret. */
export const SECRET_ARN = arn({ service: "secretsmanager", resource: SECRET_RESOURCE }, "a Secrets Manager secret", {
  example: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:docker-hub-AbCdEf",
});
