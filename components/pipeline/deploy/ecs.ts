import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";
import { minutes } from "../../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../../settings/settings";
import { type Artifact, declare, type PipelineAction } from "../action";

/** Minutes that CodePipeline's Amazon ECS action can wait. */
export const ECS_ACTION_MAX_MINUTES = 60;

/** How long CodePipeline's Amazon ECS action waits. */
export const ECS_ACTION = settings({
  /** Minutes the deploy action waits for a steady state. @default 20 */
  timeoutInMinutes: minutes(1, ECS_ACTION_MAX_MINUTES, { default: 20 }),
});

/** Arguments of `ecsDeployAction`. */
export interface EcsDeployActionArgs extends ArgsOf<typeof ECS_ACTION> {
  /** Action name. */
  readonly name: string;
  /** Artifact with `fileName`. */
  readonly input: Artifact;
  /** File that says which container gets which image. @default "imagedefinitions.json" */
  readonly fileName?: string;
  readonly clusterName: Input<string>;
  readonly serviceName: Input<string>;
  readonly serviceArn: Input<string>;
  /** `arn:...:task-definition/<family>:*` */
  readonly taskDefinitionArnPattern: Input<string>;
  /** Task role and execution role of the service: what the action passes on to ECS. */
  readonly passRoleArns: readonly Input<string>[];
}

/**
 * CodePipeline's Amazon ECS action: registers the revision that the service uses with a new image, and updates the
 * service to it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html
 */
export function ecsDeployAction(args: EcsDeployActionArgs): PipelineAction {
  return {
    declaration: declare("Deploy", "ECS", {
      name: args.name,
      inputArtifacts: [args.input.name],
      configuration: {
        ClusterName: args.clusterName,
        ServiceName: args.serviceName,
        FileName: args.fileName ?? "imagedefinitions.json",
        DeploymentTimeout: String(withDefaults(ECS_ACTION, args).timeoutInMinutes),
      },
    }),
    permissions: [...updatePermissions(args), ...registerPermissions(args)],
    inWorkflow: {
      clusterName: args.clusterName,
      serviceName: args.serviceName,
      permissions: [...updatePermissions(args), ...registerPermissions(args, ["ecs-tasks.amazonaws.com"])],
    },
  };
}

function updatePermissions({ serviceArn }: Pick<EcsDeployActionArgs, "serviceArn">): Statement[] {
  return [
    // ecs:DescribeTaskDefinition has no resource level.
    allow(["ecs:DescribeTaskDefinition"], ["*"]),
    allow(["ecs:DescribeServices", "ecs:UpdateService"], [serviceArn]),
  ];
}

/** What registering a revision with these roles takes, and whom they are passed to: CodePipeline's page names both services. */
export function registerPermissions(
  args: Pick<EcsDeployActionArgs, "taskDefinitionArnPattern" | "passRoleArns">,
  passedTo: readonly string[] = ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"],
): Statement[] {
  return [
    allow(["ecs:RegisterTaskDefinition"], [args.taskDefinitionArnPattern]),
    allow(["ecs:TagResource"], [args.taskDefinitionArnPattern], {
      StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" },
    }),
    ...(args.passRoleArns.length > 0
      ? [allow(["iam:PassRole"], args.passRoleArns, { StringEquals: { "iam:PassedToService": passedTo } })]
      : []),
  ];
}
