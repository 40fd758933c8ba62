import assert from "node:assert/strict";
import * as native from "../../model/delivery/deployment/native";
import type { Scope } from "../../model/delivery/deployment/scope";
import * as shift from "../../model/delivery/deployment/shift";
import { search } from "../../model/delivery/search";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { isMap, jsonOf, mapOf, mapsOf, textOf } from "../../model/graph/read";
import { failuresOf } from "../../rehearse/failures";
import { exampleGraph, stackGraph } from "../support/stack";
import { onPaper, PUSHED, toldBy, withInputsOf, withoutType } from "./play";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

/** A pipeline with other actions; undefined leaves one out. */
function withActions(
  graph: RecordedGraph,
  change: (action: Readonly<Record<string, unknown>>) => unknown,
): RecordedGraph {
  return withInputsOf(graph, PIPELINE, ({ stages }) => ({
    stages: mapsOf(stages).map((stage) => ({ ...stage, actions: mapsOf(stage.actions).map(change).filter(isMap) })),
  }));
}

/** A policy with other statements. */
function withStatements(
  graph: RecordedGraph,
  which: RecordedResource,
  change: (statement: Readonly<Record<string, unknown>>, index: number) => unknown,
): RecordedGraph {
  return withInputsOf(graph, POLICY, (inputs, resource) => {
    if (resource !== which) return {};
    const document = mapOf(jsonOf(inputs.policy));
    return {
      policy: JSON.stringify({
        ...document,
        Statement: mapsOf(document.Statement)
          .map(change)
          .filter((one) => one !== undefined),
      }),
    };
  });
}

describe("a fault planted into a graph", function () {
  this.timeout(120_000);
  let prod: RecordedGraph;
  let canary: RecordedGraph;
  let codeDeploy: RecordedGraph;
  before(async () => {
    prod = (await stackGraph("prod")).recorded;
    canary = (await exampleGraph("ecs-canary", "dev")).recorded;
    codeDeploy = (await exampleGraph("code-deploy-blue-green", "dev")).recorded;
  });

  it("is found: a container name that the task definition does not have", async () => {
    const planted = withActions(prod, (action) => {
      const configuration = mapOf(action.configuration);
      const variables = textOf(configuration.EnvironmentVariables)?.replace(
        '"CONTAINER_NAME","value":"api"',
        '"CONTAINER_NAME","value":"web"',
      );
      return {
        ...action,
        configuration: variables === undefined ? configuration : { ...configuration, EnvironmentVariables: variables },
      };
    });
    const rehearsal = await onPaper([planted]);
    assert.equal(rehearsal.reached, false);
    assert.match(toldBy(rehearsal), /names container "web", which the task definition does not have \(it has api\)/);
  });

  it("is found: an artifact that nobody writes", async () => {
    const planted = withActions(prod, (action) =>
      action.name === "api-deploy" ? { ...action, inputArtifacts: ["other"] } : action,
    );
    const rehearsal = await onPaper([planted]);
    assert.equal(rehearsal.reached, false);
    assert.match(toldBy(rehearsal), /reads artifact other, which no action before it has left/);
  });

  it("is found: a variable that no action sets", async () => {
    const planted = withActions(prod, (action) =>
      action.name === "Source" ? { ...action, namespace: "Other" } : action,
    );
    assert.match(toldBy(await onPaper([planted])), /#\{SourceVariables.CommitId\} has no value/);
  });

  it("is found: a filter that never matches", async () => {
    const planted = withInputsOf(prod, "aws:cloudwatch/eventRule:EventRule", ({ eventPattern }) => ({
      eventPattern: String(eventPattern).replace('"production"', '"productoin"'),
    }));
    const rehearsal = await onPaper([planted]);
    assert.deepEqual([rehearsal.reached, rehearsal.pipelines.length], [false, 0]);
    assert.match(rehearsal.starts[0]?.why ?? "", /it waits for branch productoin/);
  });

  it("is found: a listener that nobody moves, so that users are left on what has stopped", async () => {
    const planted = withInputsOf(
      codeDeploy,
      "aws:codedeploy/deploymentGroup:DeploymentGroup",
      ({ loadBalancerInfo }) => {
        const info = mapOf(mapOf(loadBalancerInfo).targetGroupPairInfo);
        return { loadBalancerInfo: { targetGroupPairInfo: { ...info, prodTrafficRoute: info.testTrafficRoute } } };
      },
    );
    const rehearsal = await onPaper([planted], { delivered: false });
    assert.deepEqual([rehearsal.reached, rehearsal.broken.map(({ promise }) => promise)], [false, ["served"]]);
  });

  it("is found: a security group that lets the load balancer in on no port", async () => {
    const planted = withoutType(
      prod,
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      ({ name }) => name === "api-from-load-balancer",
    );
    const rehearsal = await onPaper([planted]);
    assert.equal(rehearsal.reached, false);
    assert.match(toldBy(rehearsal), /security groups let nothing from the load balancer in on port 8080/);
  });

  it("is found: an image for another CPU than the tasks run on", async () => {
    const planted = withInputsOf(prod, "aws:ecs/taskDefinition:TaskDefinition", () => ({
      runtimePlatform: { cpuArchitecture: "ARM64" },
    }));
    assert.match(
      toldBy(await onPaper([planted])),
      /exec format error: the image is for X86_64, the task runs on ARM64/,
    );
  });

  it("is found: nobody resumes scaling", async () => {
    const planted = withInputsOf(codeDeploy, "aws:sfn/stateMachine:StateMachine", ({ definition }) => ({
      definition: String(definition)
        .replaceAll('"DynamicScalingInSuspended":false', '"DynamicScalingInSuspended":true')
        .replaceAll('"DynamicScalingOutSuspended":false', '"DynamicScalingOutSuspended":true')
        .replaceAll('"ScheduledScalingSuspended":false', '"ScheduledScalingSuspended":true'),
    }));
    const rehearsal = await onPaper([planted]);
    assert.deepEqual([rehearsal.reached, rehearsal.broken.map(({ promise }) => promise)], [false, ["scaling resumes"]]);
  });

  it("is found: nobody suspends scaling while CodeDeploy deploys", async () => {
    const planted = withInputsOf(codeDeploy, "aws:cloudwatch/eventRule:EventRule", ({ eventPattern }) => ({
      eventPattern: String(eventPattern).replace('"START",', ""),
    }));
    const rehearsal = await onPaper([planted]);
    assert.deepEqual([rehearsal.reached, rehearsal.broken.map(({ promise }) => promise)], [false, ["scaling pauses"]]);
  });

  it("is found: an event that hands on another kind of revision than its source has", async () => {
    const { recorded } = await exampleGraph("ecr-source", "prod");
    const planted = withInputsOf(recorded, "aws:cloudwatch/eventTarget:EventTarget", ({ inputTransformer }) => {
      const given = mapOf(inputTransformer);
      return {
        inputTransformer: { ...given, inputTemplate: String(given.inputTemplate).replace("IMAGE_DIGEST", "COMMIT_ID") },
      };
    });
    const rehearsal = await onPaper([planted]);
    assert.equal(rehearsal.reached, false);
    assert.match(rehearsal.starts[0]?.why ?? "", /revisionType: expected IMAGE_DIGEST, got COMMIT_ID/);
  });

  it("is found: a trust policy that admits another service", async () => {
    const planted = withInputsOf(prod, "aws:iam/role:Role", ({ assumeRolePolicy }) => ({
      assumeRolePolicy: String(assumeRolePolicy).replace("codebuild.amazonaws.com", "ec2.amazonaws.com"),
    }));
    const rehearsal = await onPaper([planted]);
    assert.equal(rehearsal.reached, false);
    assert.match(rehearsal.cloud.refused.join(), /codebuild.amazonaws.com may not sts:AssumeRole/);
  });

  it("is found: any action that is taken out of a role that delivers", async () => {
    const missed: string[] = [];
    let planted = 0;
    const deliver = (graph: RecordedGraph) => onPaper([graph]);
    for (const graph of [prod, canary, codeDeploy]) {
      const calm = await deliver(graph);
      const used = new Set(calm.cloud.demanded.map(({ action, caller }) => `${caller.arn} ${action}`));
      for (const policy of graph.resources.filter(({ type }) => type === POLICY)) {
        const statements = mapsOf(mapOf(jsonOf(policy.inputs.policy)).Statement);
        for (const [index, statement] of statements.entries()) {
          for (const action of [statement.Action].flat().map(String)) {
            const others = statements.some((one, at) => at !== index && [one.Action].flat().includes(action));
            const isUsed = [...used].some(
              (one) => one.includes(`/${String(policy.inputs.role)} `) && one.endsWith(` ${action}`),
            );
            if (!isUsed || others) continue;
            planted += 1;
            const weaker = withStatements(graph, policy, (one, at) =>
              at === index ? { ...one, Action: [one.Action].flat().filter((each) => each !== action) } : one,
            );
            const rehearsal = await deliver(weaker);
            if (rehearsal.cloud.refused.length === 0) missed.push(`${policy.name}: ${action}`);
          }
        }
      }
    }
    assert.ok(planted > 80, `${planted} planted`);
    assert.deepEqual(missed, []);
  });

  it("is named: role, action, resource and what is missing", async () => {
    const policy = prod.resources.find(({ type, name }) => type === POLICY && name === "confirm");
    assert.ok(policy);
    const planted = withStatements(prod, policy, (one) =>
      [one.Action].flat().includes("ssm:PutParameter") ? { ...one, Action: "ssm:GetParameter" } : one,
    );
    const { cloud } = await onPaper([planted]);
    assert.match(
      cloud.refused.join(),
      /^arn:aws:iam::111122223333:role\/ecs-delivery\/prod\/confirm-\w+ may not ssm:PutParameter on arn:aws:ssm:eu-west-1:111122223333:parameter\/ecs-delivery\/prod-api\/delivered-image: no statement of its policies allows it$/,
    );
  });
});

describe("the search of every order of events", function () {
  this.timeout(180_000);
  const push = { commit: PUSHED };

  it("finds nothing in a stack that is right", async () => {
    const { recorded } = await stackGraph("prod");
    const found = await search({ graphs: [recorded], stacks: ["prod"], push, most: 1 });
    assert.deepEqual([found.counterexample, found.complete], [undefined, true]);
    assert.ok(found.played > 40, `${found.played} orders`);
  });

  const rules: readonly (readonly [string, (graph: RecordedGraph) => RecordedGraph, RegExp])[] = [
    [
      "nothing confirms what was deployed",
      (graph) => withActions(graph, (action) => (String(action.name).endsWith("-confirm") ? undefined : action)),
      /recorded|no rollback told as success/,
    ],
    [
      "old tasks go first",
      (graph) =>
        withInputsOf(graph, "aws:ecs/service:Service", () => ({
          deploymentMinimumHealthyPercent: 0,
          deploymentMaximumPercent: 100,
        })),
      /served/,
    ],
  ];
  for (const [name, break_, promise] of rules) {
    it(`finds the shortest way to a broken promise where ${name}`, async () => {
      const { recorded } = await stackGraph("dev");
      const { counterexample } = await search({ graphs: [break_(recorded)], stacks: ["dev"], push, orders: 600 });
      assert.ok(counterexample);
      assert.match(counterexample.broken.map((one) => one.promise).join(), promise);
      assert.ok(counterexample.happenings.length <= 1, JSON.stringify(counterexample.happenings));
    });
  }
});

describe("a rule of a strategy that is broken on purpose", function () {
  this.timeout(120_000);
  const push = { commit: PUSHED };
  let canary: RecordedGraph;
  before(async () => {
    canary = (await exampleGraph("ecs-canary", "dev")).recorded;
  });

  /** What the search finds while a function of the model does something else. */
  async function foundWith(module: object, name: string, instead: unknown): Promise<readonly string[]> {
    const original: unknown = Reflect.get(module, name);
    Reflect.set(module, name, instead);
    try {
      const { counterexample } = await search({ graphs: [canary], stacks: ["dev"], push, most: 1 });
      return counterexample?.broken.map(({ promise }) => promise) ?? [];
    } finally {
      Reflect.set(module, name, original);
    }
  }

  it("is found: traffic is not moved back before the new tasks stop", async () => {
    const stop: unknown = async ({ service, revision }: Scope) => {
      service.tasks = service.tasks.filter((one) => one.revision !== revision.arn);
      return Promise.resolve();
    };
    assert.deepEqual(await foundWith(native, "takeBackNative", stop), ["served"]);
  });

  it("is found: traffic is never moved, and the old tasks stop", async () => {
    assert.deepEqual(await foundWith(shift, "moveShare", () => undefined), ["served"]);
  });

  it("is found: nothing is taken back", async () => {
    const stay: unknown = () => Promise.resolve();
    assert.ok((await foundWith(native, "takeBackNative", stay)).length > 0);
  });

  it("finds nothing while every rule holds", async () => {
    assert.deepEqual(await foundWith(native, "unrelated", () => undefined), []);
  });
});

describe("the failures that a rehearsal can be asked for", () => {
  it("are those that the stack's own steps can have", async () => {
    const { recorded } = await stackGraph("prod");
    const ways = failuresOf([recorded], ["prod"]).map(({ step, how }) => `${step}=${how}`);
    for (const way of [
      "Approve=rejected",
      "api-image=refused:docker push",
      "api-confirm=refused:aws ssm put-parameter",
      "prod-api=unhealthy",
      "prod-api=alarm",
    ]) {
      assert.ok(ways.includes(way), way);
    }
    assert.ok(!ways.some((way) => way.includes("weights")), "a rolling service has no weights");
    assert.equal(new Set(ways).size, ways.length);
  });
});
