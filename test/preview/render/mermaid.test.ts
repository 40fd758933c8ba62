import assert from "node:assert";
import { deliveriesOf } from "../../../preview/delivery/delivery";
import { renderMermaid, renderReceptionMermaid } from "../../../preview/render/mermaid";
import { changed } from "../rules/handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, stages } from "../rules/healthy";

const draw = (graph: typeof healthy) => deliveriesOf(graph).map(renderMermaid).join("\n");

describe("renderMermaid", () => {
  it("draws stages, actions, artifacts, the service and who reaches it", () => {
    const approve = { name: "Approve", category: "Approval", provider: "Manual", configuration: {} };
    const build = { ...BUILD_ACTION, runOrder: 2 };
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ build, more: [approve] }),
    });
    assert.strictEqual(
      draw(graph),
      [
        "flowchart TB",
        '  t0(["push to shop @ main"]) --> s0',
        '  s0["■ Source<br/>Source: shop @ main"]',
        '  s1{{"■ Build<br/>1. Approve: a person<br/>2. api-image"}}',
        '  s2["■ Deploy<br/>api-deploy"]',
        "  s0 --> s1",
        "  s1 --> s2",
        '  v0(["api<br/>dev, FARGATE<br/>rolling update<br/>production HTTP :80 → api-blue"])',
        "  s2 ==> v0",
      ].join("\n"),
    );
  });

  it("says what a stage waits for, what becomes of a failure, and where an action works", () => {
    const window = {
      ruleTypeId: { provider: "DeploymentWindow" },
      configuration: { Cron: "* * * ? * FRI#3", TimeZone: "UTC" },
    };
    const gated = { beforeEntry: { condition: { rules: [window] } }, onFailure: { result: "RETRY" } };
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ deploy: { ...DEPLOY_ACTION, region: "us-east-1" } }).map((stage, index) =>
        index === 2 ? { ...stage, ...gated } : stage,
      ),
    });
    const lines = draw(graph).split("\n");
    assert.ok(lines.includes('  s1 -->|"begins in the window * * * ? * FRI#35;3 (UTC)"| s2'));
    assert.ok(lines.includes('  s2["■ Deploy<br/>api-deploy in us-east-1<br/>(what failed is tried again)"]'));
  });

  it("lets no name become markup", () => {
    const build = { ...BUILD_ACTION, name: '"]; click x "javascript:1" <b>' };
    const text = draw(changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages({ build }) }));
    assert.match(text, /s1\["■ Build<br\/>#34;#93;; click x #34;javascript:1#34; #60;b#62;"\]/);
  });

  it("stands in a comment: many services are one list, and nothing is drawn side by side but two", () => {
    const [delivery] = deliveriesOf(healthy);
    const [service] = delivery?.services ?? [];
    assert.ok(delivery && service);
    const services = ["a", "b", "c"].map((name) => ({ ...service, name }));
    const lines = renderMermaid({ ...delivery, services, elsewhere: ["service x", "service y"] }).split("\n");
    assert.ok(lines.includes('  v0(["a: rolling update<br/>b: rolling update<br/>c: rolling update"])'));
    assert.ok(lines.includes('  s2 ==> e(["service x<br/>service y<br/>not of this stack"])'));
  });
});

describe("renderReceptionMermaid", () => {
  it("draws who delivers, as which role, and who reaches the service", () => {
    const [delivery] = deliveriesOf(healthy);
    const by = [{ role: "staging-pipeline", account: "111122223333" }];
    assert.strictEqual(
      renderReceptionMermaid({ by, role: "dev-deploy", services: delivery?.services ?? [] }),
      [
        "flowchart TB",
        '  d0(["role staging-pipeline of account 111122223333<br/>as dev-deploy"])',
        '  v0(["api<br/>dev, FARGATE<br/>rolling update<br/>production HTTP :80 → api-blue"])',
        "  d0 ==> v0",
      ].join("\n"),
    );
  });
});
