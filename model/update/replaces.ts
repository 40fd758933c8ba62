import type { RecordedResource } from "../graph/graph";
import { DECLARED } from "./declared";
import type { Difference } from "./differences";
import { MAYBE_REPLACED, REPLACED_BY_HAND, REPLACED_EVERYWHERE } from "./replacedByHand";

/** Where everything replaces, this does not. */
const NEVER: readonly string[] = ["tags", "skipDestroy", "trackLatest"];

/** Properties that the provider leaves as they are where the program says nothing of them any more. By type. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/service:Service": [
    "availabilityZoneRebalancing",
    "deploymentConfiguration",
    "launchType",
    "platformVersion",
  ],
};

/** Whether a property that the program no longer says stays what it was: the provider reads it from AWS then. */
export function keepsWhenLeftOut(type: string, { path, after }: Difference): boolean {
  return after === undefined && (KEPT[type] ?? []).includes(path);
}

/** Whether a change at a path replaces a resource of the type, as far as the declarations or the table by hand say. */
export function replaces(type: string, path: string): boolean {
  const property = propertyOf(path);
  const byHand = REPLACED_BY_HAND[type] ?? [];
  if (byHand.includes("*")) return !NEVER.includes(property);
  return [...byHand, ...REPLACED_EVERYWHERE, ...(DECLARED[type]?.always ?? [])].includes(property);
}

/** Whether it may: for some values only, or because nobody here has looked at that property, or at that type of AWS. */
export function mayReplace(type: string, path: string): boolean {
  if (!type.startsWith("aws:") || replaces(type, path)) return false;
  const property = propertyOf(path);
  if (!(type in DECLARED || type in REPLACED_BY_HAND)) return property !== "tags";
  return [...(MAYBE_REPLACED[type] ?? []), ...(DECLARED[type]?.sometimes ?? [])].includes(property);
}

function propertyOf(path: string): string {
  const [property = ""] = path.split(/[.[]/, 1);
  return property;
}

/**
 * Types of which there is one for each of what they belong to: the provider deletes the old one first.
 * https://github.com/pulumi/pulumi-aws/pull/2085
 */
const ONE_OF_ITS_KIND: readonly string[] = ["aws:ecr/lifecyclePolicy:LifecyclePolicy"];

/** Two of the same name cannot be there at once: the provider deletes first, unless Pulumi makes the name up. */
export function deletedFirst(before: RecordedResource, after: RecordedResource): boolean {
  const { name } = after.inputs;
  if (ONE_OF_ITS_KIND.includes(after.type)) return true;
  return after.deleteBeforeReplace || (name !== undefined && before.inputs.name === name);
}

/** What cannot be made again once a resource is gone, by type. */
const LOST: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "its log",
  "aws:codecommit/repository:Repository": "its commits and branches",
  "aws:codepipeline/pipeline:Pipeline": "the history of its runs",
  "aws:ecr/repository:Repository": "every image in it",
  "aws:ecs/service:Service": "its running tasks: nobody serves until another one does",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "the way in for whoever signs in by it",
  "aws:kms/key:Key": "whatever it has encrypted, once its waiting time is over",
  "aws:lb/loadBalancer:LoadBalancer": "its address",
  "aws:s3/bucket:Bucket": "every object in it",
  "aws:secretsmanager/secret:Secret": "its value",
  "aws:sns/topic:Topic": "its subscriptions, which people have to confirm again",
  "aws:ssm/parameter:Parameter": "its value and the history of it",
};

/** What goes with a resource that is deleted, and whether anything holds that up. Undefined where nothing is lost. */
export function lostWith({ type, inputs, protect, retainOnDelete }: RecordedResource): string | undefined {
  if (retainOnDelete) return undefined;
  const what = LOST[type];
  if (protect) return `${what ?? "nothing"}; it is protected, so pulumi up refuses`;
  const empties = { "aws:ecr/repository:Repository": "forceDelete", "aws:s3/bucket:Bucket": "forceDestroy" }[type];
  if (what === undefined || empties === undefined || inputs[empties] === true) return what;
  return `${what}; AWS refuses until it is empty`;
}
