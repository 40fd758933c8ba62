import {
  BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES,
  beforeDeploymentBuildspec,
} from "../../components/build/buildspec/beforeDeployment";
import { deploymentFile } from "../../components/build/buildspec/deploymentFiles";
import type { PipelineAction } from "../../components/pipeline/action";
import { codeBuildAction } from "../../components/pipeline/build/codeBuild";
import type { DeliveryContext } from "../deliveryContext";
import type { ServiceDelivery } from "../serviceDelivery";
import { storedFor } from "./artifacts";
import { runImage } from "./builds";
import { projectFor } from "./projects";

/** Runs the command of a service that has to end well before its image is deployed; nothing for one that has none. */
export function beforeDeployment(delivery: ServiceDelivery, context: DeliveryContext): PipelineAction[] {
  const { config, beforeDeployment: before } = delivery;
  if (!before) return [];
  const name = `${config.name}-before-deployment`;
  const project = projectFor(name, undefined, context, () => ({
    // What runs of the application runs in its task, not here: this only calls ECS, as what confirms a delivery does.
    kind: "confirm",
    description: `Runs the command of ${config.name} before a deployment`,
    timeoutInMinutes: before.timeoutInMinutes + BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES,
    reads: [storedFor(delivery, runImage(delivery).artifact, context)],
    writes: [],
    buildspec: beforeDeploymentBuildspec(),
    environment: { ...before.environment, ...filesNamed(delivery) },
    permissions: before.permissions,
  }));
  return [codeBuildAction({ name, project, input: runImage(delivery).artifact, category: "Test" })];
}

/** Which of the files in the artifact are its own, where they are not those that all have. */
function filesNamed({ imageOf, config }: ServiceDelivery): Readonly<Record<string, string>> {
  if (!imageOf) return {};
  return {
    IMAGE_DEFINITIONS: deploymentFile("imagedefinitions.json", config.name),
    TASK_DEFINITION_FILE: deploymentFile("taskdef.json", config.name),
  };
}
