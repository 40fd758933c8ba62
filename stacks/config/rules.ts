import { z } from "zod";
import { type Profiles, profiles } from "../profiles";
import { balancerOf } from "./balancers";
import { balancerTypeRules } from "./balancerTypeRules";
import { balancedService, deliveryRules } from "./deliveryRules";
import { imageRules } from "./imageRules";
import { environmentSchema, stackConfigKeys } from "./keys";
import { protocolRules } from "./protocolRules";
import { rule } from "./rule";
import { sharingRules } from "./sharingRules";
import { isGit } from "./source";
import { stageSizes } from "./stageSizes";
import { deployableService, deploymentKey, isBalanced, strategyNamed } from "./strategyNamed";
import { tagReleaseRules } from "./tagReleaseRules";
import { togetherRules } from "./togetherRules";
import { workflowRules } from "./workflowRules";

const adopted = z.object({ existing: z.string() }).optional();
const serviceParts = z.looseObject({
  sourceRepository: z.string().optional(),
  service: adopted,
  executionRole: adopted,
  taskRole: adopted,
});

const visibility = z.looseObject({ type: z.unknown().optional(), internal: z.unknown().optional() }).optional();

const rules = [
  rule(
    z.looseObject({
      source: z.looseObject({ provider: z.string(), repository: z.string().optional() }),
      services: z.array(serviceParts),
    }),
    ({ source, services }) =>
      isGit(source.provider) &&
      source.repository === undefined &&
      services.some((service) => service.sourceRepository === undefined)
        ? "the source repository, because not every service has a sourceRepository of its own"
        : undefined,
    { path: ["source", "repository"] },
  ),
  rule(
    z.looseObject({ cluster: adopted, services: z.array(serviceParts) }),
    ({ cluster, services }) =>
      cluster === undefined && services.some(({ service }) => service)
        ? "{ existing: <name or ARN> }, because a service that exists is in a cluster that exists"
        : undefined,
    { path: ["cluster"] },
  ),
  ...(["executionRole", "taskRole"] as const).map((key) => {
    const lacks = (services: readonly z.output<typeof serviceParts>[]) =>
      services.findIndex((given) => given.service && !given[key]);
    return rule(
      z.looseObject({ pipelineRole: adopted, services: z.array(serviceParts) }),
      ({ pipelineRole, services }) =>
        !pipelineRole && lacks(services) >= 0
          ? "executionRole and taskRole of each service that exists: the pipeline's new role may pass exactly these"
          : undefined,
      { path: ["services"], at: ({ services }) => [lacks(services), key] },
    );
  }),
  rule(
    z.looseObject({
      network: z
        .looseObject({ existing: z.looseObject({ publicSubnets: z.unknown().optional() }).optional() })
        .optional(),
      loadBalancer: visibility,
      services: z.array(balancedService.extend({ loadBalancer: visibility })),
    }),
    ({ network: given, services, ...stack }) => {
      const seen = services.some((one) => {
        const { internal } = balancerOf(stack, one) ?? {};
        const own = !one.service && !one.targets && !one.loadBalancerOf && isBalanced(one);
        return own && internal !== true && internal !== "true";
      });
      return given?.existing && !given.existing.publicSubnets && seen
        ? "zone to subnet for the load balancers, or loadBalancer.internal: true"
        : undefined;
    },
    { path: ["network", "existing", "publicSubnets"] },
  ),
  rule(
    z.looseObject({
      deployment: deploymentKey,
      services: z.array(deployableService),
    }),
    ({ deployment, services }) => {
      const [worker, ...others] = services.filter((one) => one.deployment === undefined);
      // Workers roll beside services whose traffic it moves.
      if (!strategyNamed(deployment)?.needsTargets || !worker || ![worker, ...others].every(isWorker)) return undefined;
      return `rolling: ${without(worker)}`;
    },
    { path: ["deployment"] },
  ),
  rule(
    z.looseObject({ services: z.array(deployableService) }),
    ({ services }) => {
      const one = services[movesNothing(services)];
      return one && `rolling: ${without(one)}`;
    },
    { path: ["services"], at: ({ services }) => [movesNothing(services), "deployment"], mend: () => "rolling" },
  ),
  rule(
    z.looseObject({ deployment: deploymentKey, services: z.array(deployableService) }),
    ({ services }) =>
      services.every((one) => one.deployment !== undefined)
        ? "nothing: every service has a deployment of its own"
        : undefined,
    { path: ["deployment"], remove: true },
  ),
];

type Deployed = z.output<typeof deployableService>;

/** A service of this stack without traffic that could be moved. */
function isWorker(one: Deployed): boolean {
  return one.service === undefined && !isBalanced(one);
}

/** A worker with a strategy of its own that moves traffic; -1 where there is none. */
function movesNothing(services: readonly Deployed[]): number {
  return services.findIndex((one) => isWorker(one) && strategyNamed(one.deployment)?.needsTargets);
}

function without({ name, container }: Deployed): string {
  const lacks = container.port === undefined ? "port" : "load balancer";
  return `service "${name}" has no ${lacks}, so there is no traffic to move`;
}

const schemas = new WeakMap<Profiles, Map<string, typeof stackConfigKeys>>();

/**
 * A stack's configuration: the keys, and the rules that hold between them. `known` are the shapes it may have. Each is made
 * once: it takes as long as reading a file with it.
 */
export function stackConfigSchema(known: Profiles = profiles, stack = ""): typeof stackConfigKeys {
  const made = schemas.get(known) ?? new Map<string, typeof stackConfigKeys>();
  schemas.set(known, made);
  const schema = made.get(stack) ?? makeSchema(known, stack);
  made.set(stack, schema);
  return schema;
}

function makeSchema(known: Profiles, stack: string): typeof stackConfigKeys {
  const keys = stackConfigKeys.extend({ environment: environmentSchema(Object.keys(known)) });
  return [
    ...rules,
    ...deliveryRules(known),
    ...togetherRules(known, stack),
    ...sharingRules(known),
    ...protocolRules,
    ...imageRules,
    ...balancerTypeRules(known),
    ...stageSizes(known),
    ...workflowRules(known, stack),
    ...tagReleaseRules(known),
  ].reduce((schema, one) => schema.refine(...one), keys);
}
