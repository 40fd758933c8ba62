import { globExpression } from "../../model/graph/eventPattern";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import type { Action, Pipeline } from "../../model/graph/pipelines";
import { admits } from "../../model/graph/principals";
import { mapOf, mapsOf, textOf } from "../../model/graph/read";
import { bucketNamed, finding, ofType, referredBy, TYPES } from "../../model/graph/resources";
import { lackingIn } from "../../model/permissions/lacking";
import { type Calls, objectCalls } from "../../model/permissions/need";
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
  const use = { reads: purpose.action.inputs.length > 0, writes: purpose.action.outputs.length > 0 };
  if (!use.reads && !use.writes) return [];
  const calls = ({ bucket, keyArn }: Store) => objectCalls(`arn:aws:s3:::${bucket}/artifact`, keyArn, use);
  return [
    ...theirSide(owner, role, taking, store, calls).map((text) => ({
      graph: owner,
      finding: finding(RULE, role, text),
    })),
    ...(isOtherAccount(taking) ? ourSide(taking, store, calls) : []),
  ];
}

function isOtherAccount({ taker, role }: Taking): boolean {
  return taker.split(":")[4] !== role.split(":")[4];
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
): readonly string[] {
  const statements = policiesOf(owner, role).flatMap(({ text }) => statementsIn(text));
  const shape = shapeOf(taking.graph, store);
  const buckets = namesIn(statements, BUCKET);
  // A key that this stack makes is not the other's, however alike the two look before they have an id.
  const keys = namesIn(statements, KEY).filter((arn) => !referredBy(owner, TYPES.key, arn));
  const bucket = buckets.find((name) => fits(name, shape.bucket, BUCKET_END));
  const key = keys.find((name) => shape.keyArn !== undefined && fits(name, shape.keyArn, KEY_END));
  const user = whatFor(taking);
  if (buckets.length > 0 && bucket === undefined) {
    return [`names bucket ${buckets.join(", ")}, but ${user} has its artifacts in ${shape.bucket}; name that one`];
  }
  if (keys.length > 0 && key === undefined && shape.keyArn?.includes(":key/")) {
    return [
      `names key ${keys.join(", ")}, but the artifacts of ${user} are encrypted with ${shape.keyArn}; name that one`,
    ];
  }
  const named = { bucket: bucket ?? shape.bucket, keyArn: key ?? shape.keyArn };
  const lacking = calls(named).flatMap((need) => lackingIn(statements, need));
  if (lacking.length === 0) return [];
  return [`may not ${lacking.join(", ")}, which ${user} needs for its artifacts; allow it in the role's policy`];
}

const BUCKET = /^arn:[^:]+:s3:::([^/]+)/;
const KEY = /^(arn:[^:]+:kms:[^:]*:[^:]*:key\/.+)$/;

/** What a preview makes up at the end of a name and of a key's ARN. */
const BUCKET_END = { pattern: /-[0-9a-f]{7}$/, word: "-<7 hex digits>" };
const KEY_END = { pattern: /[^/]+$/, word: "<id>" };

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

/** Another account's role reaches a bucket and a key only if their own policies admit it. */
function ourSide(
  taking: Taking,
  { bucket, keyArn }: Store,
  calls: (store: Store) => readonly Calls[],
): readonly Disagreement[] {
  const { graph, role } = taking;
  const madeBucket = bucketNamed(graph, bucket);
  const madeKey = referredBy(graph, TYPES.key, keyArn);
  const bucketPolicies = ofType(graph, TYPES.bucketPolicy).filter(({ inputs }) => inputs.bucket === bucket);
  const sides = [
    ...(madeBucket ? [{ resource: madeBucket, policies: bucketPolicies }] : []),
    ...(madeKey ? [{ resource: madeKey, policies: [madeKey] }] : []),
  ];
  return sides.flatMap(({ resource, policies }) => {
    const statements = policies.flatMap(({ inputs }) => statementsIn(inputs.policy));
    const service = resource.type === TYPES.key ? "kms:" : "s3:";
    const refused = calls({ bucket, keyArn }).flatMap(({ actions, resources }) =>
      actions.filter((action) =>
        resources.some((one) => !admits(statements, { roleArn: role, action, resource: one })),
      ),
    );
    const own = refused.filter((action) => action.startsWith(service));
    if (own.length === 0) return [];
    const why = `which ${whatFor(taking)} needs for its artifacts`;
    const text = `policy: expected to admit ${role} to ${own.join(", ")}, ${why}; add a statement`;
    return [{ graph, finding: finding(RULE, resource, text) }];
  });
}
