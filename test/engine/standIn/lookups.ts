import type { Overrides } from "../../../preview/mocks/answers";
import { containerLookups } from "../../../preview/mocks/containerLookups";
import { at, list, textAt } from "../../support/read";
import type { Cloud, CloudValues } from "./cloud";

const SERVICE = "aws:ecs/getService:getService";
const TASK_DEFINITION = "aws:ecs/getTaskDefinition:getTaskDefinition";

/** What ECS says of a service and a revision that exist here; of all else, what every preview says. */
export function lookups(cloud: Cloud): Overrides["lookups"] {
  return {
    [SERVICE]: (asked, known) => ({
      ...containerLookups[SERVICE]?.(asked, known),
      ...serviceNow(cloud, textAt(asked.inputs.serviceName), textAt(asked.inputs.clusterArn)),
    }),
    [TASK_DEFINITION]: (asked, known) => ({
      ...containerLookups[TASK_DEFINITION]?.(asked, known),
      ...revisionNow(cloud, textAt(asked.inputs.taskDefinition)),
    }),
  };
}

function serviceNow({ resources }: Cloud, name: string, cluster: string): CloudValues {
  const found = Object.entries(resources).find(
    ([key, one]) => key.startsWith("aws:ecs/service:Service ") && one.name === name && one.cluster === cluster,
  )?.[1];
  if (!found) return {};
  const { taskDefinition, desiredCount } = found;
  const loadBalancers = (list(found.loadBalancers) as CloudValues[]).map(({ advancedConfiguration, ...balancer }) => ({
    ...balancer,
    advancedConfigurations: advancedConfiguration === undefined ? [] : [advancedConfiguration],
  }));
  return { taskDefinition, desiredCount, runningCount: desiredCount, loadBalancers };
}

function revisionNow({ revisions }: Cloud, asked: string): CloudValues {
  const found = Object.values(revisions)
    .flat()
    .find((one) => one.arn === asked);
  return found ? { containerDefinitions: at(found, "containerDefinitions") } : {};
}
