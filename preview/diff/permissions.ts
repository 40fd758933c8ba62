import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { attachedArns, policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { arnOf, label, ofType, TYPES } from "../../model/graph/resources";
import type { Paired } from "../../model/update/pairs";
import type { PermissionChange, Widening } from "./change";
import { compareStatements } from "./grants";

/** Where a resource says who may use it, by type. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
};

/** What roles may do, who may take them and who may use what: where any of it is not as it was. */
export function permissionChanges(
  before: RecordedGraph,
  after: RecordedGraph,
  { pairs, added, removed }: Paired,
): readonly PermissionChange[] {
  const sides: readonly Sides[] = [
    ...pairs.map((pair) => ({ before: pair.before, after: pair.after })),
    ...added.map((resource) => ({ after: resource })),
    ...removed.map((resource) => ({ before: resource })),
  ];
  return sides.flatMap(({ before: old, after: young }) => {
    const resource = young ?? old;
    if (!resource) return [];
    const subject = young === undefined ? `${label(resource)}, removed` : label(resource);
    const change = (policy: PermissionChange["policy"], widening: Widening): readonly PermissionChange[] =>
      widening.widened.length + widening.narrowed.length > 0
        ? [{ urn: resource.urn, subject, policy, ...widening }]
        : [];
    const said = (property: string, one: RecordedResource | undefined) => statementsIn(one?.inputs[property]);
    if (resource.type === TYPES.role) {
      return [
        ...change("permissions", compareStatements(statementsFor(before, old), statementsFor(after, young))),
        ...change("trust", compareStatements(said("assumeRolePolicy", old), said("assumeRolePolicy", young))),
      ];
    }
    const property = RESOURCE_POLICIES[resource.type];
    if (property === undefined) return [];
    return change("resource policy", compareStatements(said(property, old), said(property, young)));
  });
}

interface Sides {
  readonly before?: RecordedResource;
  readonly after?: RecordedResource;
}

/** Everything a role may do. Of a policy that AWS manages the text is unknown: its name stands for what it allows. */
function statementsFor(graph: RecordedGraph, role: RecordedResource | undefined): readonly RecordedStatement[] {
  if (!role) return [];
  const made = new Set(ofType(graph, TYPES.policy).map(arnOf));
  const managed = attachedArns(graph, role).filter((arn) => !made.has(arn));
  const none = { notActions: [], notResources: [], condition: {}, principal: undefined };
  return [
    ...policiesOf(graph, role).flatMap(({ text }) => statementsIn(text)),
    ...managed.map((arn) => ({ effect: "Allow", actions: [`all that ${arn} allows`], resources: [], ...none })),
  ];
}
