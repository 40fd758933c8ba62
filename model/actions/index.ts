import type { SourceProvider } from "../../components/pipeline/source";
import { codeBuild } from "./codeBuild";
import { codeCommit } from "./codeCommit";
import { codeDeployToEcs } from "./codeDeployToEcs";
import { onConnection } from "./codeStarSourceConnection";
import { ecr } from "./ecr";
import { ecs } from "./ecs";
import { gitHub, gitHubReviewers } from "./gitHub";
import { lambda } from "./lambda";
import { manual } from "./manual";
import type { ActionProvider } from "./provider";
import { s3 } from "./s3";

/** A source that `components/` can make and that is not here does not compile. */
const SOURCES: Readonly<Record<SourceProvider, ActionProvider>> = {
  CodeCommit: codeCommit,
  CodeStarSourceConnection: onConnection,
  ECR: ecr,
  S3: s3,
};

/**
 * The providers of CodePipeline's actions that are known here. Of any other the preview says that nobody looks at it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/integrations-action-type.html
 */
export const ACTION_PROVIDERS: Readonly<Record<string, ActionProvider>> = {
  ...SOURCES,
  GitHub: gitHub,
  GitHubEnvironment: gitHubReviewers,
  CodeBuild: codeBuild,
  ECRBuildAndPublish: {
    categories: ["Build"],
    required: ["ECRRepositoryName"],
    optional: ["DockerFilePath", "ImageTags", "RegistryType"],
    inputs: [1, 1],
    outputs: [0, 0],
  },
  InspectorScan: {
    categories: ["Invoke"],
    required: ["InspectorRunMode"],
    optional: [
      "ECRRepositoryName",
      "ImageTag",
      "CriticalThreshold",
      "HighThreshold",
      "MediumThreshold",
      "LowThreshold",
    ],
    inputs: [0, 1],
    outputs: [0, 1],
  },
  Commands: {
    categories: ["Compute"],
    required: [],
    optional: ["EnvironmentType", "ComputeType", "VpcId", "Subnets", "SecurityGroupIds"],
    inputs: [1, 10],
    outputs: [0, 1],
  },
  Manual: manual,
  ECS: ecs,
  CodeDeployToECS: codeDeployToEcs,
  Lambda: lambda,
  StepFunctions: {
    categories: ["Invoke"],
    required: ["StateMachineArn"],
    optional: ["ExecutionNamePrefix", "InputType", "Input"],
    inputs: [0, 1],
    outputs: [0, 1],
  },
};
