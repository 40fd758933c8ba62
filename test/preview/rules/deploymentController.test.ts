import assert from "node:assert/strict";
import { deploymentController } from "../../../preview/rules/deploymentController";
import { graphOf, resource } from "./handMade";

const found = (type: string | undefined) =>
  deploymentController(
    graphOf(resource("aws:ecs/service:Service", "api", type ? { deploymentController: { type } } : {})),
  );

describe("deploymentController", () => {
  it("says that settings wait for a release, and what a switch does, where CodeDeploy deploys", () => {
    const [one, ...more] = found("CODE_DEPLOY");
    assert.equal(one?.level, "notice");
    assert.match(one?.message ?? "", /go live with the next release, and switching this stack .* replaces the service/);
    assert.deepEqual(more, []);
  });

  it("has nothing to say where ECS deploys", () => {
    assert.deepEqual([...found("ECS"), ...found(undefined)], []);
  });
});
