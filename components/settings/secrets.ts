import { text } from "./setting";

/** Name of a variable in a container: some images want dots and hyphens in theirs. */
export const VARIABLE = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  max: 200,
  expected: "a variable name",
  example: "DB_URL",
} as const;

/** Name of an SSM parameter or secret; never its value. */
export const SECRET_NAME = text(
  {
    pattern: /^(?:arn:aws[\w-]*:(?:ssm|secretsmanager):.+|[A-Za-z0-9_./-]+)$/,
    expected: "an SSM parameter's name or ARN, or a Secrets Manager ARN",
    hidden: true,
  },
  { example: "/dev/api/db-url" },
);

/** An SSM parameter that holds a tag, by name or ARN. */
export const TAG_PARAMETER = text(
  { pattern: /^(?:arn:aws[\w-]*:ssm:[^*?\s]+|[A-Za-z0-9_./-]{1,1011})$/, expected: "an SSM parameter's name or ARN" },
  { example: "/shop/image-tag" },
);
