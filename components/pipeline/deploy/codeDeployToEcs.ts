import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../../arn";
import { allow } from "../../iam/policyDocument";
import type { ServiceRef } from "../../refs";
import { type Artifact, declare, type PipelineAction } from "../action";
import { registerPermissions } from "./ecs";

/** Arguments of `codeDeployToEcsAction`. */
export interface CodeDeployToEcsActionArgs {
  /** Action name. */
  readonly name: string;
  /** Artifact with the task definition template, the appspec and `imageDetail.json`. */
  readonly input: Artifact;
  /** @default "taskdef.json" */
  readonly taskDefinitionTemplatePath?: string;
  /** @default "appspec.yaml" */
  readonly appSpecTemplatePath?: string;
  readonly applicationName: Input<string>;
  readonly deploymentGroupName: Input<string>;
  readonly deploymentConfigName: Input<string>;
  /** `arn:...:task-definition/<family>:*` */
  readonly taskDefinitionArnPattern: Input<string>;
  /** Task role and execution role: what the action passes on to ECS. */
  readonly passRoleArns: readonly Input<string>[];
  readonly place: Place;
  /** Where it is deployed to. */
  readonly clusterName: Input<string>;
  readonly service: ServiceRef;
}

/** What stands in taskdef.json for the image, between angle brackets. */
export const IMAGE_PLACEHOLDER = "IMAGE1_NAME";

/**
 * CodePipeline's CodeDeployToECS action: registers the template with the new image, and lets CodeDeploy bring it in.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html
 */
export function codeDeployToEcsAction(args: CodeDeployToEcsActionArgs): PipelineAction {
  const { name, input, place, applicationName: app, deploymentGroupName: group } = args;
  const codeDeploy = (resource: Input<string>) => regionalArn(place, "codedeploy", resource);
  return {
    declaration: declare("Deploy", "CodeDeployToECS", {
      name,
      inputArtifacts: [input.name],
      configuration: {
        ApplicationName: app,
        DeploymentGroupName: group,
        TaskDefinitionTemplateArtifact: input.name,
        TaskDefinitionTemplatePath: args.taskDefinitionTemplatePath ?? "taskdef.json",
        AppSpecTemplateArtifact: input.name,
        AppSpecTemplatePath: args.appSpecTemplatePath ?? "appspec.yaml",
        Image1ArtifactName: input.name,
        Image1ContainerName: IMAGE_PLACEHOLDER,
      },
    }),
    permissions: [
      allow(
        ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
        [codeDeploy(pulumi.interpolate`deploymentgroup:${app}/${group}`)],
      ),
      allow(
        ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
        [codeDeploy(pulumi.interpolate`application:${app}`), codeDeploy(pulumi.interpolate`application:${app}/*`)],
      ),
      allow(
        ["codedeploy:GetDeploymentConfig"],
        [codeDeploy(pulumi.interpolate`deploymentconfig:${args.deploymentConfigName}`)],
      ),
      ...registerPermissions(args),
    ],
    inWorkflow: {
      clusterName: args.clusterName,
      serviceName: args.service.name,
      permissions: [
        allow(["ecs:DescribeServices"], [args.service.arn]),
        allow(
          ["codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup"],
          [codeDeploy(pulumi.interpolate`deploymentgroup:${app}/${group}`)],
        ),
        allow(["codedeploy:RegisterApplicationRevision"], [codeDeploy(pulumi.interpolate`application:${app}`)]),
        allow(
          ["codedeploy:GetDeploymentConfig"],
          [codeDeploy(pulumi.interpolate`deploymentconfig:${args.deploymentConfigName}`)],
        ),
        ...registerPermissions(args, ["ecs-tasks.amazonaws.com"]),
      ],
    },
  };
}
