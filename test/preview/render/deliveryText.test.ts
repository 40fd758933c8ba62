import assert from "node:assert";
import { deliveriesOf } from "../../../preview/delivery/delivery";
import { renderDelivery } from "../../../preview/render/deliveryText";
import { styleFor } from "../../../preview/render/style";
import { changed, without } from "../rules/handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, stages } from "../rules/healthy";

const draw = (graph: typeof healthy, coloured = false, width = 120) =>
  deliveriesOf(graph).flatMap((delivery) => renderDelivery(delivery, styleFor(coloured), width));

describe("renderDelivery", () => {
  it("draws a delivery from what starts it to who reaches the service", () => {
    assert.deepStrictEqual(draw(healthy), [
      "● push to shop @ main (EventBridge) ──▶ pipeline dev",
      "│",
      "■ Source",
      "│  1 ─ Source      CodeCommit  shop @ main    → source",
      "│",
      "■ Build",
      "│  1 ─ api-image   CodeBuild   dev-api-image  source → image",
      "│",
      "■ Deploy",
      "│  1 ─ api-deploy  ECS         dev / api      image →",
      "│",
      "╰──▶ service api on cluster dev",
      "     runs        api:8080, FARGATE 0.25 vCPU 1024 MiB, 2 tasks",
      "     renewed by  rolling update",
      "     image       dev/api, keeps the newest 5 released-* images and the newest 5 images",
      "     reached by  production  HTTP :80  ──▶ api-blue  (from everyone)",
    ]);
  });

  it("keeps within the width of a terminal: what does not fit goes on beneath, column by column", () => {
    assert.deepStrictEqual(draw(healthy, false, 60).slice(3), [
      "│  1 ─ Source      CodeCommit  shop @ main    → source",
      "│",
      "■ Build",
      "│  1 ─ api-image   CodeBuild   dev-api-image  source → image",
      "│",
      "■ Deploy",
      "│  1 ─ api-deploy  ECS         dev / api      image →",
      "│",
      "╰──▶ service api on cluster dev",
      "     runs        api:8080, FARGATE 0.25 vCPU 1024 MiB, 2",
      "                   tasks",
      "     renewed by  rolling update",
      "     image       dev/api, keeps the newest 5 released-*",
      "                   images and the newest 5 images",
      "     reached by  production  HTTP :80  ──▶ api-blue",
      "                   (from everyone)",
    ]);
  });

  it("ties actions together that run at the same time, in run order, and marks an approval", () => {
    const approve = { name: "Approve", category: "Approval", provider: "Manual", runOrder: 1, configuration: {} };
    const [api, bff] = ["api-image", "bff-image"].map((name) => ({
      ...BUILD_ACTION,
      name,
      runOrder: 2,
      outputArtifacts: [name],
    }));
    const more = [bff ?? {}, approve];
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ build: api, more }),
    });
    assert.deepStrictEqual(draw(graph).slice(5, 9), [
      "■ Build",
      "│  1 ─ Approve     a person    asks in the console",
      "│  2 ┬ api-image   CodeBuild   dev-api-image        source → api-image",
      "│    └ bff-image   CodeBuild   dev-api-image        source → bff-image",
    ]);
  });

  it("puts what a stage waits for before it, and says what becomes of a failure and where an action works", () => {
    const deploy = { ...DEPLOY_ACTION, roleArn: "arn:aws:iam::444455556666:role/deploy" };
    const alarm = { ruleTypeId: { provider: "CloudWatchAlarm" }, configuration: { AlarmName: "checkout" } };
    const gated = { beforeEntry: { condition: { rules: [alarm] } }, onFailure: { result: "ROLLBACK" } };
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ deploy }).map((stage, index) => (index === 2 ? { ...stage, ...gated } : stage)),
    });
    assert.deepStrictEqual(draw(graph).slice(7, 11), [
      "│",
      "◆ begins while alarm checkout is quiet",
      "■ Deploy  a failure is rolled back",
      "│  1 ─ api-deploy  ECS         dev / api      image →  in account 444455556666",
    ]);
  });

  it("names a service of someone else", () => {
    const lines = draw(without(healthy, "aws:ecs/service:Service", "api"));
    assert.deepStrictEqual(lines.slice(-2), ["│", "╰──▶ service api on cluster dev (not of this stack)"]);
  });

  it("says so when only a person starts it", () => {
    const [first] = draw(without(healthy, "aws:cloudwatch/eventTarget:EventTarget", "dev-on-Source"));
    assert.strictEqual(first, "● a person ──▶ pipeline dev");
  });

  it("uses colour only when told to", () => {
    const colour = "\u001b[";
    assert(!draw(healthy).join("").includes(colour));
    assert(draw(healthy, true).join("").includes(colour));
  });
});
