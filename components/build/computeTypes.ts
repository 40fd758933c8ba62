/** CodeBuild compute types for builds in containers. */
export const COMPUTE_TYPES = [
  "BUILD_GENERAL1_SMALL",
  "BUILD_GENERAL1_MEDIUM",
  "BUILD_GENERAL1_LARGE",
  "BUILD_GENERAL1_XLARGE",
  "BUILD_GENERAL1_2XLARGE",
] as const;

/** One of `COMPUTE_TYPES`. */
export type ComputeType = (typeof COMPUTE_TYPES)[number];
