import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { deployStack } from "../../stacks/environment";
import { type Graph, recordGraph } from "../support/graph";
import { applyCommand, type ConfigValues, commandsIn } from "../support/pulumiConfig";
import { at, list } from "../support/read";
import { engineConfig, stackGraph, stackRefusal, stackValues } from "../support/stack";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f4c9a1e-7a52-4b8e-9a2d-2f6f3d1c8b70";
const SERVICE = "aws:ecs/service:Service";
const API = { name: "api", container: { name: "api", port: 8080 }, scaling: { minCapacity: 1, maxCapacity: 4 } };
const WEB = { name: "web", container: { name: "web", port: 3000 } };
const WORKER = { name: "worker", container: { name: "worker" } };

/** How each service is deployed: the controller, and ECS's strategy where it is one. */
function strategies(graph: Graph): Readonly<Record<string, string>> {
  return Object.fromEntries(
    graph.all(SERVICE).map(({ name, inputs }) => {
      const strategy = at(inputs.deploymentConfiguration, "strategy");
      return [name, String(strategy ?? at(inputs.deploymentController, "type"))];
    }),
  );
}

const withServices = (changes: ConfigValues, ...services: readonly ConfigValues[]) =>
  stackGraph("dev", { changes: { services: [...services], ...changes } });

describe("the strategy of a service", () => {
  it("is the stack's, but a worker, which has no traffic to move, rolls", async () => {
    const graph = await withServices({ deployment: "codeDeployBlueGreen" }, API, WEB, WORKER);
    assert.deepEqual(strategies(graph), { api: "CODE_DEPLOY", web: "CODE_DEPLOY", worker: "ROLLING" });
    const deploy = list(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.stages).at(-1);
    const actions = list(at(deploy, "actions")).filter((one) => at(one, "category") === "Deploy");
    assert.deepEqual(
      actions.map((one) => [at(one, "name"), at(one, "provider")]),
      [
        ["api-deploy", "CodeDeployToECS"],
        ["web-deploy", "CodeDeployToECS"],
        ["worker-deploy", "ECS"],
      ],
    );
    assert.deepEqual(
      graph.all("aws:sfn/stateMachine:StateMachine").map(({ name }) => name),
      ["api-scaling-pause"],
      "scaling pauses where CodeDeploy works, and nowhere else",
    );
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ level, rule }) => level === "error" || rule === "not-needed"),
      [],
    );
  });

  it("is its own, with settings of its own, before the stack's", async () => {
    const own = { strategy: "ecsCanary", canaryPercent: 20 };
    const graph = await withServices({ deployment: "codeDeployBlueGreen" }, { ...API, deployment: own }, WEB, {
      ...WORKER,
      deployment: { strategy: "rolling", maximumPercent: 150 },
      desiredCount: 2,
    });
    assert.deepEqual(strategies(graph), { api: "CANARY", web: "CODE_DEPLOY", worker: "ROLLING" });
    const [api, , worker] = graph.all(SERVICE);
    assert.equal(at(api?.inputs.deploymentConfiguration, "canaryConfiguration", "canaryPercent"), 20);
    assert.equal(worker?.inputs.deploymentMaximumPercent, 150);
  });

  it("rolls for a worker by the stack's own settings of rolling, and its alarms guard it under every strategy", async () => {
    const rolls = { strategy: "rolling", maximumPercent: 150, advancedConfiguration: true };
    const rolling = await withServices(
      { deployment: rolls },
      { ...WEB, desiredCount: 2 },
      { ...WORKER, desiredCount: 2 },
    );
    assert.deepEqual(
      rolling.all(SERVICE).map(({ inputs }) => inputs.deploymentMaximumPercent),
      [150, 150],
    );
    for (const strategy of ["codeDeployBlueGreen", "ecsBlueGreen"]) {
      const graph = await withServices({ deployment: { strategy, alarmNames: ["orders-failing"] } }, API, WORKER);
      const worker = graph.all(SERVICE).find(({ name }) => name === "worker");
      assert.deepEqual(at(worker?.inputs.alarms, "alarmNames"), ["orders-failing"], strategy);
    }
  });

  const refused: Readonly<Record<string, readonly [ConfigValues, string]>> = {
    "a worker that is to move traffic": [
      { services: [API, { ...WORKER, deployment: "ecsBlueGreen" }] },
      'services[1].deployment: expected rolling: service "worker" has no port, so there is no traffic to move',
    ],
    "a stack's word that no service takes": [
      { deployment: "rolling", services: [{ ...API, deployment: "ecsBlueGreen" }] },
      "ecs-delivery:deployment: expected nothing: every service has a deployment of its own",
    ],
    "CodeDeploy of a service that another stack delivers": [
      {
        source: undefined,
        branch: undefined,
        deliveredBy: { stack: "staging", artifactBucket: "staging-artifacts-0a1b2c3", kmsKey: KEY },
        services: [API, { ...WEB, deployment: "codeDeployBlueGreen" }],
      },
      "services[1].deployment: expected a strategy of ECS itself",
    ],
    "a template of a service that its own strategy does not release from": [
      {
        deployment: "codeDeployBlueGreen",
        services: [{ ...API, deployment: "ecsCanary", taskDefinition: { from: "source" } }, WEB],
      },
      "services[0].deployment: expected codeDeployBlueGreen, which releases from a template",
    ],
    "limits of its own between which nothing can be replaced": [
      {
        deployment: "ecsBlueGreen",
        services: [API, { ...WORKER, deployment: { strategy: "rolling", maximumPercent: 150 } }],
      },
      "services[1].deployment.maximumPercent: expected 200, or 2 tasks of worker at least",
    ],
    "requests that a strategy of its own moves away": [
      {
        services: [
          {
            ...API,
            deployment: "ecsCanary",
            scaling: { minCapacity: 1, maxCapacity: 4, targetRequestsPerMinute: 600 },
          },
        ],
      },
      "services[0].scaling.targetRequestsPerMinute: expected nothing: requests are counted of one target group",
    ],
    "Service Connect beside CodeDeploy": [
      { serviceConnect: true, services: [WORKER, { ...API, deployment: "codeDeployBlueGreen" }] },
      "ecs-delivery:serviceConnect: expected false: AWS has no Service Connect where CodeDeploy deploys",
    ],
  };

  for (const [what, [changes, expected]] of Object.entries(refused)) {
    it(`refuses ${what}, and the mend works when it is pasted`, async () => {
      const message = await stackRefusal("dev", changes);
      assert.ok(message.includes(expected), message);
      const before = stackValues("dev", changes);
      const mended = commandsIn(message).reduce((all, command) => applyCommand(command, all), before);
      await recordGraph(() => deployStack(), { stack: "dev", config: engineConfig(mended) });
    });
  }
});
