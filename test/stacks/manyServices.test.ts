import assert from "node:assert/strict";
import { NAMES } from "../../components/checks/names";
import { POLICY_MAX } from "../../components/iam/policySize";
import { policiesOf } from "../../model/graph/iam";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { applyCommand, type ConfigValues, commandsIn } from "../support/pulumiConfig";
import { at, json, list, textAt } from "../support/read";
import { actionOf, PIPELINE, PROJECT_TYPE, shape } from "../support/shape";
import { engineConfig, stackGraph, stackRefusal, stackValues } from "../support/stack";

const longest = (index: number) =>
  `${"statements-of-customers-accounts-and-payments-in-all".padEnd(57, "x")}-${String(index).padStart(2, "0")}`;
const shortest = (index: number) => `service-${index}`;

const services = (count: number, nameOf: (index: number) => string, more: ConfigValues = {}): ConfigValues[] =>
  Array.from({ length: count }, (_, index) => ({
    name: nameOf(index),
    container: { name: "app", port: 8080, secrets: { TOKEN: `parameter:/shop/${index}/token` } },
    unitTests: { commands: ["npm test"] },
    ...more,
  }));

/** Everything that a size limit of AWS is about. */
function sizesOf(graph: Graph): void {
  for (const role of graph.all("aws:iam/role:Role")) {
    const policies = policiesOf(graph.recorded, role);
    const inline = policies.filter((policy) => policy.inline).reduce((sum, policy) => sum + policy.text.length, 0);
    assert.ok(inline <= POLICY_MAX.inline, `${role.name}: ${inline} characters inline`);
    const managed = policies.filter((policy) => !policy.inline);
    assert.ok(managed.length <= 10, `${role.name}: ${managed.length} managed policies`);
    for (const { text: policy } of managed)
      assert.ok(policy.length <= POLICY_MAX.managed, `${role.name}: ${policy.length}`);
    const trust = textAt(role.inputs.assumeRolePolicy).length;
    assert.ok(trust <= 2048, `${role.name}: trust of ${trust} characters`);
  }
  for (const { name, inputs } of graph.all(PIPELINE)) {
    const stages = list(inputs.stages);
    assert.ok(stages.length <= 50);
    for (const stage of stages) {
      const actions = list(at(stage, "actions"));
      assert.ok(actions.length <= 50, `${name}: ${actions.length} actions in ${textAt(at(stage, "name"))}`);
      for (const action of actions) {
        for (const value of Object.values(at(action, "configuration") ?? {}))
          assert.ok(textAt(value).length <= 1000, textAt(value));
      }
    }
  }
  for (const { name, inputs } of graph.all("aws:cloudwatch/eventRule:EventRule")) {
    const { length } = textAt(inputs.eventPattern);
    assert.ok(length <= 2048, `${name}: pattern of ${length} characters`);
  }
  for (const { inputs } of graph.all("aws:ecs/taskDefinition:TaskDefinition")) {
    assert.ok(Buffer.byteLength(JSON.stringify(inputs)) <= 64 * 1024);
  }
  for (const { inputs } of graph.all("aws:ssm/parameter:Parameter"))
    assert.ok(textAt(inputs.value ?? "").length <= 8192);
  const projects = graph.all(PROJECT_TYPE).map(({ inputs }) => textAt(inputs.serviceRole));
  for (const role of new Set(projects)) assert.ok(projects.filter((one) => one === role).length <= 10, role);
  for (const { inputs } of [...graph.all("aws:kms/key:Key"), ...graph.all("aws:s3/bucketPolicy:BucketPolicy")]) {
    assert.ok(textAt(inputs.policy).length <= 20 * 1024);
  }
}

/** No error, and no warning but of quotas. */
function finds(graph: Graph): string[] {
  return findingsOf(graph.recorded)
    .filter(({ level, rule }) => level !== "notice" && rule !== "quotas")
    .map(({ rule, message }) => `${rule}: ${message}`);
}

const EVERY_OTHER: [deployment: string, environment: string][] = [
  ["rolling", "dev"],
  ["ecsBlueGreen", "qa"],
  ["ecsLinear", "prod"],
];

describe("a stack of many services", function () {
  this.timeout(240_000);

  // A graph of 50 services takes ten seconds: MANY_SERVICES=all records them by every strategy.
  const deployments: [deployment: string, environment: string][] = [
    ["codeDeployBlueGreen", "prod"],
    ["ecsCanary", "staging"],
    ...(process.env.MANY_SERVICES === "all" ? EVERY_OTHER : []),
  ];
  for (const [deployment, environment] of deployments) {
    it(`has 50 with the longest names, each with a pipeline, by ${deployment} in ${environment}`, async () => {
      const changes = { environment, deployment, pipelines: "perService", services: services(50, longest) };
      const graph = await stackGraph("dev", { changes });
      assert.equal(graph.count("aws:ecs/service:Service"), 50);
      assert.equal(graph.count(PIPELINE), 50);
      sizesOf(graph);
      assert.deepEqual(finds(graph), []);
    });
  }
  for (const [deployment, environment] of [
    ["rolling", "dev"],
    ["codeDeployBlueGreen", "prod"],
    ["ecsCanary", "qa"],
  ]) {
    it(`has 25 with the longest names in one pipeline, by ${deployment} in ${environment}`, async () => {
      const changes = { environment, deployment, services: services(25, longest) };
      const graph = await stackGraph("dev", { changes });
      sizesOf(graph);
      assert.deepEqual(finds(graph), []);
    });
  }

  it("has 50 that are there already in one pipeline, whose build stage is two", async () => {
    const changes = {
      verify: false,
      cluster: { existing: "shared" },
      services: Array.from({ length: 50 }, (_, index) => ({
        name: longest(index),
        container: { name: "app" },
        service: { existing: `theirs-${index}` },
        executionRole: { existing: `execution-${index}` },
        taskRole: { existing: `task-${index}` },
        repository: { existing: `theirs/${index}` },
        unitTests: { commands: ["npm test"] },
      })),
    };
    const graph = await stackGraph("dev", { changes: { ...changes, lifecyclePolicy: undefined } });
    sizesOf(graph);
    assert.deepEqual(finds(graph), []);
    const names = shape(graph.only(PIPELINE)).map((stage) => stage.split(":")[0]);
    assert.deepEqual(names, ["Source", "Build", "Build-2", "Deploy"]);
  });

  it("goes on to production with 16, asks about them in a text that is short enough, and takes 50 from another stack", async () => {
    const releasing = {
      environment: "commitToProduction",
      releaseTo: { stack: "production" },
      services: services(16, longest),
    };
    const graph = await stackGraph("dev", { changes: releasing });
    const asked = textAt(at(actionOf(graph, "Approve"), "configuration", "CustomData"));
    assert.match(asked, /look at http:\/\/.* and \d+ more$/);
    sizesOf(graph);
    assert.deepEqual(finds(graph), []);
    const deliveredBy = {
      stack: "staging",
      artifactBucket: "staging-artifacts",
      kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/0a1b",
    };
    const taking = { deliveredBy, source: undefined, branch: undefined, services: services(50, longest) };
    sizesOf(await stackGraph("dev", { changes: taking }));
  });

  it("makes no managed policy and no second rule for a few", async () => {
    const graph = await stackGraph("prod", { changes: { services: services(5, shortest) } });
    assert.equal(graph.count("aws:iam/policy:Policy"), 0);
    assert.equal(graph.all("aws:cloudwatch/eventRule:EventRule").filter(({ name }) => name === "prod-ecs-2").length, 0);
  });

  it("tells of failed deployments of all of them, in several rules", async () => {
    const graph = await stackGraph("prod", { changes: { services: services(20, shortest) } });
    const rules = graph.all("aws:cloudwatch/eventRule:EventRule").filter(({ name }) => name.startsWith("prod-ecs"));
    assert.deepEqual(
      rules.map(({ name, inputs }) => [name, list(json(inputs.eventPattern, "resources")).length]),
      [
        ["prod-ecs", 8],
        ["prod-ecs-2", 8],
        ["prod-ecs-3", 4],
      ],
    );
  });

  const refused = async (changes: ConfigValues, expected: string) => {
    const message = await stackRefusal("dev", changes);
    assert.ok(message.includes(expected), message);
    return message;
  };

  it("has one pipeline for each where one would have too many actions in a stage", async () => {
    const changes = { services: services(26, shortest) };
    const message = await refused(
      changes,
      "ecs-delivery:pipelines: expected perService: stage Deploy would have 52 actions, CodePipeline takes 50",
    );
    const mended = commandsIn(message).reduce(
      (all, command) => applyCommand(command, all),
      stackValues("dev", changes),
    );
    assert.equal(mended["ecs-delivery:pipelines"], "perService");
    assert.equal(typeof engineConfig(mended)["ecs-delivery:services"], "string");
    const [first, ...others] = services(25, shortest);
    await stackGraph("dev", { changes: { services: [first, ...others] } });
  });

  it("counts tests and records of what passed among them", async () => {
    const staging = (count: number, tests: number) => ({
      environment: "staging",
      services: services(count, shortest),
      tests: Array.from({ length: tests }, (_, index) => ({ name: `test-${index}`, commands: ["npm test"] })),
    });
    await stackGraph("dev", { changes: staging(15, 5) });
    await refused(staging(15, 6), "stage Staging would have 51 actions");
    await refused(
      { ...staging(17, 1), environment: "commitToProduction", releaseTo: { stack: "production" } },
      "ecs-delivery:services: expected at most 16 services where releaseTo wants one pipeline: stage Staging would have 52 actions",
    );
  });

  it("refuses a 51st", () => refused({ services: services(51, shortest) }, "expected a list of 1 to 50 services"));
});

describe("a service with a long name", () => {
  it("may be a worker or have a load balancer, up to 60 characters", async () => {
    const name = longest(1);
    assert.equal(name.length, NAMES.service.max);
    for (const container of [{ name: "app" }, { name: "app", port: 8080 }]) {
      const graph = await stackGraph("dev", { changes: { services: [{ name, container }] } });
      assert.deepEqual(finds(graph), []);
      assert.equal(graph.only("aws:ecs/service:Service").inputs.name, `dev-${name}`);
    }
    const message = await stackRefusal("dev", { services: [{ name: `${name}x`, container: { name: "app" } }] });
    assert.ok(message.includes("ecs-delivery:services[0].name: expected 1 to 60 lower-case letters"), message);
  });

  it("is refused beside one that would be shortened to the same names", async () => {
    // Two of 40,000 names have the same seven hex digits.
    const seen = new Map<string, string>();
    const { fittedName } = await import("../../components/checks/names");
    let pair: [string, string] | undefined;
    for (let index = 0; pair === undefined; index += 1) {
      const name = `customer-statements-${index}`;
      const short = fittedName(`${name}-green`, 24);
      const other = seen.get(short);
      if (other !== undefined) pair = [other, name];
      seen.set(short, name);
    }
    const both = pair.map((name) => ({ name, container: { name: "app", port: 8080 } }));
    const message = await stackRefusal("dev", { services: both });
    assert.ok(
      message.includes(
        `ecs-delivery:services[1].name: expected another name: what is named after it would be named as what is named after "${pair[0]}"`,
      ),
      message,
    );
  });

  it("is refused where AWS keeps its beginning for itself, unless nothing is named so", async () => {
    const named = (name: string, container: ConfigValues) => ({ services: [{ name, container }] });
    const served = { name: "app", port: 8080 };
    for (const [name, beginning] of [
      ["sg", "sg-"],
      ["sg-gateway", "sg-"],
      ["internal-api", "internal-"],
      ["internal", "internal-"],
    ] as const) {
      const message = await stackRefusal("dev", named(name, served));
      assert.ok(
        message.includes(
          `ecs-delivery:services[0].name: expected a name that does not begin with ${beginning}, as AWS's own do`,
        ),
        message,
      );
    }
    await stackGraph("dev", { changes: named("internal-api", { name: "app" }) });
    await stackGraph("dev", { changes: named("sgx", served) });
  });

  it("is named in the other stack as it is here", async () => {
    const releasing = { environment: "commitToProduction", releaseTo: { stack: "production" } };
    const graph = await stackGraph("dev", { changes: { ...releasing, services: services(1, longest) } });
    const roles = graph.all("aws:iam/role:Role").map(({ inputs }) => textAt(inputs.name ?? ""));
    const release = roles.find((name) => name.endsWith("-release"));
    assert.ok(release && release.length <= 64, roles.join(" "));
    const deliveredBy = {
      stack: "dev",
      account: "444455556666",
      artifactBucket: "dev-artifacts",
      kmsKey: "arn:aws:kms:eu-west-1:444455556666:key/0a1b",
    };
    const taking = { deliveredBy, source: undefined, branch: undefined, services: services(1, longest) };
    const other = await stackGraph("dev", { changes: taking });
    const policy = textAt(other.only("aws:ecr/repositoryPolicy:RepositoryPolicy").inputs.policy);
    assert.ok(policy.includes(`:role/ecs-delivery/dev/${release}"`), policy);
  });
});
