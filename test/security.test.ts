import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedGraph } from "../model/graph/graph";
import { policiesOf, statementsIn } from "../model/graph/iam";
import { ofType, TYPES } from "../model/graph/resources";
import { whyOf } from "../preview/delivery/roleView";
import { findingsOf } from "../preview/rules";
import { CONTROLS, NOT_FOLLOWED } from "../scripts/security/controls";
import { securityGraphs } from "../scripts/security/graphs";
import { securityPage } from "../scripts/security/page";
import { shownRoles } from "../scripts/security/roles";
import { ROOT } from "./support/stack";

describe("docs/security.md", () => {
  let graphs: readonly RecordedGraph[];
  before(async () => {
    graphs = await securityGraphs();
  });

  it("is what the recorded stacks make (npm run docs)", async () => {
    assert.equal(readFileSync(join(ROOT, "docs/security.md"), "utf8"), await securityPage());
  });

  it("says of every statement of every role what it is there for", () => {
    const roles = graphs.flatMap((graph) => ofType(graph, TYPES.role).map((role) => ({ graph, role })));
    assert.ok(roles.length > 30, String(roles.length));
    for (const { graph, role } of roles)
      for (const { text } of policiesOf(graph, role))
        for (const statement of statementsIn(text))
          for (const action of statement.actions)
            assert.notEqual(whyOf({ ...statement, actions: [action] }), "", `${role.name}: ${action}`);
  });

  it("shows every role that the stacks have, each once, and stacks in which no role lacks or exceeds anything", () => {
    const names = shownRoles(graphs).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of ["api-unit-tests", "api-release", "confirm-production", "production-deploy", "api-codedeploy"])
      assert.ok(names.includes(name), name);
    for (const graph of graphs)
      assert.deepEqual(
        findingsOf(graph).filter(({ rule }) => rule.startsWith("role-")),
        [],
      );
  });

  it("gives each control what meets it, and each rule that is not followed its reason, in one line", () => {
    for (const texts of [...CONTROLS, ...NOT_FOLLOWED].map((one) => Object.values<string>({ ...one })))
      for (const text of texts) assert.match(text, /^\S[^\n|]*\S$/);
  });
});
