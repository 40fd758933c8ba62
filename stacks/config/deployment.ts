import { z } from "zod";
import { type StrategyKind, strategies } from "../../components/deployment";
import { GUARDS } from "../../components/deployment/alarms";
import { CODE_DEPLOY } from "../../components/deployment/codeDeployBlueGreen";
import { ECS_CANARY, ECS_LINEAR, ECS_NATIVE } from "../../components/deployment/ecsNative";
import { ROLLING } from "../../components/deployment/rolling";
import type { DeploymentStrategy } from "../../components/deployment/strategy";
import { setting } from "../../components/settings/setting";
import { ownOrStacks } from "./strategyNamed";

const deployment = z.discriminatedUnion("strategy", [
  z.strictObject({ strategy: z.literal("rolling"), ...GUARDS, ...ROLLING }),
  z.strictObject({ strategy: z.literal("codeDeployBlueGreen"), ...GUARDS, ...CODE_DEPLOY }),
  z.strictObject({ strategy: z.literal("ecsBlueGreen"), ...GUARDS, ...ECS_NATIVE }),
  z.strictObject({ strategy: z.literal("ecsLinear"), ...GUARDS, ...ECS_NATIVE, ...ECS_LINEAR }),
  z.strictObject({ strategy: z.literal("ecsCanary"), ...GUARDS, ...ECS_NATIVE, ...ECS_CANARY }),
]);

const words = Object.keys(strategies);

/** A strategy by its word, or with its settings. */
export const deploymentSchema = setting(
  z
    .preprocess((value) => (typeof value === "string" ? { strategy: value } : value), deployment)
    .superRefine((value, context) => {
      for (const message of strategyFrom(value).problems) {
        context.addIssue({ code: "custom", message, input: value, params: { said: true } });
      }
    })
    .meta({ words }),
  { expected: `one of ${words.join(", ")}` },
  { example: "rolling" satisfies StrategyKind },
);

/** The strategy that deploys a service: its own, or the stack's, or the profile's, where it has traffic that can be moved. */
export function strategyOfService(
  service: Parameters<typeof ownOrStacks>[0] & { readonly deployment?: z.output<typeof deployment> | undefined },
  stack: { readonly deployment?: z.output<typeof deployment> | undefined },
  profile: { readonly deployment: DeploymentStrategy },
): DeploymentStrategy {
  const own = service.deployment && strategyFrom(service.deployment);
  return ownOrStacks(service, own, stack.deployment ? strategyFrom(stack.deployment) : profile.deployment);
}

/** The strategy that stack config asks for. */
export function strategyFrom(config: z.output<typeof deployment>): DeploymentStrategy {
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
