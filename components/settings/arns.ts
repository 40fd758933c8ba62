import { text } from "./setting";

/** ARN of a Lambda function. */
export const FUNCTION_ARN = text(
  { pattern: /^arn:aws[\w-]*:lambda:/, expected: "the ARN of a Lambda function" },
  { example: "arn:aws:lambda:eu-west-1:111122223333:function:check" },
);

/** ARN of an IAM role. */
export const ROLE_ARN = text(
  { pattern: /^arn:aws[\w-]*:iam::\d{12}:role\//, expected: "the ARN of an IAM role" },
  { example: "arn:aws:iam::111122223333:role/hooks" },
);

/** ARN of an ACM certificate. */
export const CERTIFICATE_ARN = text(
  { pattern: /^arn:aws[\w-]*:acm:/, expected: "the ARN of an ACM certificate" },
  { example: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b" },
);
