import assert from "node:assert/strict";
import { matchesGlob } from "../../model/graph/eventPattern";
import type { RecordedGraph } from "../../model/graph/graph";
import type { AccessRequest } from "../../model/permissions/evaluate/request";
import type { Need } from "../../model/permissions/need";
import { usedRoles } from "../../model/permissions/roleAccess";
import { roleUses } from "../../model/permissions/roleNeeds";
import { Leftovers } from "../../rehearse/leftovers";
import { onPaper } from "./play";
import { allStages } from "./stages";

/** What the preview says that each role of a graph needs, by the role's ARN. */
function needsIn(graph: RecordedGraph): ReadonlyMap<string, readonly Need[]> {
  const used = usedRoles(graph, roleUses(graph));
  return new Map(used.map(({ arn, uses }) => [arn, uses.flatMap(({ needs }) => needs)] as const));
}

function isSaid({ action, resource }: AccessRequest, needs: readonly Need[]): boolean {
  return needs.some(
    ({ actions, resources, within = [] }) =>
      actions.includes(action) && [...resources, ...within].some((one) => matchesGlob(one, resource)),
  );
}

describe("what a rehearsal calls in the roles of the stacks", function () {
  this.timeout(120_000);
  const leftovers = new Leftovers();
  after(() => leftovers.clean());

  it("is what the preview says that they need", async () => {
    let compared = 0;
    for (const { name, source, graphs, stacks } of await allStages(leftovers)) {
      const { cloud } = await onPaper(graphs, { stacks }, source);
      const needs = new Map(graphs.flatMap((graph) => [...needsIn(graph)]));
      for (const request of cloud.demanded) {
        const known = needs.get(request.caller.arn);
        if (known === undefined) continue;
        compared += 1;
        assert.ok(isSaid(request, known), `${name}: ${request.caller.arn} ${request.action} ${request.resource}`);
      }
    }
    assert.ok(compared > 1000, `${compared} calls`);
  });
});
