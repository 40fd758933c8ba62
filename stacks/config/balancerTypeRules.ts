import { z } from "zod";
import { HTTP_SETTINGS, LOAD_BALANCER } from "../../components/loadBalancer/settings";
import { ECS_ACTION_MAX_MINUTES } from "../../components/pipeline/deploy/ecs";
import type { Profiles } from "../profiles";
import { isNetwork } from "./balancers";
import { deploymentOf } from "./deliveryRules";
import { deploymentSchema, strategyFrom } from "./deployment";
import { type ConfigRule, rule } from "./rule";
import { deployableStack, isBalanced, strategyIn } from "./strategyNamed";

const typed = z.looseObject({ type: LOAD_BALANCER.type }).optional();

const networkStack = deployableStack.extend({
  loadBalancer: typed,
  services: z.array(
    deployableStack.shape.services.element.extend({
      loadBalancer: typed,
      scaling: z.looseObject({ targetRequestsPerMinute: z.unknown().optional() }).optional(),
    }),
  ),
});
type Stack = z.output<typeof networkStack>;
type Service = Stack["services"][number];

/** Whether this stack makes a network load balancer for a service. */
function hasNetwork(config: Stack, one: Service): boolean {
  const own = one.service === undefined && one.targets === undefined && one.loadBalancerOf === undefined;
  return own && isBalanced(one) && isNetwork(config, one);
}

/** Where this setting about HTTP stands beside a network load balancer. */
function httpSetting(config: Stack, key: string): readonly PropertyKey[] | undefined {
  const says = (given: object | undefined) => given !== undefined && key in given;
  if (config.loadBalancer?.type === "network" && says(config.loadBalancer)) return ["loadBalancer", key];
  const index = config.services.findIndex((one) => hasNetwork(config, one) && says(one.loadBalancer));
  return index < 0 ? undefined : ["services", index, "loadBalancer", key];
}

/** A rule for each setting: what is wrong is said at once. */
const noHttp = HTTP_SETTINGS.map((key) =>
  rule(
    networkStack,
    (config) =>
      httpSetting(config, key) &&
      "nothing: a network load balancer hands on connections, and knows nothing of HTTP in them",
    { path: [], at: (config) => httpSetting(config, key) ?? [], remove: true },
  ),
);

function countsRequests(config: Stack): number {
  return config.services.findIndex(
    (one) => one.scaling?.targetRequestsPerMinute !== undefined && hasNetwork(config, one),
  );
}

const noRequests = rule(
  networkStack,
  (config) =>
    config.services[countsRequests(config)] && "nothing: a network load balancer counts no requests; use CPU or memory",
  {
    path: ["services"],
    at: (config) => [countsRequests(config), "scaling", "targetRequestsPerMinute"],
    remove: true,
  },
);

const routed = z.looseObject({ trafficRouting: z.looseObject({ type: z.string() }) });

/** A service behind a network load balancer whose traffic CodeDeploy is to move in steps. */
function inSteps(config: Stack, known: Profiles): Service | undefined {
  return config.services.find((one) => {
    const routing = routed.safeParse(one.deployment ?? config.deployment).data?.trafficRouting.type ?? "AllAtOnce";
    const isCodeDeploy = strategyIn(config, known)(one)?.controller === "CODE_DEPLOY";
    return isCodeDeploy && routing !== "AllAtOnce" && hasNetwork(config, one);
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html */
const atOnce = (known: Profiles) =>
  rule(
    networkStack,
    (config) => {
      const one = inSteps(config, known);
      return (
        one &&
        `AllAtOnce: CodeDeploy moves the traffic of a network load balancer, service "${one.name}"'s, in no steps; ecsLinear and ecsCanary do`
      );
    },
    {
      path: [],
      at: (config) => [...deploymentOf(config, inSteps(config, known)), "trafficRouting"],
      remove: true,
    },
  );

/** Minutes that ECS waits for a network load balancer to follow, for test and for production traffic. */
const SETTLING_MINUTES = 20;

/** A service whose deployments would take longer than the action that waits for them. */
function tooLong(config: Stack): { readonly one: Service; readonly minutes: number } | undefined {
  for (const one of config.services) {
    const given = one.deployment ?? config.deployment;
    const { data } = deploymentSchema.safeParse(given);
    if (given === undefined || !data || !hasNetwork(config, one)) continue;
    const { leastMinutes, controller, needsTargets, kind } = strategyFrom(data);
    const minutes = leastMinutes + SETTLING_MINUTES;
    if (controller === "ECS" && needsTargets && kind !== "rolling" && minutes > ECS_ACTION_MAX_MINUTES) {
      return { one, minutes };
    }
  }
  return undefined;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html */
const inTime = rule(
  networkStack,
  (config) => {
    const found = tooLong(config);
    return (
      found &&
      `shorter steps and bake time: with ${SETTLING_MINUTES} minutes in which the network load balancer of service "${found.one.name}" follows they take ${found.minutes}, and the deploy action waits ${ECS_ACTION_MAX_MINUTES}`
    );
  },
  { path: [], at: (config) => deploymentOf(config, tooLong(config)?.one) },
);

/** Rules about load balancers that read no HTTP. */
export function balancerTypeRules(known: Profiles): ConfigRule[] {
  return [...noHttp, noRequests, atOnce(known), inTime];
}
