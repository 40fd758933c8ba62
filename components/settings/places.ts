import { text } from "./setting";

/** An availability zone. */
export const ZONE = text(
  { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/, expected: "an availability zone like eu-west-1a" },
  { example: "eu-west-1b" },
);

/** A region. */
export const REGION = text(
  { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/, expected: "an AWS region" },
  { example: "eu-central-1" },
);
