import { z } from "zod";
import { strategies } from "../../components/deployment";
import type { DeploymentStrategy } from "../../components/deployment/strategy";
import type { Profiles } from "../profiles";

/** `deployment`, as far as rules between keys read it: a word, or a map with it. */
export const deploymentKey = z.union([
  z.string(),
  z.looseObject({ strategy: z.string(), advancedConfiguration: z.unknown().optional() }),
]);

/** What is asked of a service: whether traffic comes to it. */
export interface ServiceTraffic {
  /** A service that is there already: nobody here knows. */
  readonly service?: unknown;
  readonly container: { readonly port?: unknown };
  readonly loadBalanced?: unknown;
}

/** Whether traffic comes to a service through a load balancer, of this stack or of someone else. */
export function isBalanced({ container, loadBalanced }: ServiceTraffic): boolean {
  return container.port !== undefined && loadBalanced !== false && loadBalanced !== "false";
}

/** The strategy that deploys a service: its own, or the stack's; a worker has no traffic to move, and rolls. */
export function ownOrStacks<T extends DeploymentStrategy | undefined>(
  service: ServiceTraffic,
  own: DeploymentStrategy | undefined,
  ofStack: T,
): DeploymentStrategy | T {
  if (own) return own;
  if (!ofStack?.needsTargets || service.service !== undefined || isBalanced(service)) return ofStack;
  return ofStack.withoutTargets?.() ?? ofStack;
}

/** A service, as far as rules ask how it is deployed. */
export const deployableService = z.looseObject({
  name: z.string(),
  service: z.unknown().optional(),
  targets: z.unknown().optional(),
  loadBalanced: z.unknown().optional(),
  loadBalancerOf: z.string().optional(),
  container: z.looseObject({ port: z.unknown().optional() }),
  deployment: deploymentKey.optional(),
});

/** A stack, as far as rules ask how its services are deployed. */
export const deployableStack = z.looseObject({
  environment: z.string(),
  deployment: deploymentKey.optional(),
  services: z.array(deployableService),
});

/** The strategies by which services of a stack are deployed. */
export function strategyIn(
  { environment, deployment }: Pick<z.output<typeof deployableStack>, "environment" | "deployment">,
  known: Profiles,
): (service: z.output<typeof deployableService>) => DeploymentStrategy | undefined {
  const ofStack = strategyNamed(deployment, known[environment]?.deployment);
  return (service) => ownOrStacks(service, strategyNamed(service.deployment), ofStack);
}

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
