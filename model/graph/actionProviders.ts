import { NAMES, type NameRule } from "../../components/checks/names";

/** What CodePipeline knows of an action provider. */
export interface ProviderFacts {
  readonly categories: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly inputs: readonly [number, number];
  readonly outputs: readonly [number, number];
  /** What the value of a key must be, where CodePipeline takes it and then cannot use it. @default - any text */
  readonly values?: Readonly<Record<string, NameRule>>;
}

const IMAGES = [1, 2, 3, 4].flatMap((n) => [`Image${n}ArtifactName`, `Image${n}ContainerName`]);

/**
 * The providers whose actions can be checked: their category, configuration keys and number of artifacts.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/integrations-action-type.html
 */
export const PROVIDERS: Readonly<Record<string, ProviderFacts>> = {
  CodeCommit: source(["RepositoryName", "BranchName"], ["PollForSourceChanges", "OutputArtifactFormat"]),
  CodeStarSourceConnection: source(
    ["ConnectionArn", "FullRepositoryId", "BranchName"],
    ["DetectChanges", "OutputArtifactFormat"],
    { FullRepositoryId: { pattern: /^[^/\s]+(?:\/[^/\s]+)+$/, max: 1000, expected: "owner/name" } },
  ),
  ECR: source(["RepositoryName"], ["ImageTag"], { ImageTag: NAMES.imageTag }),
  S3: source(["S3Bucket", "S3ObjectKey"], ["PollForSourceChanges", "AllowOverrideForS3ObjectKey"], {
    S3Bucket: NAMES.bucket,
    S3ObjectKey: { pattern: /^[^*]+$/, max: 1024, expected: "the key of one object" },
  }),
  CodeBuild: {
    categories: ["Build", "Test"],
    required: ["ProjectName"],
    optional: ["PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts", "BuildspecOverride"],
    inputs: [1, 5],
    outputs: [0, 5],
  },
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
  Manual: {
    categories: ["Approval"],
    required: [],
    optional: ["NotificationArn", "ExternalEntityLink", "CustomData"],
    inputs: [0, 0],
    outputs: [0, 0],
  },
  ECS: {
    categories: ["Deploy"],
    required: ["ClusterName", "ServiceName"],
    optional: ["FileName", "DeploymentTimeout"],
    inputs: [1, 1],
    outputs: [0, 0],
  },
  CodeDeployToECS: {
    categories: ["Deploy"],
    required: ["ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"],
    optional: ["TaskDefinitionTemplatePath", "AppSpecTemplatePath", ...IMAGES],
    inputs: [1, 5],
    outputs: [0, 0],
  },
  Lambda: {
    categories: ["Invoke"],
    required: ["FunctionName"],
    optional: ["UserParameters"],
    inputs: [0, 5],
    outputs: [0, 5],
  },
  StepFunctions: {
    categories: ["Invoke"],
    required: ["StateMachineArn"],
    optional: ["ExecutionNamePrefix", "InputType", "Input"],
    inputs: [0, 1],
    outputs: [0, 1],
  },
};

function source(
  required: readonly string[],
  optional: readonly string[],
  values: ProviderFacts["values"] = {},
): ProviderFacts {
  return { categories: ["Source"], required, optional, values, inputs: [0, 0], outputs: [1, 1] };
}
