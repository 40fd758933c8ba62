import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { deliveriesOf } from "../../../preview/delivery/delivery";
import { present } from "../../support/present";
import { arnHere, changed, resource, withMore, without } from "../rules/handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, SOURCE_ACTION, stages } from "../rules/healthy";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const SERVICE = "aws:ecs/service:Service";

function only(graph: RecordedGraph) {
  const [delivery, ...others] = deliveriesOf(graph);
  assert(delivery && others.length === 0);
  return delivery;
}

describe("deliveriesOf", () => {
  it("reads what starts a pipeline, what it does and what it brings a new version to", () => {
    const groups = [{ name: "api-blue", weight: 100 }];
    const action = { runOrder: 1, inputs: [], outputs: [] };
    assert.deepStrictEqual(present(only(healthy)), {
      pipeline: "dev",
      triggers: [{ event: "push to shop @ main", by: "EventBridge" }],
      stages: [
        {
          name: "Source",
          actions: [
            {
              ...action,
              name: "Source",
              category: "Source",
              provider: "CodeCommit",
              outputs: ["source"],
              target: "shop @ main",
            },
          ],
        },
        {
          name: "Build",
          actions: [
            {
              ...action,
              name: "api-image",
              category: "Build",
              provider: "CodeBuild",
              inputs: ["source"],
              outputs: ["image"],
              target: "dev-api-image",
            },
          ],
        },
        {
          name: "Deploy",
          actions: [
            {
              ...action,
              name: "api-deploy",
              category: "Deploy",
              provider: "ECS",
              inputs: ["image"],
              target: "dev / api",
            },
          ],
        },
      ],
      services: [
        {
          name: "api",
          cluster: "dev",
          capacity: "FARGATE",
          cpu: 256,
          memory: 1024,
          desiredCount: 2,
          containers: ["api:8080"],
          deployment: "rolling update",
          shift: [],
          scales: [],
          ownTasks: [],
          secrets: [],
          deployedBy: ["api-deploy"],
          listeners: [{ kind: "production", protocol: "HTTP", port: 80, groups, from: "everyone" }],
          repository: { name: "dev/api", keeps: ["the newest 5 released-* images", "the newest 5 images"] },
          connectsTo: [],
          may: [],
        },
      ],
      elsewhere: [],
    });
  });

  it("reads a trigger of CodePipeline's own", () => {
    const configuration = { ConnectionArn: "c", FullRepositoryId: "acme/shop", BranchName: "main" };
    const source = { ...SOURCE_ACTION, provider: "CodeStarSourceConnection", configuration };
    const pushes = [{ branches: { includes: ["main"] }, filePaths: { includes: ["api/**"] } }];
    const triggers = [{ gitConfiguration: { sourceActionName: "Source", pushes } }];
    const graph = without(healthy, "aws:cloudwatch/eventTarget:EventTarget", "dev-on-Source");
    const delivery = only(changed(graph, PIPELINE, "dev", { stages: stages({ source }), triggers }));
    assert.deepStrictEqual(delivery.triggers, [
      { event: "push to acme/shop @ main that changes api/**", by: "CodePipeline" },
    ]);
    assert.strictEqual(delivery.stages[0]?.actions[0]?.target, "acme/shop @ main");
  });

  it("reads tags that start it, and files that do not", () => {
    const event = (push: object) => {
      const triggers = [{ gitConfiguration: { sourceActionName: "shop", pushes: [push] } }];
      return only(changed(healthy, PIPELINE, "dev", { triggers })).triggers[1]?.event;
    };
    assert.strictEqual(event({ tags: { includes: ["v*", "rc*"] } }), "push to shop @ tag v*, tag rc*");
    const filePaths = { includes: ["api/**"], excludes: ["**/*.md"] };
    assert.strictEqual(
      event({ branches: { includes: ["main"] }, filePaths }),
      "push to shop @ main that changes api/** and not only **/*.md",
    );
  });

  it("reads images and objects that start it", () => {
    const event = (detail: object) => {
      const eventPattern = JSON.stringify({ "detail-type": ["Any"], detail });
      const graph = changed(healthy, "aws:cloudwatch/eventRule:EventRule", "dev-on-Source", { eventPattern });
      return only(graph).triggers[0]?.event;
    };
    const tags = { "repository-name": ["shop/api"], "image-tag": [{ prefix: "release-" }, "live"] };
    assert.strictEqual(event(tags), "image shop/api:release-*, live pushed");
    const object = { bucket: { name: ["uploads"] }, object: { key: ["app.zip"] } };
    assert.strictEqual(event(object), "object s3://uploads/app.zip written");
    assert.strictEqual(event({}), "Any");
  });

  it("names what it deploys to outside the stack", () => {
    const delivery = only(without(healthy, SERVICE, "api"));
    assert.deepStrictEqual([delivery.services, delivery.elsewhere], [[], ["service api on cluster dev"]]);
  });

  it("says how a new version takes over", () => {
    const native = changed(healthy, SERVICE, "api", { deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    assert.strictEqual(only(native).services[0]?.deployment, "ECS blue/green");
    const group = resource("aws:codedeploy/deploymentGroup:DeploymentGroup", "api", {
      appName: "shop",
      deploymentGroupName: "api",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      ecsService: { clusterName: "dev", serviceName: "api" },
    });
    const configuration = { ApplicationName: "shop", DeploymentGroupName: "api" };
    const deploy = { ...DEPLOY_ACTION, provider: "CodeDeployToECS", configuration };
    const delivery = only(withMore(changed(healthy, PIPELINE, "dev", { stages: stages({ deploy }) }), group));
    assert.strictEqual(delivery.services[0]?.deployment, "CodeDeploy blue/green, AllAtOnce");
    assert.strictEqual(delivery.stages[2]?.actions[0]?.target, "shop / api");
  });

  it("says how many tasks a delivery will bring up, and which capacity they take", () => {
    const variables = [
      { name: "SERVICE_NAME", value: "api" },
      { name: "DESIRED_COUNT", value: "3" },
    ];
    const configuration = { ProjectName: "confirm", EnvironmentVariables: JSON.stringify(variables) };
    const graph = changed(healthy, PIPELINE, "dev", { stages: stages({ build: { ...BUILD_ACTION, configuration } }) });
    const capacityProviderStrategies = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    const [service] = only(changed(graph, SERVICE, "api", { capacityProviderStrategies, desiredCount: 0 })).services;
    assert.deepStrictEqual([service?.desiredCount, service?.deliveredCount, service?.capacity], [0, 3, "FARGATE_SPOT"]);
  });

  it("shows a redirect, and asks nobody by name where an approval has no topic", () => {
    const redirect = resource("aws:lb/listener:Listener", "api-redirect", {
      loadBalancerArn: arnHere("elasticloadbalancing", "loadbalancer/app/api/3"),
      port: 8000,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect" }],
    });
    const approve = { name: "Approve", category: "Approval", provider: "Manual", configuration: {} };
    const graph = changed(healthy, PIPELINE, "dev", { stages: stages({ more: [approve] }) });
    const delivery = only(withMore(graph, redirect));
    assert.deepStrictEqual(
      delivery.services[0]?.listeners.map(({ kind, groups }) => [kind, groups.length]),
      [
        ["redirect", 0],
        ["production", 1],
      ],
    );
    assert.strictEqual(delivery.stages[1]?.actions[1]?.target, "asks in the console");
  });

  it("says what a stage waits for, what becomes of a failure, and where an action works", () => {
    const rule = (name: string, provider: string, configuration: Readonly<Record<string, string>>) => ({
      name,
      configuration,
      ruleTypeId: { category: "Rule", owner: "AWS", provider, version: "1" },
    });
    const [source, build, deploy] = stages({
      deploy: { ...DEPLOY_ACTION, roleArn: "arn:aws:iam::444455556666:role/deploy", region: "us-east-1" },
    });
    const entry = (result: string, ...rules: readonly object[]) => ({ condition: { result, rules } });
    const window = rule("Window", "DeploymentWindow", { Cron: "* * 9-16 ? * MON-FRI" });
    const alarm = rule("Alarm", "CloudWatchAlarm", { AlarmName: "checkout" });
    const variable = rule("Main", "VariableCheck", { Variable: "#{v.Branch}", Operator: "EQ", Value: "main" });
    const lambda = rule("May-I", "LambdaInvoke", { FunctionName: "may-i" });
    const changes = [
      source,
      { ...build, beforeEntry: entry("SKIP", variable), onFailure: { result: "RETRY" } },
      { ...deploy, beforeEntry: entry("FAIL", window, alarm, lambda), onFailure: { result: "ROLLBACK" } },
    ];
    const [first, second, third] = only(changed(healthy, PIPELINE, "dev", { stages: changes })).stages;
    assert.deepStrictEqual(Object.keys(present(first ?? {})), ["name", "actions"]);
    assert.deepStrictEqual(second?.gates, ["if #{v.Branch} EQ main, else is skipped"]);
    assert.strictEqual(second?.onFailure, "what failed is tried again");
    assert.deepStrictEqual(third?.gates, [
      "in the window * * 9-16 ? * MON-FRI (UTC)",
      "while alarm checkout is quiet",
      "if LambdaInvoke May-I agrees",
    ]);
    assert.strictEqual(third?.onFailure, "a failure is rolled back");
    assert.strictEqual(third?.actions[0]?.place, "account 444455556666, us-east-1");
    const home = { ...DEPLOY_ACTION, roleArn: "arn:aws:iam::111122223333:role/deploy", region: "eu-west-1" };
    const [, , own] = only(changed(healthy, PIPELINE, "dev", { stages: stages({ deploy: home }) })).stages;
    assert.strictEqual(own?.actions[0]?.place, undefined);
  });
});
