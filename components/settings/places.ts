import { text } from "./setting";

/** Name of an availability zone. */
export const ZONE_NAME = {
  pattern: /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/,
  expected: "an availability zone like eu-west-1a",
  example: "eu-west-1b",
};

/** An availability zone. */
export const ZONE = text(ZONE_NAME, { example: ZONE_NAME.example });

/** A region. */
export const REGION = text(
  { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/, expected: "an AWS region" },
  { example: "eu-central-1" },
);

/** A security group. */
export const SECURITY_GROUP_ID = text(
  { pattern: /^sg-[0-9a-z]+$/, expected: "a security group id", owned: true },
  { example: "sg-0a1b2c3d" },
);
