import { z } from "zod";
import { type Profiles, profiles } from "../profiles";
import { balancerOf } from "./balancers";
import { balancedService, deliveryRules, isBalanced } from "./deliveryRules";
import { environmentSchema, stackConfigKeys } from "./keys";
import { rule } from "./rule";
import { isGit } from "./source";
import { stageSizes } from "./stageSizes";
import { deploymentKey, strategyNamed } from "./strategyNamed";
import { togetherRules } from "./togetherRules";

const adopted = z.object({ existing: z.string() }).optional();
const serviceParts = z.looseObject({
  sourceRepository: z.string().optional(),
  service: adopted,
  executionRole: adopted,
  taskRole: adopted,
});

const visibility = z.looseObject({ internal: z.unknown().optional() }).optional();

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
        return internal !== true && internal !== "true" && !one.service && !one.targets && isBalanced(one);
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
      services: z.array(balancedService),
    }),
    ({ deployment, services }) => {
      const worker = services.find((one) => !one.service && !isBalanced(one));
      if (!strategyNamed(deployment)?.needsTargets || !worker) return undefined;
      const lacks = worker.container.port === undefined ? "port" : "load balancer";
      return `rolling: service "${worker.name}" has no ${lacks}, so there is no traffic to move`;
    },
    { path: ["deployment"] },
  ),
];

/** A stack's configuration: the keys, and the rules that hold between them. `known` are the shapes it may have. */
export function stackConfigSchema(known: Profiles = profiles, stack = ""): typeof stackConfigKeys {
  const keys = stackConfigKeys.extend({ environment: environmentSchema(Object.keys(known)) });
  return [...rules, ...deliveryRules(known), ...togetherRules(known, stack), ...stageSizes(known)].reduce(
    (schema, one) => schema.refine(...one),
    keys,
  );
}
