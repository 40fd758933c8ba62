import { throughTopic } from "../graph/topics";
import type { Context } from "./evaluate/request";

/** Calls that a role must be able to make, each on all of these resources. */
export interface Need {
  readonly actions: readonly string[];
  /** ARNs; `*` in one stands for what AWS alone knows, `*` alone where it takes nothing narrower. */
  readonly resources: readonly string[];
  /** What for, in messages. */
  readonly why: string;
  /** What AWS knows of the calls besides who makes them. A statement that allows them has to ask for each of these keys. */
  readonly context?: Context;
  /** What AWS knows too, and a statement need not ask for; asking for one of these is as good. */
  readonly beside?: Context;
  /** The widest resources that a statement may name. @default - the resources */
  readonly within?: readonly string[];
  /** Whether AWS's page asks for it, and no delivery is known to fail without it. @default false */
  readonly isAdvised?: boolean;
}

/** A need whose reason is said once for several. */
export type Calls = Omit<Need, "why">;

/** How something in a bucket is used. */
export interface Use {
  readonly reads: boolean;
  readonly writes: boolean;
}

/**
 * Reading and writing objects, with the calls on the customer's KMS key that are made for it, through S3 alone.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html
 */
export function objectCalls(
  objectArn: string,
  keyArn: string | undefined,
  use: Use,
  region?: string,
): readonly Calls[] {
  const { reads, writes } = use;
  const calls = [...(reads ? ["s3:GetObject", "s3:GetObjectVersion"] : []), ...(writes ? ["s3:PutObject"] : [])];
  return [{ actions: calls, resources: [objectArn] }, ...artifactKeyCalls(keyArn, use, region)];
}

function artifactKeyCalls(keyArn: string | undefined, { reads, writes }: Use, region?: string): readonly Calls[] {
  if (!keyArn?.includes(":key/")) return [];
  const through = (...verbs: readonly string[]) =>
    keyCalls(
      verbs.map((verb) => `kms:${verb}`),
      keyArn,
      "s3",
      region,
    );
  const listed = ["DescribeKey", ...(writes ? ["Encrypt", "ReEncryptFrom", "ReEncryptTo"] : [])];
  return [
    through(...(reads ? ["Decrypt"] : []), ...(writes ? ["GenerateDataKey"] : [])),
    { ...through(...listed), isAdvised: true },
  ];
}

/** Calls on a key that a service makes in the caller's name. */
export function keyCalls(actions: readonly string[], keyArn: string, service: string, region?: string): Calls {
  const through = `${service}.${region ?? keyArn.split(":")[3] ?? ""}.amazonaws.com`;
  return { actions, resources: [keyArn], context: { "kms:ViaService": through } };
}

/** What publishing to a topic takes of the key it is encrypted with. */
export function publishKeyCalls(keyArn: string | undefined, topicArn: string): readonly Calls[] {
  const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
  return keyArn === undefined ? [] : [{ actions, resources: [keyArn], context: throughTopic(topicArn) }];
}

/** One call on one resource, as it would be made. */
export interface MadeCall {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context | undefined;
}

/** Every call on every resource; what AWS alone knows of a resource is made up. */
export function requestsFor({ actions, resources, context: asked, beside }: Calls): readonly MadeCall[] {
  const context = asked || beside ? { ...beside, ...asked } : undefined;
  return resources.flatMap((resource) => actions.map((action) => ({ action, resource: madeUp(resource), context })));
}

function madeUp(resource: string): string {
  return resource === "*" ? resource : resource.replaceAll("*", "0a1b2c3");
}
