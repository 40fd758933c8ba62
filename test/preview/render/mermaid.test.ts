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
        "flowchart LR",
        '  t0(["push to shop @ main"]) --> s0a0',
        '  subgraph s0["Source"]',
        '    s0a0["Source<br/>shop @ main"]',
        "  end",
        '  subgraph s1["Build"]',
        '    s1a0["api-image<br/>dev-api-image"]',
        '    s1a1{{"Approve<br/>asks in the console"}}',
        "  end",
        '  subgraph s2["Deploy"]',
        '    s2a0["api-deploy<br/>dev / api"]',
        "  end",
        "  s0a0 --> s1a1",
        "  s1a1 --> s1a0",
        '  s0a0 -. "source" .-> s1a0',
        '  s1a0 -->|"image"| s2a0',
        '  v0(["api<br/>dev, FARGATE"])',
        "  s2a0 ==> v0",
        '  v0l0>"production HTTP :80"] -->|"api-blue 100"| v0',
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
    assert.ok(
      lines.includes(
        '  subgraph s2["Deploy<br/>begins in the window * * * ? * FRI#35;3 (UTC)<br/>what failed is tried again"]',
      ),
    );
    assert.ok(lines.includes('    s2a0["api-deploy<br/>dev / api<br/>us-east-1"]'));
  });

  it("lets no name become markup", () => {
    const configuration = { ProjectName: '"]; click x "javascript:1" <b>' };
    const build = { ...BUILD_ACTION, configuration };
    const text = draw(changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages({ build }) }));
    assert.match(text, /s1a0\["api-image<br\/>#34;#93;; click x #34;javascript:1#34; #60;b#62;"\]/);
  });
});

describe("renderReceptionMermaid", () => {
  it("draws who delivers, as which role, and who reaches the service", () => {
    const [delivery] = deliveriesOf(healthy);
    const by = [{ role: "staging-pipeline", account: "111122223333" }];
    assert.strictEqual(
      renderReceptionMermaid({ by, role: "dev-deploy", services: delivery?.services ?? [] }),
      [
        "flowchart LR",
        '  d0(["role staging-pipeline of account 111122223333"])',
        '  v0(["api<br/>dev, FARGATE"])',
        '  v0l0>"production HTTP :80"] -->|"api-blue 100"| v0',
        '  d0 ==>|"as dev-deploy"| v0',
      ].join("\n"),
    );
  });
});
