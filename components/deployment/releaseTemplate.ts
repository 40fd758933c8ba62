import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type AppspecHook, renderAppspec } from "../build/buildspec/appspec";
import { type BuildFile, deploymentFile, fileVariable, fromParameter } from "../build/buildspec/deploymentFiles";
import { allow, type Statement } from "../iam/policyDocument";
import { parameterName } from "../parameters";
import { IMAGE_PLACEHOLDER } from "../pipeline/deploy/codeDeployToEcs";
import { isPlainFargate } from "../service/capacity";
import type { BoundScope } from "./strategy";

/** Longest value of an SSM parameter of the advanced tier, in characters. */
const MAX_PARAMETER = 8192;

/** What a build does to take the newest settings along with the image. */
export interface ReleaseTemplate {
  readonly buildFiles: readonly BuildFile[];
  readonly buildEnvironment: Readonly<Record<string, Input<string>>>;
  readonly buildPermissions: readonly Statement[];
}

/**
 * Publishes the task definition template and the appspec where every build picks them up: a changed setting reaches the
 * service with the next release, because on a CODE_DEPLOY service AWS lets no other way.
 */
export function defineReleaseTemplate(
  name: string,
  scope: BoundScope,
  hooks: Readonly<Partial<Record<AppspecHook, string>>>,
): ReleaseTemplate {
  const taskDefinition = releaseParameter(
    `${name}-task-definition-template`,
    scope.serviceName,
    "taskdef.json",
    scope.taskDefinitionTemplate(`<${IMAGE_PLACEHOLDER}>`),
    scope.parent,
  );
  const appspec = releaseParameter(
    `${name}-appspec`,
    scope.serviceName,
    "appspec.yaml",
    appspecOf(scope, hooks),
    scope.parent,
  );
  const { deploymentFiles: own } = scope;
  const template = fileVariable("TASK_DEFINITION_PARAMETER", own);
  const specification = fileVariable("APPSPEC_PARAMETER", own);
  return {
    buildFiles: [
      fromParameter(deploymentFile("taskdef.json", own), template),
      fromParameter(deploymentFile("appspec.yaml", own), specification),
    ],
    buildEnvironment: { [template]: taskDefinition.name, [specification]: appspec.name },
    buildPermissions: [allow(["ssm:GetParameter"], [taskDefinition.arn, appspec.arn])],
  };
}

/** A parameter of a service that a release reads. Throws where the text is longer than a parameter can be. */
export function releaseParameter(
  name: string,
  serviceName: string,
  what: string,
  value: Output<string>,
  parent: pulumi.Resource,
): aws.ssm.Parameter {
  const path = parameterName(serviceName, what);
  const checked = value.apply((text) => {
    if (text.length <= MAX_PARAMETER) return text;
    throw new pulumi.RunError(
      `${path}: ${text.length} characters, SSM Parameter Store takes ${MAX_PARAMETER}; move variables into secrets or shorten them`,
    );
  });
  return new aws.ssm.Parameter(
    name,
    { name: path, type: "String", tier: "Intelligent-Tiering", value: checked },
    { parent },
  );
}

function appspecOf(scope: BoundScope, hooks: Readonly<Partial<Record<AppspecHook, string>>>): Output<string> {
  const { container, network, capacity, cluster } = scope;
  const named = !isPlainFargate(capacity) || cluster.capacityProviders?.includes("FARGATE");
  return pulumi.all([network.subnets, pulumi.all(network.securityGroups)]).apply(([subnets, securityGroups]) =>
    renderAppspec({
      containerName: container.name,
      containerPort: container.port ?? 0,
      subnets,
      securityGroups,
      assignPublicIp: network.assignPublicIp,
      hooks,
      capacity: named ? capacity : [],
    }),
  );
}
