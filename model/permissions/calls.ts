import type { RecordedGraph } from "../graph/graph";
import type { Pipeline } from "../graph/pipelines";
import { mapOf, mapsOf, textOf } from "../graph/read";
import { type ArnPlace, arnIn, arnOf, arnPlace, referredBy, TYPES } from "../graph/resources";
import { type Calls, type Need, objectCalls, type Use } from "./need";

/** Calls, each with what they are for. */
export function because(why: string, calls: readonly Calls[]): readonly Need[] {
  return calls.map((call) => ({ ...call, why }));
}

/** What a pipeline, or a build of it, does with artifacts. */
export function artifactNeeds(
  pipeline: Pipeline,
  use: Use & { readonly settings: boolean; readonly region?: string | undefined },
): readonly Need[] {
  const { partition } = arnPlace(pipeline.arn) ?? { partition: "aws" };
  const all = mapsOf(pipeline.resource.inputs.artifactStores);
  // With one store none has a region; with several, an action uses that of the region it works in.
  const stores = use.region === undefined ? all : all.filter(({ region = use.region }) => region === use.region);
  return stores.flatMap((store) => {
    const bucket = `arn:${partition}:s3:::${textOf(store.location) ?? ""}`;
    const object = `${bucket}/${pipeline.name.slice(0, 20)}/artifact/0a1b2c3`;
    const settings = ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"];
    return because(`artifacts of pipeline ${pipeline.name}`, [
      ...(use.settings ? [{ actions: settings, resources: [bucket] }] : []),
      ...objectCalls(object, textOf(mapOf(store.encryptionKey).id), use),
    ]);
  });
}

/** Writing a stream of a log group. */
export function logCalls(place: ArnPlace, group: string): Calls {
  const stream = arnIn(place, "logs", `log-group:${group}:log-stream:a1b2`);
  return { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [stream] };
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
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com[^/]*\/([^:@]+)/.exec(image) ?? [];
  if (!account || !region || !name) return [];
  const repository = referredBy(graph, TYPES.repository, name);
  const arn =
    (repository && arnOf(repository)) ?? arnIn({ partition: "aws", region, account }, "ecr", `repository/${name}`);
  const pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: pull, resources: [arn] },
  ];
}
