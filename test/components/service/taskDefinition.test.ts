import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import type { EcsServiceArgs } from "../../../components/service/args";
import type { Container } from "../../../components/service/container";
import type { Graph } from "../../support/graph";
import { at, json } from "../../support/read";
import { arn, serviceGraph, TEST_NETWORK, targetedGraph } from "../../support/service";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const build = (container: Partial<Container> = {}, changes: Partial<EcsServiceArgs> = {}) =>
  serviceGraph({ container: { name: "api", port: 8080, ...container }, ...changes });
const task = (graph: Graph) => graph.only(TASK).inputs;
const container = (graph: Graph, ...path: (string | number)[]) => json(task(graph).containerDefinitions, 0, ...path);

describe("the task definition", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is of the smallest Fargate size on x86, each task with a network interface of its own", () => {
    const { cpu, memory, networkMode, requiresCompatibilities, runtimePlatform } = task(graph);
    assert.deepEqual(
      { cpu, memory, networkMode, requiresCompatibilities, runtimePlatform },
      {
        cpu: "256",
        memory: "512",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      },
    );
  });

  it("runs on ARM, or on the cluster's own machines, when that is asked for", async () => {
    const arm = await build({}, { cpuArchitecture: "ARM64", capacityProvider: "machines" });
    assert.equal(at(task(arm), "runtimePlatform", "cpuArchitecture"), "ARM64");
    assert.deepEqual(task(arm).requiresCompatibilities, ["EC2"]);
    const spot = await build({}, { capacityProvider: "FARGATE_SPOT" });
    assert.deepEqual(task(spot).requiresCompatibilities, ["FARGATE"]);
  });

  it("listens on the same port outside as inside: each task has an address of its own", () => {
    assert.deepEqual(container(graph, "portMappings"), [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
  });

  it("leaves nothing writable but /tmp", () => {
    assert.equal(container(graph, "readonlyRootFilesystem"), true);
    assert.deepEqual(container(graph, "mountPoints"), [{ sourceVolume: "tmp", containerPath: "/tmp" }]);
    assert.deepEqual(task(graph).volumes, [{ name: "tmp" }]);
  });

  it("makes other folders writable, each by a volume of its own", async () => {
    const other = await build({ writablePaths: ["/tmp", "/var/cache/nginx"] });
    assert.deepEqual(task(other).volumes, [{ name: "tmp" }, { name: "var-cache-nginx" }]);
    assert.deepEqual(container(other, "mountPoints", 1), {
      sourceVolume: "var-cache-nginx",
      containerPath: "/var/cache/nginx",
    });
  });

  it("makes everything writable when that is asked for, and needs no volume then", async () => {
    const other = await build({ readonlyRootFilesystem: false });
    assert.equal(container(other, "readonlyRootFilesystem"), false);
    assert.deepEqual([container(other, "mountPoints"), task(other).volumes], [[], []]);
  });

  it("stops in time: half a minute between SIGTERM and SIGKILL, with an init process that passes signals on", async () => {
    assert.equal(container(graph, "stopTimeout"), 30);
    assert.equal(container(graph, "linuxParameters", "initProcessEnabled"), true);
    assert.equal(container(await build({ stopTimeoutSeconds: 120 }), "stopTimeout"), 120);
  });

  it("writes to its own log group, and never waits for it", () => {
    assert.deepEqual(container(graph, "logConfiguration"), {
      logDriver: "awslogs",
      options: {
        "awslogs-group": graph.only("aws:cloudwatch/logGroup:LogGroup").outputs.name,
        "awslogs-region": "eu-west-1",
        "awslogs-stream-prefix": "api",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    });
  });

  it("says nothing of command, user and health check unless it is told: the image's own count", () => {
    for (const key of ["command", "user", "healthCheck", "privileged"]) assert.equal(container(graph, key), undefined);
  });

  it("names the secret that another registry asks for, also where a release registers it", async () => {
    const secret = arn("secretsmanager", "secret:docker-AbCdEf");
    const repository = { repositoryUrl: "docker.io/acme/api", pullSecretArn: secret };
    const credentials = { credentialsParameter: secret };
    const other = await build({}, { repository });
    assert.deepEqual(container(other, "repositoryCredentials"), credentials);
    assert.equal(container(other, "image"), "docker.io/acme/api:not-delivered-yet");
    const released = await targetedGraph({ repository, deployment: codeDeployBlueGreen() });
    const template = released.named("aws:ssm/parameter:Parameter", "api-task-definition-template").inputs.value;
    assert.deepEqual(json(template, "containerDefinitions", 0, "repositoryCredentials"), credentials);
    assert.equal(container(graph, "repositoryCredentials"), undefined);
  });

  it("says what it is told of command, user and health check", async () => {
    const other = await build({
      command: ["node", "worker.js"],
      user: "1000:1000",
      healthCheck: { command: "exit 0" },
    });
    assert.deepEqual(container(other, "command"), ["node", "worker.js"]);
    assert.equal(container(other, "user"), "1000:1000");
    assert.deepEqual(container(other, "healthCheck"), {
      command: ["CMD-SHELL", "exit 0"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    });
  });

  it("does not change when variables are written down in another order", async () => {
    const one = await build({ environment: { B: "2", A: "1" }, secrets: { D: "/d", C: "/c" } });
    const two = await build({ environment: { A: "1", B: "2" }, secrets: { C: "/c", D: "/d" } });
    assert.equal(task(one).containerDefinitions, task(two).containerDefinitions);
    assert.deepEqual(container(one, "environment"), [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ]);
  });
});

describe("where tasks run", () => {
  const placement = async (capacityProvider?: string) => {
    const graph = await build({}, { ...(capacityProvider && { capacityProvider }) });
    const { launchType, platformVersion, capacityProviderStrategies } = graph.only("aws:ecs/service:Service").inputs;
    return { launchType, platformVersion, capacityProviderStrategies };
  };

  it("is Fargate's latest platform", async () => {
    const fargate = { launchType: "FARGATE", platformVersion: "LATEST", capacityProviderStrategies: undefined };
    assert.deepEqual(await placement(), fargate);
  });

  it("is a capacity provider instead of a launch type: AWS takes only one of the two", async () => {
    assert.deepEqual(await placement("FARGATE_SPOT"), {
      launchType: undefined,
      platformVersion: "LATEST",
      capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    });
  });

  it("is shared by several providers, of which one may come first", async () => {
    const shares = [
      { capacityProvider: "FARGATE", base: 1 },
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
    ];
    const graph = await build({}, { capacityProviderStrategy: shares });
    const { launchType, platformVersion, capacityProviderStrategies } = graph.only("aws:ecs/service:Service").inputs;
    assert.deepEqual([launchType, platformVersion], [undefined, "LATEST"]);
    assert.deepEqual(capacityProviderStrategies, [
      { capacityProvider: "FARGATE", base: 1, weight: 1 },
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
    ]);
  });

  const refused: [what: string, args: Partial<EcsServiceArgs>, message: RegExp][] = [
    [
      "a provider beside those that share",
      { capacityProvider: "FARGATE", capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT" }] },
      /capacityProviderStrategy: expected this or capacityProvider, not both/,
    ],
    [
      "one provider twice",
      { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE" }] },
      /capacityProviderStrategy\.1: expected a provider that is not among the others already/,
    ],
    [
      "Fargate beside machines of the cluster",
      { capacityProviderStrategy: [{ capacityProvider: "FARGATE" }, { capacityProvider: "machines" }] },
      /capacityProviderStrategy\.1: expected Fargate's providers, or the cluster's own/,
    ],
    [
      "two bases",
      {
        capacityProviderStrategy: [
          { capacityProvider: "FARGATE", base: 1 },
          { capacityProvider: "FARGATE_SPOT", base: 2 },
        ],
      },
      /capacityProviderStrategy\.1\.base: expected one provider alone to have a base/,
    ],
    [
      "weights of 0 alone",
      { capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 0 }] },
      /capacityProviderStrategy\.0\.weight: expected 1 or more of one provider/,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, () => assert.rejects(build({}, args), message));
  }

  it("are public subnets with addresses of the tasks' own where the network says so", async () => {
    const graph = await build({}, { network: { ...TEST_NETWORK, publicTasks: true } });
    const { networkConfiguration } = graph.only("aws:ecs/service:Service").inputs;
    assert.deepEqual(at(networkConfiguration, "subnets"), TEST_NETWORK.publicSubnetIds);
    assert.equal(at(networkConfiguration, "assignPublicIp"), true);
  });

  it("has no platform version on the cluster's own machines", async () => {
    assert.deepEqual(await placement("machines"), {
      launchType: undefined,
      platformVersion: undefined,
      capacityProviderStrategies: [{ capacityProvider: "machines", weight: 1 }],
    });
  });
});
