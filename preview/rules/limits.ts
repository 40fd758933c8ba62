import { AUTONAME_LENGTH, NAMES } from "../../components/checks/names";
import { fargateSizeProblem } from "../../components/service/fargate";
import { LOG_RETENTION_DAYS } from "../../components/service/settings";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { policiesOf } from "../../model/graph/iam";
import { numberOf, textOf, textsOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

const BALANCER_NAME = {
  pattern: /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
  max: 32,
  expected: "1 to 32 letters, digits and hyphens, no hyphen at the ends, not starting with internal-",
};

/** What AWS allows in the names of what a delivery is made of. */
const NAME_RULES: Readonly<Record<string, { pattern: RegExp; max: number; expected: string }>> = {
  [TYPES.loadBalancer]: BALANCER_NAME,
  [TYPES.targetGroup]: BALANCER_NAME,
  [TYPES.project]: NAMES.project,
  [TYPES.pipeline]: NAMES.pipeline,
  [TYPES.repository]: NAMES.repository,
  [TYPES.cluster]: NAMES.cluster,
  [TYPES.service]: NAMES.cluster,
  [TYPES.role]: NAMES.role,
};

/** Characters of all inline policies of a role, white space not counted. */
const INLINE_POLICY_MAX = 10_240;

/** Sizes, names and lengths are ones that AWS takes. */
export const limits: Rule = (graph) => [
  ...ofType(graph, TYPES.taskDefinition).flatMap(sizeFindings),
  ...graph.resources.flatMap(nameFindings),
  ...ofType(graph, TYPES.logGroup).flatMap(retentionFindings),
  ...ofType(graph, TYPES.role).flatMap((role) => policyFindings(graph, role)),
];

function sizeFindings(definition: RecordedResource): readonly Finding[] {
  if (!textsOf(definition.inputs.requiresCompatibilities).includes("FARGATE")) return [];
  const problem = fargateSizeProblem(numberOf(definition.inputs.cpu) ?? 0, numberOf(definition.inputs.memory) ?? 0);
  return problem === undefined ? [] : [finding("limits", definition, problem)];
}

/** Names that Pulumi makes are the logical name, a hyphen and seven hex digits. */
function nameFindings(resource: RecordedResource): readonly Finding[] {
  const rule = NAME_RULES[resource.type];
  if (!rule || resource.inputs.namePrefix !== undefined) return [];
  const given = textOf(resource.inputs.name);
  const name = given ?? `${resource.name}-${"0".repeat(AUTONAME_LENGTH - 1)}`;
  if (name.length <= rule.max && rule.pattern.test(name)) return [];
  const got =
    given === undefined
      ? `"${name}", ${name.length} characters (Pulumi adds 8)`
      : `"${name}", ${name.length} characters`;
  return [finding("limits", resource, `name: expected ${rule.expected}, got ${got}; shorten or rename it`)];
}

function retentionFindings(group: RecordedResource): readonly Finding[] {
  const days = numberOf(group.inputs.retentionInDays);
  if (days === undefined || days === 0 || LOG_RETENTION_DAYS.some((allowed) => allowed === days)) return [];
  return [finding("limits", group, `retentionInDays: expected one of ${LOG_RETENTION_DAYS.join(", ")}, got ${days}`)];
}

function policyFindings(graph: RecordedGraph, role: RecordedResource): readonly Finding[] {
  const inline = policiesOf(graph, role).filter((policy) => policy.inline);
  const length = inline.reduce((sum, { text }) => sum + text.replace(/\s/g, "").length, 0);
  if (length <= INLINE_POLICY_MAX) return [];
  const text =
    `its inline policies are ${length} characters in all, AWS allows ${INLINE_POLICY_MAX}; ` +
    "move statements to a managed policy (aws.iam.Policy, 6144 characters each, ten a role)";
  return [finding("limits", role, text)];
}
