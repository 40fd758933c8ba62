import { AUTONAME_LENGTH, NAMES } from "../../components/checks/names";
import { MANAGED_POLICIES_MAX, POLICY_MAX } from "../../components/iam/policySize";
import { fargateSizeProblem } from "../../components/service/fargate";
import { LOG_RETENTION_DAYS } from "../../components/service/settings";
import { formProblems } from "../../model/graph/awsForms";
import { cloudWatchProblems } from "../../model/graph/cloudWatch";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { attachedArns, policiesOf } from "../../model/graph/iam";
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
  [TYPES.policy]: named(/^[\w+=,.@-]+$/, 128, "letters, digits and + = , . @ - _"),
  [TYPES.logGroup]: named(/^[\w./#-]+$/, 512, "letters, digits and . - _ / #"),
  [TYPES.eventRule]: named(/^[\w.-]+$/, 64, "letters, digits and . - _"),
  [TYPES.topic]: named(/^[\w-]+$/, 256, "letters, digits, - and _"),
  [TYPES.queue]: named(/^[\w-]{1,80}$|^[\w-]{1,75}\.fifo$/, 80, "letters, digits, - and _"),
  [TYPES.notificationRule]: named(/^[\w -]+$/, 64, "letters, digits, - and _"),
  [TYPES.securityGroup]: named(
    /^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]+$/,
    255,
    "letters, digits and signs, not sg- first",
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(/^[^\p{Cc}]+$/u, 255, "characters"),
  "aws:codedeploy/application:Application": named(/^\S(?:.*\S)?$/, 100, "characters"),
  "aws:scheduler/schedule:Schedule": named(/^[\w.-]+$/, 64, "letters, digits and . - _"),
  "aws:sfn/stateMachine:StateMachine": named(/^[\w-]+$/, 80, "letters, digits, - and _"),
};

function named(pattern: RegExp, max: number, of: string) {
  return { pattern, max, expected: `1 to ${max} ${of}` };
}

/** Sizes, names, lengths and forms are ones that AWS takes. */
export const limits: Rule = (graph) => [
  ...ofType(graph, TYPES.taskDefinition).flatMap(sizeFindings),
  ...graph.resources.flatMap(nameFindings),
  ...graph.resources.flatMap((resource) => formProblems(resource).map((text) => finding("limits", resource, text))),
  ...graph.resources.flatMap((resource) =>
    cloudWatchProblems(resource).map((text) => finding("limits", resource, text)),
  ),
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
  const managed = attachedArns(graph, role).length;
  return [
    ...(length <= POLICY_MAX.inline
      ? []
      : [
          `its inline policies are ${length} characters in all, AWS allows ${POLICY_MAX.inline}; ` +
            `move statements to a managed policy (aws.iam.Policy, ${POLICY_MAX.managed} characters each, ten a role)`,
        ]),
    ...(managed <= MANAGED_POLICIES_MAX
      ? []
      : [
          `it has ${managed} managed policies, AWS allows ${MANAGED_POLICIES_MAX} until it is asked for more; ` +
            "put statements that differ in their resources alone into one",
        ]),
  ].map((text) => finding("limits", role, text));
}
