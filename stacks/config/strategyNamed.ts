import { z } from "zod";
import { strategies } from "../../components/deployment";
import type { DeploymentStrategy } from "../../components/deployment/strategy";

/** `deployment`, as far as rules between keys read it: a word, or a map with it. */
export const deploymentKey = z.union([
  z.string(),
  z.looseObject({ strategy: z.string(), advancedConfiguration: z.unknown().optional() }),
]);

/** The strategy that `deployment` names; `otherwise` where it is not set, undefined for a word that is none. */
export function strategyNamed(
  given: z.output<typeof deploymentKey> | undefined,
  otherwise?: DeploymentStrategy,
): DeploymentStrategy | undefined {
  if (given === undefined) return otherwise;
  const { strategy, advancedConfiguration: prepared } = typeof given === "string" ? withoutMore(given) : given;
  const advancedConfiguration = prepared === true || prepared === "true";
  if (advancedConfiguration && strategy === strategies.rolling().kind) {
    return strategies.rolling({ advancedConfiguration });
  }
  return Object.entries(strategies).find(([word]) => word === strategy)?.[1]();
}

function withoutMore(strategy: string): { strategy: string; advancedConfiguration?: unknown } {
  return { strategy };
}
