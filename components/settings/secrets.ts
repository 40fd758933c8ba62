import { z } from "zod";
import { arnPattern, SECRET_RESOURCE } from "./arns";
import { readText, setting, text } from "./setting";

/** Name of a variable in a container: some images want dots and hyphens in theirs. */
export const VARIABLE = {
  pattern: /^[A-Za-z_][A-Za-z0-9_.-]*$/,
  max: 200,
  expected: "a variable name",
  example: "DB_URL",
} as const;

/** Name of a variable of a build, which its shell can read. */
export const BUILD_VARIABLE = {
  pattern: /^(?!CODEBUILD_)[A-Za-z_][A-Za-z0-9_]*$/,
  max: 200,
  expected: "a variable name: letters, digits and _, not beginning with CODEBUILD_",
  example: "DB_URL",
} as const;

/** What keys and tokens of the usual services begin with. */
const KEYS = [
  /^(?:AKIA|ASIA)[A-Z0-9]{16}$/,
  /^(?:sk|rk|pk)_(?:live|test)_\w{8}/,
  /^sk-[\w-]{20}/,
  /^gh[pousr]_\w{20}/,
  /^github_pat_\w{20}/,
  /^glpat-[\w-]{10}/,
  /^xox[abprs]-/,
  /^npm_\w{20}/,
  /^dckr_pat_/,
  /^AIza[\w-]{30}/,
  /^eyJ[\w-]+\.eyJ[\w-]+\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Whether a text is a key or token itself, to judge by its form. */
function looksSecret(value: string): boolean {
  return KEYS.some((form) => form.test(value));
}

const PARAMETER_NAME = "(?:/[A-Za-z0-9_.-]+)+|[A-Za-z0-9_.-]+";

/** Where a secret is: what stands for a parameter, what for a secret, and no third. `parts` may follow a secret's ARN. */
function secretPlace(parts: string): RegExp {
  return new RegExp(
    [
      `^(?:parameter:)?(?:${PARAMETER_NAME})$`,
      arnPattern({ service: "ssm", resource: "parameter/[A-Za-z0-9_./-]+" }).source,
      arnPattern({ service: "secretsmanager", resource: `${SECRET_RESOURCE}${parts}` }).source,
    ].join("|"),
  );
}

const SECRET_WORDS = {
  expected: "an SSM parameter's name or ARN, or a Secrets Manager ARN",
  hint: "a parameter is /path or parameter:name, a secret goes by its full ARN with its six last characters, a key in it as <ARN>:<key>::",
  hidden: true,
} as const;

function secretName(place: RegExp) {
  return z.preprocess(
    (value) => (typeof value === "string" ? value.replace(/^parameter:/, "") : value),
    z
      .string()
      .max(2048)
      .regex(place)
      .refine((value) => !looksSecret(value)),
  );
}

/**
 * Where a secret is: an SSM parameter by name or ARN, or a Secrets Manager secret by its full ARN, which ECS wants with its
 * six last characters. Never the value.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export const SECRET_NAME = setting(secretName(secretPlace("(?:(?::[^:*?\\s]*){3})?")), SECRET_WORDS, {
  example: "/dev/api/db-url",
});

/**
 * The same for a build: CodeBuild takes a key without the two colons behind it, `<ARN>:<key>`.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export const BUILD_SECRET_NAME = setting(secretName(secretPlace("(?::[^:*?\\s]*){0,3}")), SECRET_WORDS, {
  example: "/dev/api/db-url",
});

/** The value of a variable, for everyone to read. */
export const PLAIN_VALUE = setting(
  z.preprocess(
    readText,
    z.string().refine((value) => !looksSecret(value)),
  ),
  { expected: "plain text: a key or token belongs among the secrets", hidden: true },
  { example: "info" },
);

/** An SSM parameter that holds a tag, by name or ARN. */
export const TAG_PARAMETER = text(
  {
    pattern: /^(?:arn:aws[\w-]*:ssm:[^*?\s]+|[A-Za-z0-9_.-]{1,1011}|\/[A-Za-z0-9_./-]{1,1010})$/,
    expected: "an SSM parameter's name or ARN",
  },
  { example: "/shop/image-tag" },
);
