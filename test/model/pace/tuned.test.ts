import assert from "node:assert/strict";
import { asDelivered } from "../../../model/environment/delivered";
import { GUESSES } from "../../../model/environment/guesses";
import type { RecordedGraph } from "../../../model/graph/graph";
import { jsonOf, mapOf, mapsOf } from "../../../model/graph/read";
import { ofType, TYPES } from "../../../model/graph/resources";
import { type DeploymentPace, deploymentPace } from "../../../model/pace/deployment";
import { type Pace, secondsOf } from "../../../model/pace/step";
import { withInputsOf } from "../../rehearse/play";
import { service, stackGraph } from "../../support/stack";

/** How long both versions are watched is what somebody wants, and the same with whatever defaults. */
const WANTED: readonly Pace[] = ["moving traffic in steps", "baking", "keeping the old version", "watching alarms"];

/** A graph with what AWS takes where nobody says otherwise: five checks every 30 seconds, 300 seconds of draining, 30 to stop. */
function asAwsHasIt(graph: RecordedGraph): RecordedGraph {
  const groups = withInputsOf(graph, TYPES.targetGroup, ({ healthCheck }) => ({
    deregistrationDelay: undefined,
    healthCheck: { ...mapOf(healthCheck), interval: undefined, healthyThreshold: undefined },
  }));
  return withInputsOf(groups, TYPES.taskDefinition, ({ containerDefinitions }) => ({
    containerDefinitions: JSON.stringify(
      mapsOf(jsonOf(containerDefinitions)).map((container) => ({ ...container, stopTimeout: undefined })),
    ),
  }));
}

function paceOf(graph: RecordedGraph): DeploymentPace {
  const delivered = asDelivered(graph);
  const [one] = ofType(delivered, TYPES.service);
  assert.ok(one);
  return deploymentPace(delivered, one, GUESSES);
}

/** Seconds from the first new task to the end of the last old one, without what somebody wants to wait. */
function unwanted({ toUsers, toGone }: DeploymentPace): number {
  return secondsOf([...toUsers, ...toGone].filter(({ what }) => !WANTED.includes(what)));
}

describe("the defaults of health check, draining and stopping", () => {
  for (const deployment of ["rolling", "codeDeployBlueGreen", "ecsBlueGreen", "ecsLinear", "ecsCanary"]) {
    it(`take at most a third of what AWS's take, with ${deployment}`, async () => {
      const { recorded } = await stackGraph("dev", { changes: { deployment } });
      const [ours, theirs] = [paceOf(recorded), paceOf(asAwsHasIt(recorded))];
      assert.equal(unwanted(theirs), 60 + 5 * 30 + 300 + 30);
      assert.equal(unwanted(ours), 60 + 2 * 10 + 30 + 30);
      assert.ok(unwanted(ours) <= unwanted(theirs) / 3, `${unwanted(ours)} of ${unwanted(theirs)}`);
      // What somebody wants to wait is the same.
      const wanted = (pace: DeploymentPace) => secondsOf([...pace.toUsers, ...pace.toGone]) - unwanted(pace);
      assert.equal(wanted(ours), wanted(theirs));
    });
  }

  it("would not, were they AWS's", async () => {
    const services = service("dev", {
      healthCheck: { path: "/healthz", intervalSeconds: 30, healthyThreshold: 5 },
      loadBalancer: { deregistrationDelaySeconds: 300 },
    });
    const { recorded } = await stackGraph("dev", { changes: { services } });
    assert.equal(unwanted(paceOf(recorded)), unwanted(paceOf(asAwsHasIt(recorded))));
  });
});
