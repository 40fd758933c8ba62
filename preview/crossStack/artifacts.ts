import { artifactKeys, keysOfPipelines } from "../../components/pipeline/artifactKeys";
import { globExpression } from "../../model/graph/eventPattern";
import type { Finding, RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import type { Action, Pipeline } from "../../model/graph/pipelines";
import { mapOf, mapsOf, textOf } from "../../model/graph/read";
import { bucketNamed, finding, physicalName, referredBy, TYPES } from "../../model/graph/resources";
import { because, PIPELINE_SETTINGS } from "../../model/permissions/calls";
import { lackingIn } from "../../model/permissions/lacking";
import { type Calls, type Need, objectCalls } from "../../model/permissions/need";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";
import { type Taking, whatFor } from "./taking";

/** Where a pipeline keeps the artifacts of an action. */
interface Store {
  readonly bucket: string;
  readonly keyArn: string | undefined;
}

/** An action in a role of another stack reads and writes artifacts in that role: both sides have to let it. */
export function artifactFindings(
  owner: RecordedGraph,
  role: RecordedResource,
  taking: Taking,
): readonly Disagreement[] {
  const { purpose } = taking;
  const store = purpose && storeFor(purpose.pipeline, purpose.action);
  if (!purpose || !store) return [];
  if (purpose.action.inputs.length + purpose.action.outputs.length === 0) return [];
  const calls = (named: Store) => [
    { actions: PIPELINE_SETTINGS, resources: [`arn:aws:s3:::${named.bucket}`] },
    ...artifactCalls(named, purpose, store.keyArn?.split(":")[3]),
  ];
  return theirSide(owner, role, taking, store, calls).map(({ text, level }) => ({
    graph: owner,
    finding: finding(RULE, role, text, level),
  }));
}

/** What working on the artifacts of an action calls, wherever it is allowed. */
function artifactCalls(
  { bucket, keyArn }: Store,
  { pipeline, action }: NonNullable<Taking["purpose"]>,
  region?: string,
): readonly Calls[] {
  const { inputs, outputs } = action;
  const [name] = [...inputs, ...outputs];
  const keys = artifactKeys(
    name === undefined ? { pipelineName: pipeline.name } : { pipelineName: pipeline.name, name },
  );
  return objectCalls(
    `arn:aws:s3:::${bucket}/${keys}`,
    keyArn,
    { reads: inputs.length > 0, writes: outputs.length > 0 },
    region,
  );
}

/** The only store, or that of the action's region. */
function storeFor({ resource }: Pipeline, { region }: Action): Store | undefined {
  const stores = mapsOf(resource.inputs.artifactStores);
  const store = stores.find((one) => region !== undefined && one.region === region) ?? stores[0];
  const bucket = textOf(store?.location);
  return bucket === undefined ? undefined : { bucket, keyArn: textOf(mapOf(store?.encryptionKey).id) };
}

/** What keeps the role from the pipeline's artifacts: that it names another bucket or key, or may not do enough. */
function theirSide(
  owner: RecordedGraph,
  role: RecordedResource,
  taking: Taking,
  store: Store,
  calls: (store: Store) => readonly Calls[],
): readonly Fault[] {
  const statements = policiesOf(owner, role).flatMap(({ text }) => statementsIn(text));
  const shape = shapeOf(taking.graph, store);
  const buckets = namesIn(statements, BUCKET);
  // A key that this stack makes is not the other's, however alike the two look before they have an id.
  const keys = namesIn(statements, KEY).filter((arn) => !referredBy(owner, TYPES.key, arn));
  const bucket = buckets.find((name) => fits(name, shape.bucket, BUCKET_END));
  const key = keys.find((name) => shape.keyArn !== undefined && fits(name, shape.keyArn, KEY_END));
  const user = whatFor(taking);
  if (buckets.length > 0 && bucket === undefined) {
    const text = `names bucket ${buckets.join(", ")}, but ${user} has its artifacts in ${shape.bucket}; name that one`;
    return [{ text, level: "error" }];
  }
  if (keys.length > 0 && key === undefined && shape.keyArn?.includes(":key/")) {
    const text = `names key ${keys.join(", ")}, but the artifacts of ${user} are encrypted with ${shape.keyArn}; name that one`;
    return [{ text, level: "error" }];
  }
  const named = { bucket: bucket ?? shape.bucket, keyArn: key ?? shape.keyArn };
  const [fault] = (["error", "notice"] as const).flatMap((level) => {
    const some = calls(named).filter(({ isAdvised = false }) => isAdvised === (level === "notice"));
    const lacking = some.flatMap((need) => lackingIn(statements, need));
    const listed = level === "notice" ? "AWS's page lists it: " : "";
    const text = `may not ${lacking.join(", ")}, which ${user} needs for its artifacts; ${listed}allow it in the role's policy`;
    return lacking.length === 0 ? [] : [{ text, level }];
  });
  return fault ? [fault] : [];
}

/** What is wrong with a role, and how bad that is. */
type Fault = Pick<Finding, "level"> & { readonly text: string };

const BUCKET = /^arn:[^:]+:s3:::([^/]+)/;
const KEY = /^(arn:[^:]+:kms:[^:]*:[^:]*:key\/.+)$/;

/** What a preview makes up at the end of a name and of a key's ARN. */
const BUCKET_END = { pattern: /-[0-9a-f]{7}$/, word: "-<7 hex digits>" };
const KEY_END = { pattern: /[^/]+$/, word: "<id>" };

/** Forms of a key's id: one of many. */
const KEY_IDS = ["????????-????-????-????-????????????", `mrk-${"?".repeat(32)}`];

/** Bucket and key as another stack can know them: what is made up in a preview is left open. */
function shapeOf(graph: RecordedGraph, { bucket, keyArn }: Store): Store {
  const madeUp = bucketNamed(graph, bucket);
  const ownKey = referredBy(graph, TYPES.key, keyArn);
  return {
    bucket: madeUp && madeUp.inputs.bucket === undefined ? bucket.replace(BUCKET_END.pattern, BUCKET_END.word) : bucket,
    keyArn: ownKey ? keyArn?.replace(KEY_END.pattern, KEY_END.word) : keyArn,
  };
}

/** The names in resources that statements allow something on. */
function namesIn(statements: readonly RecordedStatement[], pattern: RegExp): readonly string[] {
  const allowed = statements.filter(({ effect }) => effect === "Allow").flatMap(({ resources }) => resources);
  return [...new Set(allowed.flatMap((resource) => pattern.exec(resource)?.[1] ?? []))];
}

function fits(name: string, shape: string, end: typeof BUCKET_END): boolean {
  return globExpression(name).test(shape) || name.replace(end.pattern, end.word) === shape;
}

/** What the names of a stack's pipelines begin with: its own name, which a project's may stand before. */
function ownPart(stack: string, pipelineName: string): string {
  return pipelineName.slice(0, pipelineName.indexOf(`${stack}-`) + stack.length + 1);
}

/** Where an action reads and writes artifacts, at the widest: what a preview makes up of a name is left open. */
export function artifactScopes({ graph, purpose }: Taking): readonly Need[] {
  const store = purpose && storeFor(purpose.pipeline, purpose.action);
  if (!purpose || !store) return [];
  const { bucket, keyArn = "" } = shapeOf(graph, store);
  const region = keyArn.split(":")[3] ?? "";
  const bucketArn = `arn:aws:s3:::${bucket.replace(BUCKET_END.word, "-???????")}`;
  const folders = `${bucketArn}/${keysOfPipelines(ownPart(graph.stack, physicalName(purpose.pipeline.resource)))}`;
  const [objects, ...key] = artifactCalls(store, purpose, region);
  return because("its artifacts", [
    { actions: PIPELINE_SETTINGS, resources: [], within: [bucketArn] },
    ...(objects ? [{ ...objects, resources: [], within: [folders] }] : []),
    ...key.map((calls) => ({ ...calls, resources: [], within: KEY_IDS.map((id) => keyArn.replace(KEY_END.word, id)) })),
  ]);
}
