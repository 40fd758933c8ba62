import { containerVariables, deploymentFile, imageDefinitionsOf } from "../build/buildspec/deploymentFiles";
import { ecsDeployAction } from "../pipeline/deploy/ecs";
import type { Deployment, DeploymentScope } from "./strategy";

/**
 * Deployments by CodePipeline's Amazon ECS action: the ECS controller's strategies differ in what the service does with
 * a new revision, not in who hands it over.
 */
export function ecsDeployment(scope: DeploymentScope, timeoutInMinutes: number): Deployment {
  const { deploymentFiles: own } = scope;
  return {
    buildFiles: [imageDefinitionsOf(own)],
    buildEnvironment: containerVariables(scope.container, scope.furtherContainers, own),
    buildPermissions: [],
    deployAction: (action) =>
      ecsDeployAction({
        ...action,
        fileName: deploymentFile("imagedefinitions.json", own),
        clusterName: scope.cluster.name,
        serviceName: scope.service.name,
        serviceArn: scope.service.arn,
        taskDefinitionArnPattern: scope.taskDefinitionArnPattern,
        passRoleArns: scope.passRoleArns,
        timeoutInMinutes,
      }),
  };
}
