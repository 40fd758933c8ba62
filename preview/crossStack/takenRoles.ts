import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { hasUnknownPolicy, policiesOf, type RecordedStatement, roleOf, statementsIn } from "../../model/graph/iam";
import { ofAction, pipelinesOf } from "../../model/graph/pipelines";
import { admits, admittedRoles } from "../../model/graph/principals";
import { textOf } from "../../model/graph/read";
import { arnOf, arnPlace, finding, notice, ofType, TYPES } from "../../model/graph/resources";
import { serviceNamed } from "../../model/graph/services";
import { admitsJob, admittedSubjects, type JobToken, tokenOf } from "../../model/graph/tokens";
import { actionNeeds } from "../../model/permissions/actionNeeds";
import { buildsOf } from "../../model/permissions/builds";
import { because } from "../../model/permissions/calls";
import { roleCaller } from "../../model/permissions/evaluate/request";
import { excessIn } from "../../model/permissions/excess";
import { lackingIn } from "../../model/permissions/lacking";
import { type ScriptCalls, scriptCalls } from "../../model/permissions/scriptNeeds";
import { workflowActionNeeds } from "../../model/permissions/workflowNeeds";
import { artifactFindings, artifactScopes } from "./artifacts";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";
import { type Taking, whatFor } from "./taking";

/** Roles that are taken admit who takes them and may do what that is for, also where another stack makes them. */
export function takenRoleFindings(graphs: readonly RecordedGraph[]): readonly Disagreement[] {
  const takings = graphs.flatMap(takingsIn);
  const taken = new Map(takings.map((taking) => [taking.role, takings.filter(({ role }) => role === taking.role)]));
  return [...taken.values()].flatMap((of) => {
    const lacking = of.flatMap((taking) => lackingFindings(graphs, taking));
    // Where the halves mean different things, what one of them allows besides is no more than that.
    const differs = lacking.some(({ finding: { level } }) => level === "error");
    return differs ? lacking : [...lacking, ...wideFindings(graphs, of)];
  });
}

function lackingFindings(graphs: readonly RecordedGraph[], taking: Taking): readonly Disagreement[] {
  const owner = graphs.find((graph) => roleMadeIn(graph, taking.role));
  const role = owner && roleMadeIn(owner, taking.role);
  if (!owner || !role) return madeElsewhere(taking);
  const trust = trustFindings(owner, role, taking);
  // What a role of the same stack may do is looked at with the stack; a policy nobody can read says nothing.
  if (owner === taking.graph || hasUnknownPolicy(owner, role)) return trust;
  return [...trust, ...needFindings(owner, role, taking), ...artifactFindings(owner, role, taking)];
}

/** What a role may do beyond what everybody who may take it takes it for. */
function wideFindings(graphs: readonly RecordedGraph[], takings: readonly Taking[]): readonly Disagreement[] {
  const [first] = takings;
  const owner = first && graphs.find((graph) => roleMadeIn(graph, first.role));
  const role = owner && roleMadeIn(owner, first.role);
  if (!owner || !role || takings.some(({ graph }) => graph === owner)) return [];
  const admitted = admittedRoles(statementsIn(role.inputs.assumeRolePolicy));
  const known = takings.map(({ taker }) => taker);
  if (!admitted.every(({ role: name, account }) => known.some((arn) => arn.endsWith(`:${account}:role/${name}`))))
    return [];
  const needs = takings.flatMap((taking) => [...taking.needs(owner), ...artifactScopes(taking)]);
  return policiesOf(owner, role).flatMap(({ resource, text }) =>
    excessIn(statementsIn(text), needs, roleCaller(first.role)).map((one) => ({
      graph: owner,
      finding: finding(RULE, resource, one, "warning"),
    })),
  );
}

function roleMadeIn(graph: RecordedGraph, arn: string): RecordedResource | undefined {
  return ofType(graph, TYPES.role).find((role) => arnOf(role) === arn);
}

function takingsIn(graph: RecordedGraph): readonly Taking[] {
  const actions = pipelinesOf(graph).flatMap((pipeline) => {
    const taker = textOf(pipeline.resource.inputs.roleArn);
    return pipeline.actions.flatMap((action): Taking[] => {
      if (taker === undefined || action.roleArn === undefined) return [];
      const { workflow } = pipeline;
      const place = arnPlace(pipeline.arn);
      return [
        {
          graph,
          user: pipeline.resource,
          taker,
          role: action.roleArn,
          token: workflow && tokenOf(workflow, action),
          purpose: { pipeline, action },
          needs: (owner) =>
            workflow && place
              ? workflowActionNeeds(graph, pipeline, action, place, owner)
              : actionNeeds(owner, pipeline, action),
        },
      ];
    });
  });
  const builds = ofType(graph, TYPES.project).flatMap((user) => {
    const taker = textOf(user.inputs.serviceRole);
    if (taker === undefined) return [];
    const scripts = scriptsOf(graph, user, graph);
    const roles = new Set([...assumable(graph, taker), ...scripts.flatMap(({ roleArn }) => roleArn ?? [])]);
    return [...roles].map((role): Taking => {
      const calls = (owner: RecordedGraph) =>
        scriptsOf(graph, user, owner).flatMap((one) => (one.roleArn === role ? one.calls : []));
      return { graph, user, taker, role, needs: (owner) => because("its script", calls(owner)) };
    });
  });
  return [...actions, ...builds];
}

/** What the scripts of a project call, build by build, on services of another stack or of its own. */
function scriptsOf(graph: RecordedGraph, project: RecordedResource, services: RecordedGraph): readonly ScriptCalls[] {
  const place = arnPlace(arnOf(project));
  return place ? buildsOf(graph, project).map((build) => scriptCalls(graph, build, place, services)) : [];
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
  if (taking.token) return tokenFindings(owner, role, statements, { ...taking, token: taking.token });
  if (admits(statements, { roleArn: taking.taker, action: "sts:AssumeRole" })) return [];
  const admitted = admittedRoles(statements).map((one) => `role ${one.role} of account ${one.account}`);
  const text =
    `assumeRolePolicy: expected to admit ${taking.taker}, which takes the role for ${whatFor(taking)}; ` +
    `it admits ${admitted.join(", ") || "no role by name"}`;
  return [{ graph: owner, finding: finding(RULE, role, text) }];
}

/** A job takes the role by its token; what the two have to agree on is said, claim by claim. */
function tokenFindings(
  owner: RecordedGraph,
  role: RecordedResource,
  statements: readonly RecordedStatement[],
  taking: Taking & { readonly token: JobToken },
): readonly Disagreement[] {
  const { token } = taking;
  if (admitsJob(statements, token)) return [];
  const subjects = admittedSubjects(statements);
  const admitted = subjects.length === 0 ? "no jobs of GitHub Actions" : subjects.join(", ");
  const text =
    `assumeRolePolicy: expected to admit ${token.sub} on ${token.ref}, which takes the role for ${whatFor(taking)}; it admits ` +
    `${admitted}: repository, environment and branch of delivery in both files are the same`;
  return [{ graph: owner, finding: finding(RULE, role, text) }];
}

function needFindings(owner: RecordedGraph, role: RecordedResource, taking: Taking): readonly Disagreement[] {
  const statements = policiesOf(owner, role).flatMap(({ text }) => statementsIn(text));
  const lacking = taking.needs(owner).flatMap((need) => {
    const missing = lackingIn(statements, need);
    return missing.length > 0 ? [{ need, missing }] : [];
  });
  const fails = lacking.some(({ need }) => !need.isAdvised);
  return lacking
    .filter(({ need }) => !need.isAdvised || !fails)
    .map(({ need, missing }) => {
      const text = `may not ${missing.join(", ")}, which ${whatFor(taking)} needs; ${mend(owner, taking)}`;
      return { graph: owner, finding: finding(RULE, role, text, need.isAdvised ? "notice" : "error") };
    });
}

/** What to do for a role that lacks something: where its stack has no such service, the names are what is wrong. */
function mend(owner: RecordedGraph, { graph, needs }: Taking): string {
  const services = needs(owner).flatMap(({ resources }) => resources.flatMap(serviceIn));
  const missing = services.find(({ cluster, name }) => !serviceNamed(owner, cluster, name));
  if (!missing) return "allow it in the role's policy";
  return (
    `stack ${owner.stack} makes no service ${missing.name} in cluster ${missing.cluster}: name what it has, in stack ` +
    `${graph.stack}: releaseTo.cluster, and releaseTo.services.<name>.service`
  );
}

/** The service that an ARN is of. */
function serviceIn(arn: string): readonly { readonly cluster: string; readonly name: string }[] {
  const [, cluster, name] = /^arn:[^:]+:ecs:[^:]*:[^:]*:service\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  return cluster && name ? [{ cluster, name }] : [];
}
