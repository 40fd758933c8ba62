import assert from "node:assert/strict";
import { expectGolden } from "../support/golden";
import { stackGraph } from "../support/stack";

const OPEN = ["0.0.0.0/0", "::/0"];

for (const stack of ["dev", "qa", "prod"]) {
  describe(`the committed stack ${stack}`, () => {
    it("has the resources of its golden file, with the same names and parents", async () => {
      expectGolden(`${stack}.txt`, (await stackGraph(stack)).identity());
    });

    it("has the same resources when nothing is known yet, as in a first pulumi preview", async () => {
      const [known, unknown] = [await stackGraph(stack), await stackGraph(stack, { preview: true })];
      assert.equal(unknown.identity(), known.identity());
    });

    it("has the same resources once something was delivered", async () => {
      const parameters = { [`/ecs-delivery/${stack}-api/delivered-image`]: '{"image":"registry/api@sha256:0"}' };
      assert.equal((await stackGraph(stack, { parameters })).identity(), (await stackGraph(stack)).identity());
    });

    it("opens nothing to the internet but the production port", async () => {
      const graph = await stackGraph(stack);
      const open = graph
        .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter(({ inputs }) => OPEN.includes(String(inputs.cidrIpv4 ?? inputs.cidrIpv6)));
      assert.deepEqual(
        open.map(({ inputs }) => inputs.toPort),
        [80],
      );
    });

    it("gives every resource that AWS lets us place a component or the stack as parent, named after it", async () => {
      for (const { name, parent } of (await stackGraph(stack)).resources) {
        if (parent === undefined) continue;
        assert.ok(name.startsWith(parent.split("::").at(-1) ?? "?"), `${name} under ${parent}`);
      }
    });

    it("delivers its own branch, started by that branch", async () => {
      const graph = await stackGraph(stack);
      const branch = { dev: "master", qa: "qa", prod: "production" }[stack];
      const pattern = JSON.parse(
        String(graph.named("aws:cloudwatch/eventRule:EventRule", `${stack}-on-Source`).inputs.eventPattern),
      ) as {
        resources: string[];
        detail: { referenceName: string[]; event: string[] };
      };
      assert.deepEqual(pattern.detail.referenceName, [branch]);
      assert.deepEqual(pattern.resources, ["arn:aws:codecommit:eu-west-1:111122223333:shop"]);
      assert.deepEqual(pattern.detail.event, ["referenceCreated", "referenceUpdated"]);
      const target = graph.named("aws:cloudwatch/eventTarget:EventTarget", `${stack}-on-Source`).inputs;
      const pipeline = graph.only("aws:codepipeline/pipeline:Pipeline");
      assert.equal(target.arn, pipeline.outputs.arn);
      assert.deepEqual(graph.statements(`${stack}-on-Source`), [
        { Effect: "Allow", Action: ["codepipeline:StartPipelineExecution"], Resource: [pipeline.outputs.arn] },
      ]);
    });
  });
}

interface Stage {
  name: string;
  actions: { name: string; runOrder?: number; provider: string; configuration?: Record<string, string> }[];
}

describe("the three environments", () => {
  const stagesOf = async (stack: string) =>
    (await stackGraph(stack)).only("aws:codepipeline/pipeline:Pipeline").inputs.stages as Stage[];
  const outline = (stages: Stage[]) =>
    stages.map(({ name, actions }) => `${name}: ${actions.map((a) => `${a.runOrder ?? 1} ${a.name}`).join(", ")}`);

  it("test before they build, and confirm what they deploy", async () => {
    const expected = [
      "Source: 1 Source",
      "Build: 1 api-unit-tests, 2 api-image",
      "Deploy: 1 api-deploy, 2 api-confirm",
    ];
    assert.deepEqual(outline(await stagesOf("dev")), expected);
    assert.deepEqual(outline(await stagesOf("qa")), expected);
  });

  it("ask a person first in prod, at the head of the build stage, through a topic", async () => {
    const stages = await stagesOf("prod");
    assert.equal(outline(stages)[1], "Build: 1 Approve, 2 api-unit-tests, 3 api-image");
    const graph = await stackGraph("prod");
    const approve = stages[1]?.actions[0];
    assert.equal(approve?.configuration?.NotificationArn, graph.only("aws:sns/topic:Topic").outputs.arn);
    assert.match(String(approve?.configuration?.CustomData), /#\{SourceVariables\.CommitId\}/);
    assert.equal(graph.only("aws:sns/topicSubscription:TopicSubscription").inputs.endpoint, "approvers@example.com");
    assert.equal((await stackGraph("dev")).all("aws:sns/topic:Topic").length, 0);
  });

  it("never poll", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const [source] = await stagesOf(stack);
      assert.equal(source?.actions[0]?.configuration?.PollForSourceChanges, "false");
    }
  });

  it("are started by CodePipeline's own trigger on a connection", async () => {
    const connectionArn = "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b";
    const source = {
      provider: "CodeStarSourceConnection",
      repository: "acme/shop",
      connectionArn,
      filePaths: ["api/**"],
    };
    const graph = await stackGraph("dev", { changes: { source } });
    assert.equal(graph.all("aws:cloudwatch/eventRule:EventRule").length, 0);
    assert.deepEqual(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.triggers, [
      {
        providerType: "CodeStarSourceConnection",
        gitConfiguration: {
          sourceActionName: "Source",
          pushes: [{ branches: { includes: ["master"] }, filePaths: { includes: ["api/**"] } }],
        },
      },
    ]);
    const use = graph.statements("dev-pipeline").find(({ Action }) => Action.includes("codeconnections:UseConnection"));
    assert.deepEqual(use?.Resource, [connectionArn, connectionArn.replace("codeconnections", "codestar-connections")]);
  });
});
