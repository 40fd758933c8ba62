import { artifactKeys } from "../../components/pipeline/artifactKeys";
import { ECR_PULL, imageName, repositoryIn } from "../graph/ecr";
import type { RecordedGraph } from "../graph/graph";
import type { Pipeline } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { type ArnPlace, arnIn, arnPlace } from "../graph/resources";
import { type Calls, type Need, objectCalls, type Use } from "./need";

/** Calls, each with what they are for. */
export function because(why: string, calls: readonly Calls[]): readonly Need[] {
  return calls.map((call) => ({ ...call, why }));
}

/** What a pipeline, or an action or a build of it, does with artifacts. */
export interface ArtifactUse {
  /** Names of the artifacts it reads, and those it writes. @default - all of the pipeline's */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** What it asks of the bucket itself. */
  readonly settings: readonly string[];
  readonly region?: string | undefined;
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html */
export const PIPELINE_SETTINGS = ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"];

/** https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html */
export const BUILD_SETTINGS = ["s3:GetBucketAcl", "s3:GetBucketLocation"];

/** The calls for that, in each store that it can mean. */
export function artifactNeeds(pipeline: Pipeline, use: ArtifactUse): readonly Need[] {
  const { partition } = arnPlace(pipeline.arn) ?? { partition: "aws" };
  const all = mapsOf(pipeline.resource.inputs.artifactStores);
  // With one store none has a region; with several, an action uses that of the region it works in.
  const stores = use.region === undefined ? all : all.filter(({ region = use.region }) => region === use.region);
  return stores.flatMap((store) => {
    const bucket = `arn:${partition}:s3:::${textOf(store.location) ?? ""}`;
    const keyArn = textOf(mapOf(store.encryptionKey).id);
    const calls = (names: readonly string[] | undefined, of: Use) =>
      (names ?? [undefined]).flatMap((name) =>
        objectCalls(`${bucket}/${artifactKeys({ pipelineName: pipeline.name, name })}`, keyArn, of),
      );
    return because(`artifacts of pipeline ${pipeline.name}`, [
      ...(use.settings.length > 0
        ? [{ actions: use.settings, resources: [bucket], isAdvised: use.settings === BUILD_SETTINGS }]
        : []),
      ...calls(use.reads, { reads: true, writes: false }),
      ...calls(use.writes, { reads: false, writes: true }),
    ]);
  });
}

/** Writing a stream of a log group. */
export function logCalls(place: ArnPlace, group: string, more: readonly string[] = []): Calls {
  const arn = arnIn(place, "logs", `log-group:${group}`);
  return {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents", ...more],
    resources: [`${arn}:log-stream:*`],
    within: [arn, `${arn}:*`],
  };
}

/** Reading an SSM parameter, by name or ARN, or a secret, whose ARN may go on with JSON key, stage and version. */
export function secretCalls(valueFrom: string, place: ArnPlace): Calls {
  if (valueFrom.includes(":secretsmanager:")) {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [valueFrom.split(":").slice(0, 7).join(":")] };
  }
  const name = valueFrom.replace(/^\//, "");
  const arn = valueFrom.startsWith("arn:") ? valueFrom : arnIn(place, "ssm", `parameter/${name}`);
  return { actions: ["ssm:GetParameters"], resources: [arn] };
}

/** Decrypting a parameter or a secret that is encrypted with one of these keys, as the service that keeps it asks for it. */
export function secretKeyCalls(valueFrom: string, place: ArnPlace, keys: readonly string[]): readonly Calls[] {
  const [arn = ""] = secretCalls(valueFrom, place).resources;
  const [, , service = "", region = ""] = arn.split(":");
  const name = service === "ssm" ? "PARAMETER_ARN" : "SecretARN";
  const context = {
    "kms:ViaService": `${service}.${region}.amazonaws.com`,
    [`kms:EncryptionContext:${name}`]: arn,
  };
  const here = keys.filter((key) => key.split(":")[3] === region);
  return here.map((key) => ({ actions: ["kms:Decrypt"], resources: [key], context }));
}

/** Pulling an image; nothing for one that is not in ECR. */
export function imageCalls(graph: RecordedGraph, image: string): readonly Calls[] {
  const arn = repositoryIn(graph, imageName(image).repository);
  if (arn === undefined) return [];
  const pull = [...ECR_PULL, "BatchCheckLayerAvailability"].map((verb) => `ecr:${verb}`);
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: pull, resources: [arn] },
  ];
}
