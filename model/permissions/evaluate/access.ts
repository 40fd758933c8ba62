import type { RecordedGraph, RecordedResource } from "../../graph/graph";
import { hasUnknownPolicy, policiesOf, type RecordedStatement, roleOf, statementsIn } from "../../graph/iam";
import { textOf } from "../../graph/read";
import { arnOf, arnPlace, ofType, physicalName, TYPES } from "../../graph/resources";
import { type Decision, decide, type Policies } from "./decide";
import { type AccessRequest, isService } from "./request";

/** What AWS would answer to a call. */
export interface Verdict {
  readonly allowed: boolean;
  /** False where a policy that decides it is not in any graph: then nothing is said against the call. */
  readonly known: boolean;
  readonly decision?: Decision;
}

/** The policy of something that is called, where a graph has it. */
interface ResourcePolicy {
  readonly statements: readonly RecordedStatement[];
  /** Account that owns it. */
  readonly owner?: string;
  /** Whether only this policy opens it. */
  readonly decides?: boolean;
}

/** The policies of several stacks, as AWS would have them once the stacks are there. */
export class Access {
  private readonly roles = new Map<string, RoleAt>();
  private readonly statements = new Map<RecordedResource, readonly RecordedStatement[]>();
  private readonly byType = new Map<string, readonly RecordedResource[]>();
  private readonly policies = new Map<string, { readonly policy: ResourcePolicy | undefined }>();

  constructor(private readonly graphs: readonly RecordedGraph[]) {}

  /** Whether a call may be made. */
  decide(request: AccessRequest): Verdict {
    const policy = this.policyOf(request.resource, request.action);
    const owner = request.owner ?? policy?.owner;
    const asked = owner === undefined ? request : { ...request, owner };
    if (isService(request.caller)) {
      // A service needs a policy that names it only where the thing has one of its own.
      if (!policy) return { allowed: true, known: false };
      const decision = decide(asked, { resource: policy.statements });
      return { allowed: decision.allowed, known: true, decision };
    }
    const [graph, role] = this.roleAt(request.caller.arn);
    if (!graph || !role) return this.fromOutside(asked, policy);
    const policies: Policies = {
      identity: this.statementsOf(graph, role),
      boundary: this.boundaryOf(role),
      resource: policy?.statements,
      resourceDecides: policy?.decides,
    };
    const decision = decide(asked, policies);
    if (decision.allowed || decision.by) return { allowed: decision.allowed, known: true, decision };
    // What is attached and cannot be read may allow it; so may the policy of what another account owns.
    const hidden =
      (decision.where === "identity" && hasUnknownPolicy(graph, role)) ||
      (decision.where === "resource" && policy === undefined);
    return hidden ? { allowed: true, known: false } : { allowed: false, known: true, decision };
  }

  /** What a role may do that no graph has is not known; what is called may turn it away all the same. */
  private fromOutside(request: AccessRequest, policy: ResourcePolicy | undefined): Verdict {
    if (!policy) return { allowed: true, known: false };
    const decision = decide(request, {
      identity: EVERYTHING,
      resource: policy.statements,
      resourceDecides: policy.decides,
    });
    return decision.allowed ? { allowed: true, known: false } : { allowed: false, known: true, decision };
  }

  /** The graph that a role is made in, and the role. */
  roleAt(arn: string): RoleAt {
    return kept(this.roles, arn, () => this.findRole(arn));
  }

  private findRole(arn: string): RoleAt {
    for (const graph of this.graphs) {
      const role = roleOf(graph, arn);
      if (role && arnOf(role) === arn) return [graph, role];
    }
    return [undefined, undefined];
  }

  private statementsOf(graph: RecordedGraph, role: RecordedResource): readonly RecordedStatement[] {
    return kept(this.statements, role, () => policiesOf(graph, role).flatMap(({ text }) => read(text)));
  }

  private boundaryOf(role: RecordedResource): readonly RecordedStatement[] | undefined {
    const arn = textOf(role.inputs.permissionsBoundary);
    const policy = this.find(TYPES.policy, (one) => arn !== undefined && arnOf(one) === arn);
    return policy && read(policy.inputs.policy);
  }

  private policyOf(resource: string, action: string): ResourcePolicy | undefined {
    // A bucket's policy is that of all its objects.
    const whose = resource.includes(":s3:::") ? (resource.split("/", 1)[0] ?? resource) : resource;
    return kept(this.policies, `${action === "sts:AssumeRole"} ${whose}`, () => ({
      policy: this.findPolicy(resource, action),
    })).policy;
  }

  private findPolicy(resource: string, action: string): ResourcePolicy | undefined {
    const [, , service = "", , account = "", ...rest] = resource.split(":");
    const name = rest.join(":");
    switch (service) {
      case "s3":
        return this.bucketPolicy(name.split("/", 1)[0] ?? "");
      case "kms":
        return this.ofResource(TYPES.key, (key) => arnOf(key) === resource, "policy", true);
      case "sns":
        return this.topicPolicy(resource);
      case "sqs":
        return this.queuePolicy(resource);
      case "ecr":
        return this.repositoryPolicy(account, name.replace(/^repository\//, ""), resource);
      case "iam":
        return action === "sts:AssumeRole"
          ? this.ofResource(TYPES.role, (role) => arnOf(role) === resource, "assumeRolePolicy", true)
          : undefined;
      default:
        return undefined;
    }
  }

  private bucketPolicy(bucket: string): ResourcePolicy | undefined {
    for (const graph of this.graphs) {
      if (!ofType(graph, TYPES.bucket).some(({ id }) => id === bucket)) continue;
      const policies = ofType(graph, TYPES.bucketPolicy).filter(({ inputs }) => inputs.bucket === bucket);
      return { statements: policies.flatMap(({ inputs }) => read(inputs.policy)), owner: accountOf(graph) };
    }
    return undefined;
  }

  private topicPolicy(topicArn: string): ResourcePolicy | undefined {
    const topic = this.find(TYPES.topic, (one) => arnOf(one) === topicArn);
    if (!topic) return undefined;
    const policy = this.find(TYPES.topicPolicy, ({ inputs }) => inputs.arn === topicArn);
    return { statements: read(policy?.inputs.policy ?? topic.inputs.policy) };
  }

  private queuePolicy(queueArn: string): ResourcePolicy | undefined {
    const queue = this.find(TYPES.queue, (one) => arnOf(one) === queueArn);
    if (!queue) return undefined;
    const policy = this.find(TYPES.queuePolicy, ({ inputs }) => inputs.queueUrl === queue.id);
    return { statements: read(policy?.inputs.policy ?? queue.inputs.policy) };
  }

  private repositoryPolicy(account: string, name: string, arn: string): ResourcePolicy | undefined {
    const graph = this.graphs.find(
      (one) => accountOf(one) === account && ofType(one, TYPES.repository).some((each) => physicalName(each) === name),
    );
    if (!graph) return undefined;
    const policies = ofType(graph, TYPES.repositoryPolicy).filter(({ inputs }) => inputs.repository === name);
    return { statements: policies.flatMap(({ inputs }) => read(inputs.policy)), owner: arn.split(":")[4] };
  }

  private ofResource(
    type: string,
    which: (resource: RecordedResource) => boolean,
    property: string,
    decides: boolean,
  ): ResourcePolicy | undefined {
    const found = this.find(type, which);
    return found && { statements: read(found.inputs[property]), decides };
  }

  private find(type: string, which: (resource: RecordedResource) => boolean): RecordedResource | undefined {
    return kept(this.byType, type, () => this.graphs.flatMap((graph) => ofType(graph, type))).find(which);
  }
}

/** The graph that a role is made in, and the role. */
type RoleAt = readonly [RecordedGraph | undefined, RecordedResource | undefined];

/** What was found once: graphs do not change. */
function kept<K, V>(known: Map<K, V>, key: K, find: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = find();
  known.set(key, value);
  return value;
}

/** What is taken of a role whose policies nobody has. */
const EVERYTHING: readonly RecordedStatement[] = [
  {
    effect: "Allow",
    actions: ["*"],
    notActions: [],
    resources: ["*"],
    notResources: [],
    condition: {},
    principal: undefined,
  },
];

/** Documents that were read, by their text: a search asks for the same ones thousands of times. */
const documents = new Map<unknown, readonly RecordedStatement[]>();

function read(document: unknown): readonly RecordedStatement[] {
  const known = documents.get(document);
  if (known) return known;
  const found = statementsIn(document);
  if (documents.size > 10_000) documents.clear();
  documents.set(document, found);
  return found;
}

/** The account that a stack is in, by the first ARN that says so. */
export function accountOf(graph: RecordedGraph): string {
  for (const resource of graph.resources) {
    const place = arnPlace(arnOf(resource));
    if (place) return place.account;
  }
  return "";
}
