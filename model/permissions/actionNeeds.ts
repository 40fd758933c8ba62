import type { RecordedGraph } from "../graph/graph";
import type { Action, Pipeline } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { arnIn, arnOf, ofType, type Place, placeOf, propertyOf, referredBy, TYPES } from "../graph/resources";
import { deployedService, familyIn, taskDefinitionOf } from "../graph/services";
import type { Calls, Need } from "./need";

type Given = Action["configuration"];

/**
 * What an action needs of the role it runs in, on the very resources it names.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export function actionNeeds(graph: RecordedGraph, pipeline: Pipeline, action: Action): readonly Need[] {
  const here = placeOf(pipeline.arn);
  if (!here) return [];
  const account = action.roleArn?.split(":")[4] ?? here.account;
  const calls = callsOf(graph, action, { ...here, account, region: action.region ?? here.region });
  return calls.map((call) => ({ ...call, why: `action ${action.name}` }));
}

function callsOf(graph: RecordedGraph, action: Action, place: Place): readonly Calls[] {
  const { configuration: given } = action;
  switch (action.provider) {
    case "CodeCommit":
      return codeCommit(given, place);
    case "CodeStarSourceConnection":
      return connection(given);
    case "ECR":
      return [call(["ecr:DescribeImages"], arnIn(place, "ecr", `repository/${given.RepositoryName ?? ""}`))];
    case "S3":
      return s3(graph, given, place);
    case "CodeBuild":
      return codeBuild(graph, given, place);
    case "Manual":
      return approval(graph, given);
    case "ECS":
      return ecs(graph, action, place);
    case "CodeDeployToECS":
      return codeDeploy(graph, action, place);
    case "Lambda":
      return [call(["lambda:InvokeFunction"], arnIn(place, "lambda", `function:${given.FunctionName ?? ""}`))];
    default:
      return [];
  }
}

function call(actions: readonly string[], ...resources: readonly string[]): Calls {
  return { actions, resources };
}

function codeCommit(given: Given, place: Place): readonly Calls[] {
  const verbs = ["GetBranch", "GetCommit", "UploadArchive", "GetUploadArchiveStatus", "CancelUploadArchive"];
  const clone = given.OutputArtifactFormat === "CODEBUILD_CLONE_REF" ? ["GetRepository"] : [];
  const actions = [...verbs, ...clone].map((verb) => `codecommit:${verb}`);
  return [call(actions, arnIn(place, "codecommit", given.RepositoryName ?? ""))];
}

/** AWS renamed the service, and checks under either name. */
function connection(given: Given): readonly Calls[] {
  return [call(["codeconnections:UseConnection", "codestar-connections:UseConnection"], given.ConnectionArn ?? "")];
}

function s3(graph: RecordedGraph, given: Given, place: Place): readonly Calls[] {
  const bucket = `arn:${place.partition}:s3:::${given.S3Bucket ?? ""}`;
  const verbs = ["GetObject", "GetObjectVersion", "GetObjectTagging", "GetObjectVersionTagging"];
  const key = keyOf(graph, given.S3Bucket);
  return [
    call(["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"], bucket),
    call(
      verbs.map((verb) => `s3:${verb}`),
      `${bucket}/${given.S3ObjectKey ?? ""}`,
    ),
    ...(key?.includes(":key/") ? [call(["kms:Decrypt"], key)] : []),
  ];
}

/** Key that a bucket of the graph encrypts with. */
function keyOf(graph: RecordedGraph, bucket: string | undefined): string | undefined {
  const settings = ofType(graph, TYPES.bucketEncryption).find(({ inputs }) => inputs.bucket === bucket);
  const [rule] = mapsOf(settings?.inputs.rules);
  return textOf(mapOf(rule?.applyServerSideEncryptionByDefault).kmsMasterKeyId);
}

function codeBuild(graph: RecordedGraph, given: Given, place: Place): readonly Calls[] {
  const name = given.ProjectName ?? "";
  const project = referredBy(graph, TYPES.project, name);
  const arn = (project && arnOf(project)) ?? arnIn(place, "codebuild", `project/${name}`);
  const batch = given.BatchEnabled === "true";
  const verbs = batch ? ["StartBuildBatch", "BatchGetBuildBatches"] : ["StartBuild", "BatchGetBuilds"];
  return [
    call(
      verbs.map((verb) => `codebuild:${verb}`),
      arn,
    ),
  ];
}

function approval(graph: RecordedGraph, given: Given): readonly Calls[] {
  const { NotificationArn: topicArn } = given;
  if (!topicArn) return [];
  const topic = referredBy(graph, TYPES.topic, topicArn);
  const keyArn = topic && propertyOf(topic, "kmsMasterKeyId");
  const key = keyArn?.includes(":key/") ? [call(["kms:GenerateDataKey", "kms:Decrypt"], keyArn)] : [];
  return [call(["sns:Publish"], topicArn), ...key];
}

function ecs(graph: RecordedGraph, action: Action, place: Place): readonly Calls[] {
  const { ClusterName: cluster = "", ServiceName: name = "" } = action.configuration;
  return [
    call(["ecs:DescribeServices", "ecs:UpdateService"], arnIn(place, "ecs", `service/${cluster}/${name}`)),
    // Has no resource level: only a statement on everything allows it.
    call(["ecs:DescribeTaskDefinition"], "*"),
    ...register(graph, action),
  ];
}

/** Registering a revision of the service's task definition, with its tags and in its roles. */
function register(graph: RecordedGraph, action: Action): readonly Calls[] {
  const service = deployedService(graph, action);
  const definition = service && taskDefinitionOf(graph, service);
  const arn = definition && arnOf(definition);
  if (!definition || !arn) return [];
  const revision = `${arn.slice(0, arn.indexOf("/"))}/${familyIn(arn)}:42`;
  const roles = [definition.inputs.taskRoleArn, definition.inputs.executionRoleArn].flatMap(
    (role) => textOf(role) ?? [],
  );
  return [
    call(["ecs:RegisterTaskDefinition", "ecs:TagResource"], revision),
    ...(roles.length > 0 ? [call(["iam:PassRole"], ...roles)] : []),
  ];
}

function codeDeploy(graph: RecordedGraph, action: Action, place: Place): readonly Calls[] {
  const { ApplicationName: application = "", DeploymentGroupName: group = "" } = action.configuration;
  const verbs = ["GetApplication", "GetApplicationRevision", "RegisterApplicationRevision"];
  return [
    call(
      ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
      arnIn(place, "codedeploy", `deploymentgroup:${application}/${group}`),
    ),
    call(
      verbs.map((verb) => `codedeploy:${verb}`),
      arnIn(place, "codedeploy", `application:${application}`),
    ),
    ...register(graph, action),
  ];
}
