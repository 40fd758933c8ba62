import { z } from "zod";
import { APPSPEC_HOOKS } from "../../components/build/buildspec/appspec";
import { type StrategyKind, strategies } from "../../components/deployment";
import { LIFECYCLE_STAGES } from "../../components/deployment/lifecycleHooks";
import type { DeploymentStrategy } from "../../components/deployment/strategy";
import { leaf, text, wholeNumber } from "./leaf";

const minutes = (min: number, max: number, example: number) => wholeNumber(min, max, example, "minutes").optional();
const percent = (min: number, max: number, example: number) =>
  leaf(z.coerce.number().min(min).max(max), `${min} to ${max} percent`, example).optional();
const functionArn = text(
  { pattern: /^arn:aws[\w-]*:lambda:/, expected: "the ARN of a Lambda function" },
  "arn:aws:lambda:eu-west-1:111122223333:function:check",
);
const roleArn = text(
  { pattern: /^arn:aws[\w-]*:iam::\d{12}:role\//, expected: "the ARN of an IAM role" },
  "arn:aws:iam::111122223333:role/hooks",
);

const guards = {
  maximumErrorPercent: percent(0, 100, 5).describe(
    "Share of 5xx answers at which a deployment is taken back. Default `5`",
  ),
  alarmNames: z
    .array(z.string().min(1).max(255))
    .max(6)
    .optional()
    .describe("CloudWatch alarms that guard deployments besides"),
};

const hook = z.union([
  z.strictObject({ lifecycleStages: z.array(z.enum(LIFECYCLE_STAGES)).min(1), functionArn, roleArn }),
  z.strictObject({
    lifecycleStages: z.array(z.enum(LIFECYCLE_STAGES)).min(1),
    pauseInMinutes: wholeNumber(1, 20_160, 30),
  }),
]);

const native = {
  ...guards,
  bakeTimeInMinutes: minutes(0, 1440, 5).describe("Minutes both versions run on after the shift. Default `5`"),
  lifecycleHooks: z
    .array(hook)
    .meta({ expected: "{ lifecycleStages, functionArn, roleArn } or { lifecycleStages, pauseInMinutes }", example: "" })
    .optional()
    .describe("Functions that check, and pauses for a person"),
  timeoutInMinutes: minutes(1, 60, 60).describe("Minutes the deploy action waits. Default `60`"),
};

const trafficRouting = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("AllAtOnce") }),
  z.strictObject({
    type: z.enum(["TimeBasedCanary", "TimeBasedLinear"]),
    percentage: wholeNumber(1, 99, 10, "percent"),
    intervalInMinutes: wholeNumber(1, 2880, 5, "minutes"),
  }),
]);

const settings = z.discriminatedUnion("strategy", [
  z.strictObject({
    strategy: z.literal("rolling"),
    ...guards,
    minimumHealthyPercent: wholeNumber(0, 100, 100, "percent").optional().describe("Default `100`"),
    maximumPercent: wholeNumber(100, 200, 200, "percent").optional().describe("Default `200`"),
    timeoutInMinutes: minutes(1, 60, 20).describe("Minutes the deploy action waits. Default `20`"),
  }),
  z.strictObject({
    strategy: z.literal("codeDeployBlueGreen"),
    ...guards,
    trafficRouting: trafficRouting.optional().describe("How production traffic moves. Default `{ type: AllAtOnce }`"),
    terminationWaitTimeInMinutes: minutes(0, 2880, 15).describe("Minutes the old tasks run on. Default `15`"),
    hooks: z.partialRecord(z.enum(APPSPEC_HOOKS), functionArn).optional().describe("Hook to Lambda function"),
    existing: z
      .strictObject({ applicationName: z.string().min(1).max(100), deploymentGroupName: z.string().min(1).max(100) })
      .optional()
      .describe("CodeDeploy application and group that are there already"),
  }),
  z.strictObject({ strategy: z.literal("ecsBlueGreen"), ...native }),
  z.strictObject({
    strategy: z.literal("ecsLinear"),
    ...native,
    stepPercent: percent(3, 100, 25).describe("Share that moves at each step. Default `25`"),
    stepBakeTimeInMinutes: minutes(0, 1440, 3).describe("Minutes between steps. Default `3`"),
  }),
  z.strictObject({
    strategy: z.literal("ecsCanary"),
    ...native,
    canaryPercent: percent(0.1, 100, 10).describe("Share that tries the new version first. Default `10`"),
    canaryBakeTimeInMinutes: minutes(0, 1440, 10).describe("Minutes until the rest follows. Default `10`"),
  }),
]);

/** A strategy by its word, or with its settings. */
export const deploymentSchema = leaf(
  z
    .preprocess((value) => (typeof value === "string" ? { strategy: value } : value), settings)
    .superRefine((value, context) => {
      for (const message of strategyFrom(value).problems) {
        context.addIssue({ code: "custom", message, input: value, params: { said: true } });
      }
    }),
  `one of ${Object.keys(strategies).join(", ")}`,
  "rolling" satisfies StrategyKind,
);

/** The strategy that stack config asks for. */
export function strategyFrom(config: z.output<typeof settings>): DeploymentStrategy {
  switch (config.strategy) {
    case "rolling":
      return strategies.rolling(config);
    case "codeDeployBlueGreen":
      return strategies.codeDeployBlueGreen(config);
    case "ecsBlueGreen":
      return strategies.ecsBlueGreen(config);
    case "ecsLinear":
      return strategies.ecsLinear(config);
    case "ecsCanary":
      return strategies.ecsCanary(config);
    default: {
      const never: never = config;
      return never;
    }
  }
}
