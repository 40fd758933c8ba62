import type { Finding } from "../../model/graph/graph";
import type { PropertyChange } from "../../model/update/change";
import type { Difference } from "../../model/update/differences";

/** What a stack is compared with. */
export interface Against {
  /** As it was asked for, for example `origin/main`. */
  readonly ref: string;
  /** The first digits of the commit it means. */
  readonly commit: string;
}

/** `main (0a1b2c3)`; of a commit that was asked for as such, its first digits alone. */
export function baseOf({ ref, commit }: Against): string {
  return ref.startsWith(commit) || commit.startsWith(ref) ? commit : `${ref} (${commit})`;
}

/** What is not as it was in one stack. Every list is empty where nothing is. */
export interface StackChange {
  readonly against: Against;
  /** `here`: the stack is new. `there`: it is gone. @default - it is on both sides */
  readonly only?: "here" | "there";
  /** Why the stack could not be made there: then nothing is compared. @default - it could */
  readonly failure?: string;
  /** What becomes of each service, in words, from the update played on what deliveries leave. */
  readonly update: readonly string[];
  /** Whether that is all there is to say to a reader: something has another identity, so that everything differs. */
  readonly summary?: true;
  /** Settings of the AWS provider, which hold for every resource. */
  readonly provider: readonly Difference[];
  readonly resources: readonly ResourceChange[];
  readonly permissions: readonly PermissionChange[];
  /** Openings of security groups, for example `api-load-balancer: ingress 443 from 0.0.0.0/0`. */
  readonly openings: Widening;
  readonly findings: { readonly new: readonly Finding[]; readonly gone: readonly Finding[] };
  /** What the stack tells other stacks and people. */
  readonly outputs: readonly Difference[];
}

/** What becomes of a resource; `kept` where only properties differ that Pulumi is told to leave alone. */
export type Fate = "removed" | "replaced" | "renamed" | "changed" | "added" | "kept";

/** A resource that is not as it was. */
export interface ResourceChange {
  readonly fate: Fate;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN under which it was known. @default - the same */
  readonly formerUrn?: string;
  /** Whether an alias says so. Without one the old resource is deleted and a new one made. @default - no alias is needed */
  readonly aliased?: boolean;
  readonly properties: readonly PropertyChange[];
  /** Whether the old one goes before the new one comes. @default - it is not replaced, or goes afterwards */
  readonly deletedFirst?: true;
  /** What goes with it. @default - nothing that cannot be made again */
  readonly lost?: string;
  /** Whether it stays, and keeps less of what it has. @default - what is lost goes with it */
  readonly keepsLess?: true;
}

/** What someone may do now, and could not before; and the other way round. */
export interface Widening {
  readonly widened: readonly string[];
  readonly narrowed: readonly string[];
}

/** A role or a resource whose policies say something else. */
export interface PermissionChange extends Widening {
  readonly urn: string;
  /** As messages name it, for example `aws.iam.Role "api-task"`. */
  readonly subject: string;
  /** Which of its policies: what a role may do, who may take it, or who may use a resource. */
  readonly policy: "permissions" | "trust" | "resource policy";
}

/** Whether a stack is just what it was. */
export function isUnchanged({ only, failure, ...change }: StackChange): boolean {
  const { update, provider, resources, permissions, openings, findings, outputs } = change;
  const lists = [
    update,
    provider,
    resources,
    permissions,
    outputs,
    openings.widened,
    openings.narrowed,
    findings.new,
    findings.gone,
  ];
  return only === undefined && failure === undefined && lists.every(({ length }) => length === 0);
}
