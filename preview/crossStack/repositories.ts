import { globExpression } from "../../model/graph/eventPattern";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { policiesOf, type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { admits } from "../../model/graph/principals";
import { arnOf, arnPlace, finding, label, ofType, physicalName, TYPES } from "../../model/graph/resources";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";

/**
 * Where a role pushes to or pulls from the repository of another account's stack, the repository admits it to every call
 * that the role's own policy names.
 */
export function repositoryFindings(graphs: readonly RecordedGraph[]): readonly Disagreement[] {
  const repositories = graphs.flatMap((graph) =>
    ofType(graph, TYPES.repository).map((repository) => ({ graph, repository })),
  );
  return graphs.flatMap((graph) =>
    ofType(graph, TYPES.role).flatMap((role) => {
      const statements = policiesOf(graph, role).flatMap(({ text }) => statementsIn(text));
      return repositories
        .filter((one) => one.graph !== graph && accountOf(one.repository) !== arnOf(role)?.split(":")[4])
        .flatMap((one) => refusals(one, statements, { graph, role }));
    }),
  );
}

function accountOf(repository: RecordedResource): string | undefined {
  return arnPlace(arnOf(repository))?.account;
}

function refusals(
  { graph, repository }: { readonly graph: RecordedGraph; readonly repository: RecordedResource },
  statements: readonly RecordedStatement[],
  user: { readonly graph: RecordedGraph; readonly role: RecordedResource },
): readonly Disagreement[] {
  const resource = arnOf(repository) ?? "";
  const calls = statements
    .filter(({ effect, resources }) => effect === "Allow" && resources.some((one) => names(one, resource)))
    .flatMap(({ actions }) => actions.filter((action) => /^ecr:\w+$/.test(action)));
  const admitted = ofType(graph, TYPES.repositoryPolicy)
    .filter(({ inputs }) => inputs.repository === physicalName(repository))
    .flatMap(({ inputs }) => statementsIn(inputs.policy))
    // The repository is what its policy is about: statements name none.
    .map((statement) => ({ ...statement, resources: ["*"] }));
  const roleArn = arnOf(user.role) ?? "";
  const refused = [...new Set(calls)].filter((action) => !admits(admitted, { roleArn, action, resource }));
  if (refused.length === 0) return [];
  const text =
    `policy: expected to admit ${roleArn} to ${refused.join(", ")}, ` +
    `as the policy of ${label(user.role)} in stack ${user.graph.stack} does; add a statement`;
  return [{ graph, finding: finding(RULE, repository, text) }];
}

/** Whether a pattern means this repository and not just every one. */
function names(pattern: string, arn: string): boolean {
  return pattern.includes(":repository/") && globExpression(pattern).test(arn);
}
