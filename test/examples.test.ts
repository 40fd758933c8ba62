import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordedResource } from "../model/graph/graph";
import { findingsOf } from "../preview/rules";
import type { Graph } from "./support/graph";
import { at, json, list } from "./support/read";
import { exampleGraph, ROOT } from "./support/stack";

const EXAMPLES = join(ROOT, "examples");
const STRATEGIES = ["rolling", "code-deploy-blue-green", "ecs-blue-green", "ecs-linear", "ecs-canary"];
const SERVICE = "aws:ecs/service:Service";
const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

/** Every stack of every example: found, not listed. */
const stacks = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    readdirSync(join(EXAMPLES, name)).flatMap((file) => {
      const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
      return stack === undefined ? [] : [{ example: name, stack }];
    }),
  );

const graphOf = (example: string, stack = "dev"): Promise<Graph> => exampleGraph(example, stack);

const deployment = async (example: string) =>
  (await graphOf(example)).only(SERVICE).inputs.deploymentConfiguration as Record<string, unknown>;

/** `provider name` of the actions of a stage. */
const actions = (graph: Graph, stage: string) =>
  list(graph.only(PIPELINE).inputs.stages)
    .filter((one) => at(one, "name") === stage)
    .flatMap((one) => list(at(one, "actions")))
    .map((action) => `${String(at(action, "provider"))} ${String(at(action, "name"))}`);

/** The actions of a category, in every stage. */
const actionsOf = (pipeline: RecordedResource, category: string) =>
  list(pipeline.inputs.stages)
    .flatMap((stage) => list(at(stage, "actions")))
    .filter((action) => at(action, "category") === category);

const isConfirmation = (action: unknown) => String(at(action, "name")).includes("-confirm");

describe("every example", () => {
  it("has a stack", () => {
    const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.equal(new Set(stacks.map(({ example }) => example)).size, folders.length);
    assert.ok(stacks.length >= 9, `${stacks.length} stacks`);
  });

  for (const { example, stack } of stacks) {
    it(`builds: ${example}, stack ${stack}`, async () => {
      const graph = await graphOf(example, stack);
      const delivering = [...graph.all(PIPELINE), ...graph.all("ecs-delivery:index:DeliveryWorkflow")];
      const deployed = delivering.flatMap((pipeline) => actionsOf(pipeline, "Deploy"));
      const confirmed = delivering.flatMap((pipeline) => actionsOf(pipeline, "Test")).filter(isConfirmation);
      const unverified = example === "bring-your-own" && stack === "qa";
      assert.equal(confirmed.length, unverified ? 0 : deployed.length, "each deployment is confirmed");
      const notices = findingsOf(graph.recorded).filter(({ rule }) => rule === "unverified");
      assert.equal(notices.length, deployed.length - confirmed.length);
      const byItself = example === "github-actions-to-pipeline";
      const delivers = stack !== "shared" && (stack !== "production" || byItself);
      assert.equal(deployed.length > 0, delivers);
      assert.deepEqual(
        findingsOf(graph.recorded).filter(({ level, rule }) => level === "error" || rule === "not-described"),
        [],
      );
    });
  }
});

describe("the example bring-your-own", () => {
  const own = { [PIPELINE]: 1, "aws:cloudwatch/eventRule:EventRule": 1, "aws:cloudwatch/eventTarget:EventTarget": 1 };

  it("creates a pipeline and what starts it, and nothing else", async () => {
    for (const stack of ["qa", "prod"]) assert.deepEqual((await graphOf("bring-your-own", stack)).counts(), own, stack);
  });

  it("creates in dev one lifecycle policy besides, for the repository that exists", async () => {
    const graph = await graphOf("bring-your-own", "dev");
    assert.deepEqual(graph.counts(), { ...own, "aws:ecr/lifecyclePolicy:LifecyclePolicy": 1 });
    assert.equal(graph.only("aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs.repository, "shop/api-dev");
  });

  it("runs in the roles given, and uses the bucket and the key given", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const graph = await graphOf("bring-your-own", stack);
      const { inputs } = graph.only(PIPELINE);
      const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
      assert.equal(inputs.roleArn, role("shop-pipeline"));
      assert.equal(graph.only("aws:cloudwatch/eventTarget:EventTarget").inputs.roleArn, role("shop-pipeline-trigger"));
      assert.equal(at(inputs.artifactStores, 0, "location"), "shop-pipeline-artifacts");
      assert.match(String(at(inputs.artifactStores, 0, "encryptionKey", "id")), /:key\/0f4c9a1e-/);
    }
  });

  it("deploys to the service of its own environment", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const text = JSON.stringify((await graphOf("bring-your-own", stack)).only(PIPELINE).inputs);
      const mentioned = [...new Set(text.match(/shop-(?:api-)?(?:dev|qa|prod)\b/g))].sort();
      assert.deepEqual(mentioned, [`shop-api-${stack}`, `shop-${stack}`], stack);
    }
  });

  it("shares projects: the stack shared creates them and their log groups, and no role", async () => {
    const graph = await graphOf("bring-your-own", "shared");
    assert.deepEqual(graph.counts(), { "aws:cloudwatch/logGroup:LogGroup": 3, "aws:codebuild/project:Project": 3 });
    const privileged = graph.all("aws:codebuild/project:Project").filter(({ inputs }) => {
      return at(inputs, "environment", "privilegedMode") === true;
    });
    assert.deepEqual(
      privileged.map(({ name }) => name),
      ["shop-image-build"],
    );
    const used = list((await graphOf("bring-your-own", "prod")).only(PIPELINE).inputs.stages)
      .flatMap((stage) => list(at(stage, "actions")))
      .flatMap((action) => at(action, "configuration", "ProjectName") ?? []);
    const made = graph.all("aws:codebuild/project:Project").map(({ inputs }) => inputs.name);
    assert.deepEqual([...used].sort(), made.sort());
  });
});

describe("the example of each strategy", () => {
  it("code-deploy-blue-green: CodeDeploy's alarms, none on the service, and scaling that pauses", async () => {
    const graph = await graphOf("code-deploy-blue-green");
    const { inputs } = graph.only(SERVICE);
    assert.equal("alarms" in inputs, false);
    assert.equal("deploymentCircuitBreaker" in inputs, false);
    const group = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup");
    assert.equal(list(at(group.inputs, "alarmConfiguration", "alarms")).length, 4);
    assert.equal(group.inputs.deploymentConfigName, "CodeDeployDefault.ECSCanary10Percent5Minutes");
    assert.equal(graph.all("aws:codedeploy/deploymentConfig:DeploymentConfig").length, 0);
    assert.equal(graph.all("aws:sfn/stateMachine:StateMachine").length, 1);
    assert.deepEqual(actions(graph, "Deploy"), ["CodeDeployToECS api-deploy", "CodeBuild api-confirm"]);
  });

  it("every other one: no CodeDeploy, no state machine but what tells of a pause, the Amazon ECS action", async () => {
    for (const example of ["rolling", "ecs-blue-green", "ecs-linear", "ecs-canary"]) {
      const graph = await graphOf(example);
      for (const { type } of graph.resources) assert.doesNotMatch(type, /^aws:codedeploy\//, example);
      assert.deepEqual(
        graph.all("aws:sfn/stateMachine:StateMachine").map(({ name }) => name),
        example === "ecs-blue-green" ? ["dev-paused"] : [],
        example,
      );
      assert.deepEqual(actions(graph, "Deploy"), ["ECS api-deploy", "CodeBuild api-confirm"], example);
      assert.equal(
        list(at(graph.only(SERVICE).inputs, "alarms", "alarmNames")).length,
        example === "rolling" ? 2 : 4,
        example,
      );
    }
  });

  it("rolling: no rules, half as many tasks more", async () => {
    const graph = await graphOf("rolling");
    assert.equal(graph.all("aws:lb/listenerRule:ListenerRule").length, 0);
    const { inputs } = graph.only(SERVICE);
    assert.deepEqual([inputs.deploymentMinimumHealthyPercent, inputs.deploymentMaximumPercent], [100, 150]);
    assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
  });

  it("ecs-blue-green, ecs-linear, ecs-canary: the strategy of their name, two rules, no circuit breaker", async () => {
    for (const [example, strategy] of Object.entries({
      "ecs-blue-green": "BLUE_GREEN",
      "ecs-linear": "LINEAR",
      "ecs-canary": "CANARY",
    })) {
      const graph = await graphOf(example);
      assert.equal((await deployment(example)).strategy, strategy);
      assert.equal(graph.all("aws:lb/listenerRule:ListenerRule").length, 2, example);
      assert.equal("deploymentCircuitBreaker" in graph.only(SERVICE).inputs, false, example);
    }
  });

  it("ecs-blue-green: a person looks at the test listener, which private addresses alone reach", async () => {
    const hooks = list((await deployment("ecs-blue-green")).lifecycleHooks);
    assert.deepEqual(
      hooks.map((hook) => at(hook, "targetType")),
      ["PAUSE"],
    );
    const graph = await graphOf("ecs-blue-green");
    const rules = graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      rules.filter(({ inputs }) => inputs.fromPort === 8080 && inputs.cidrIpv4).map(({ inputs }) => inputs.cidrIpv4),
      ["10.0.0.0/8"],
    );
  });

  it("ecs-canary: one percent of errors is too much", async () => {
    const alarms = (await graphOf("ecs-canary")).all("aws:cloudwatch/metricAlarm:MetricAlarm");
    const shares = alarms.filter(({ name }) => name.endsWith("5xx")).map(({ inputs }) => inputs.threshold);
    assert.deepEqual(shares, [1, 1]);
  });

  it("starts on a push to main", async () => {
    for (const { example, stack } of stacks.filter(({ example }) => STRATEGIES.includes(example))) {
      const rule = (await graphOf(example, stack)).named("aws:cloudwatch/eventRule:EventRule", "dev-on-Source");
      assert.deepEqual(json(rule.inputs.eventPattern, "detail", "referenceName"), ["main"], example);
    }
  });
});
