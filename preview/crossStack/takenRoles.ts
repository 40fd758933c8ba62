import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { hasUnknownPolicy, policiesOf, roleOf, statementsIn } from "../../model/graph/iam";
import { ofAction, pipelinesOf } from "../../model/graph/pipelines";
import { admits, admittedRoles } from "../../model/graph/principals";
import { textOf } from "../../model/graph/read";
import { arnOf, finding, notice, ofType, TYPES } from "../../model/graph/resources";
import { serviceNamed } from "../../model/graph/services";
import { actionNeeds } from "../../model/permissions/actionNeeds";
import { lackingIn } from "../../model/permissions/lacking";
import { artifactFindings } from "./artifacts";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";
import { type Taking, whatFor } from "./taking";

/** Roles that are taken admit who takes them and may do what that is for, also where another stack makes them. */
export function takenRoleFindings(graphs: readonly RecordedGraph[]): readonly Disagreement[] {
  return graphs.flatMap(takingsIn).flatMap((taking) => {
    const owner = graphs.find((graph) => roleMadeIn(graph, taking.role));
    const role = owner && roleMadeIn(owner, taking.role);
    if (!owner || !role) return madeElsewhere(taking);
    const trust = trustFindings(owner, role, taking);
    // What a role of the same stack may do is looked at with the stack; a policy nobody can read says nothing.
    if (owner === taking.graph || hasUnknownPolicy(owner, role)) return trust;
    return [...trust, ...needFindings(owner, role, taking), ...artifactFindings(owner, role, taking)];
  });
}

function roleMadeIn(graph: RecordedGraph, arn: string): RecordedResource | undefined {
  return ofType(graph, TYPES.role).find((role) => arnOf(role) === arn);
}

function takingsIn(graph: RecordedGraph): readonly Taking[] {
  const actions = pipelinesOf(graph).flatMap((pipeline) => {
    const taker = textOf(pipeline.resource.inputs.roleArn);
    return pipeline.actions.flatMap((action): Taking[] =>
      taker !== undefined && action.roleArn !== undefined
        ? [{ graph, user: pipeline.resource, taker, role: action.roleArn, purpose: { pipeline, action } }]
        : [],
    );
  });
  const builds = ofType(graph, TYPES.project).flatMap((user) => {
    const taker = textOf(user.inputs.serviceRole);
    if (taker === undefined) return [];
    return assumable(graph, taker).map((role): Taking => ({ graph, user, taker, role }));
  });
  return [...actions, ...builds];
}

/** The roles that a role's policies name as those it may take. */
function assumable(graph: RecordedGraph, arn: string): readonly string[] {
  const role = roleOf(graph, arn);
  const statements = role ? policiesOf(graph, role).flatMap(({ text }) => statementsIn(text)) : [];
  return statements
    .filter(({ effect, actions }) => effect === "Allow" && actions.includes("sts:AssumeRole"))
    .flatMap(({ resources }) => resources.filter((resource) => !/[*?]/.test(resource)));
}

function madeElsewhere({ graph, user, taker, role, purpose }: Taking): readonly Disagreement[] {
  if (role.split(":")[4] === taker.split(":")[4]) return [];
  const text = `takes ${role}, which is made elsewhere: not checked; preview its stack together with this one`;
  return [{ graph, finding: notice("made-elsewhere", user, purpose ? `${ofAction(purpose.action)}${text}` : text) }];
}

function trustFindings(owner: RecordedGraph, role: RecordedResource, taking: Taking): readonly Disagreement[] {
  const statements = statementsIn(role.inputs.assumeRolePolicy);
  if (admits(statements, { roleArn: taking.taker, action: "sts:AssumeRole" })) return [];
  const admitted = admittedRoles(statements).map((one) => `role ${one.role} of account ${one.account}`);
  const text =
    `assumeRolePolicy: expected to admit ${taking.taker}, which takes the role for ${whatFor(taking)}; ` +
    `it admits ${admitted.join(", ") || "no role by name"}`;
  return [{ graph: owner, finding: finding(RULE, role, text) }];
}

function needFindings(owner: RecordedGraph, role: RecordedResource, taking: Taking): readonly Disagreement[] {
  const { purpose } = taking;
  if (!purpose) return [];
  const statements = policiesOf(owner, role).flatMap(({ text }) => statementsIn(text));
  return actionNeeds(owner, purpose.pipeline, purpose.action).flatMap((need) => {
    const lacking = lackingIn(statements, need);
    if (lacking.length === 0) return [];
    const text = `may not ${lacking.join(", ")}, which ${whatFor(taking)} needs; ${mend(owner, taking)}`;
    return [{ graph: owner, finding: finding(RULE, role, text) }];
  });
}

/** What to do for a role that lacks something: where its stack has no such service, the names are what is wrong. */
function mend(owner: RecordedGraph, { graph, purpose }: Taking): string {
  const { ClusterName, ServiceName } = purpose?.action.configuration ?? {};
  if (purpose?.action.provider !== "ECS" || serviceNamed(owner, ClusterName, ServiceName)) {
    return "allow it in the role's policy";
  }
  return (
    `stack ${owner.stack} makes no service ${ServiceName ?? ""} in cluster ${ClusterName ?? ""}: name what it has, in stack ` +
    `${graph.stack}: releaseTo.cluster, and releaseTo.services.<name>.service`
  );
}
