import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, numberOf, textOf } from "../graph/read";
import { ofType, physicalName } from "../graph/resources";
import { balancersOf, strategyOf } from "./service";

/** Shares of the traffic that the new version gets, in percent, each with the seconds that it stays so. */
export type ShareSteps = readonly { readonly percent: number; readonly seconds: number }[];

/** All of it at once. */
const AT_ONCE: ShareSteps = [{ percent: 100, seconds: 0 }];

/** A share first, then the rest. */
function canarySteps(percent: number, seconds: number): ShareSteps {
  return [{ percent, seconds }, ...AT_ONCE];
}

/** Equal shares, one after the other; the last one waits for nothing. */
function linearSteps(percent: number, seconds: number): ShareSteps {
  const count = Math.ceil(100 / percent);
  return Array.from({ length: count }, (_, index) => ({
    percent: Math.min(100, (index + 1) * percent),
    seconds: index === count - 1 ? 0 : seconds,
  }));
}

/** How ECS's own strategies move a service's traffic. */
export function nativeShares(service: RecordedResource): ShareSteps {
  const { linearConfiguration, canaryConfiguration } = mapOf(service.inputs.deploymentConfiguration);
  if (strategyOf(service) === "CANARY") {
    const { canaryPercent, canaryBakeTimeInMinutes } = mapOf(canaryConfiguration);
    return canarySteps(numberOf(canaryPercent) ?? 5, (numberOf(canaryBakeTimeInMinutes) ?? 10) * 60);
  }
  if (strategyOf(service) === "LINEAR") {
    const { stepPercent, stepBakeTimeInMinutes } = mapOf(linearConfiguration);
    // After the last step comes the bake time, not another step's.
    return linearSteps(numberOf(stepPercent) ?? 10, (numberOf(stepBakeTimeInMinutes) ?? 6) * 60);
  }
  return AT_ONCE;
}

/** How CodeDeploy moves traffic, by the group's deployment configuration: a predefined one by its name, or one of the stack. */
export function codeDeployShares(graph: RecordedGraph, group: RecordedResource): ShareSteps {
  const name = textOf(group.inputs.deploymentConfigName) ?? "";
  const own = ofType(graph, "aws:codedeploy/deploymentConfig:DeploymentConfig").find(
    (one) =>
      physicalName(one) === name ||
      one.inputs.deploymentConfigName === name ||
      one.outputs.deploymentConfigName === name,
  );
  const { type, timeBasedCanary, timeBasedLinear } = mapOf(own?.inputs.trafficRoutingConfig);
  const [, kind, share, interval] =
    /^CodeDeployDefault\.ECS(Linear|Canary)(\d+)Percent(?:Every)?(\d+)Minutes$/.exec(name) ?? [];
  const canary = mapOf(timeBasedCanary);
  const linear = mapOf(timeBasedLinear);
  const percent = Number(share ?? numberOf(canary.percentage) ?? numberOf(linear.percentage) ?? 100);
  const seconds = Number(interval ?? numberOf(canary.interval) ?? numberOf(linear.interval) ?? 0) * 60;
  if (kind === "Canary" || type === "TimeBasedCanary") return canarySteps(percent, seconds);
  return kind === "Linear" || type === "TimeBasedLinear" ? linearSteps(percent, seconds) : AT_ONCE;
}

/**
 * Seconds that a network load balancer is given to follow.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
 */
export function settlingSeconds(service: RecordedResource): number {
  const [balancer] = balancersOf(service);
  return balancer?.advanced?.productionRule?.includes(":listener/net/") === true ? 600 : 0;
}
