import type { RecordedGraph, RecordedResource } from "../graph";
import type { Action, Pipeline } from "./pipelines";
import { mapsOf, textOf } from "./read";
import { arnIn, arnOf, type Place, placeOf, referredBy, TYPES } from "./resources";
import { deployedService, familyIn, taskDefinitionOf } from "./services";

/** Calls that a role must be able to make, all on each of these resources. */
export interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What for, in messages. */
  readonly why: string;
}

/** What a customer's KMS key needs to be used for reading and writing. */
const KEY_CALLS = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"];

/**
 * What the pipeline's role needs for its artifacts.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export function artifactNeeds(pipeline: Pipeline, calls: { readonly bucket: readonly string[] }): readonly Need[] {
  const place = placeOf(pipeline.arn);
  if (!place) return [];
  return mapsOf(pipeline.resource.inputs.artifactStores).flatMap((store): Need[] => {
    const bucket = `arn:${place.partition}:s3:::${textOf(store.location) ?? ""}`;
    const key = mapsOf(store.encryptionKey).concat(isKey(store.encryptionKey))[0];
    const keyArn = textOf(key?.id) ?? "";
    const why = `keeps artifacts in ${textOf(store.location) ?? "the bucket"}`;
    const object = `${bucket}/${pipeline.name.slice(0, 20)}/artifact/0a1b2c3`;
    return [
      { actions: calls.bucket, resources: [bucket], why },
      { actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], resources: [object], why },
      ...(keyArn.includes(":key/") ? [{ actions: KEY_CALLS, resources: [keyArn], why }] : []),
    ];
  });
}

function isKey(_value: unknown): never[] {
  return [];
}

/** What an action of a pipeline needs of the role it runs in. */
export function actionNeeds(graph: RecordedGraph, pipeline: Pipeline, action: Action): readonly Need[] {
  const here = placeOf(pipeline.arn);
  if (!here) return [];
  const account = action.roleArn?.split(":")[4] ?? here.account;
  const place = { ...here, account, region: action.region ?? here.region };
  const why = `action ${action.name}`;
  return needsByProvider(graph, action, place).map((need) => ({ why, ...need }));
}

type Calls = Omit<Need, "why">;

function needsByProvider(graph: RecordedGraph, action: Action, place: Place): readonly Calls[] {
  const { configuration: given } = action;
  switch (action.provider) {
    case "CodeCommit":
      return [codeCommit(given, place)];
    case "CodeStarSourceConnection":
      return [{ actions: ["codestar-connections:UseConnection"], resources: [given.ConnectionArn ?? ""] }];
    case "ECR":
      return [{ actions: ["ecr:DescribeImages"], resources: [arnIn(place, "ecr", `repository/${given.RepositoryName ?? ""}`)] }];
    case "S3":
      return s3Source(given, place);
    case "CodeBuild":
      return [codeBuild(graph, given, place)];
    case "Manual":
      return approval(graph, given);
    case "ECS":
      return ecs(graph, action, place);
    case "CodeDeployToECS":
      return codeDeploy(graph, action, place);
    case "Lambda":
      return [
        { actions: ["lambda:InvokeFunction"], resources: [arnIn(place, "lambda", `function:${given.FunctionName ?? ""}`)] },
        { actions: ["lambda:ListFunctions"], resources: ["*"] },
      ];
    default:
      return [];
  }
}
