import assert from "node:assert/strict";
import { service, stackRefusal } from "../../support/stack";

const refused = async (changes: Record<string, unknown>, ...expected: (string | RegExp)[]) => {
  const message = await stackRefusal("dev", changes);
  for (const text of expected) {
    assert.ok(
      typeof text === "string" ? message.includes(text) : text.test(message),
      `${String(text)}\nnot in\n${message}`,
    );
  }
};

describe("stack configuration", () => {
  it("says everything that is wrong in one message, each with the command that mends it", async () => {
    const bad = {
      branch: undefined,
      brnch: "master",
      lifecyclePolicy: {
        rules: [1, 1].map((rulePriority, index) => ({
          rulePriority,
          selection: { tagStatus: index ? "any" : "untagged", countType: "imageCountMoreThan", countNumber: 5 },
          action: { type: "expire" },
        })),
      },
      network: { existing: { vpcId: "vpc-1", privateSubnets: { "eu-west-1a": "subnet-1" } } },
      services: [
        { name: "Backend-for-frontend", container: { name: "api web", port: 0 }, cpu: 1024, memory: 512 },
        { name: "api", container: { name: "api", port: 80 } },
        { name: "api", container: { name: "api", port: 80 } },
      ],
    };
    await refused(
      bad,
      /^Pulumi\.dev\.yaml has 10 problem\(s\):/,
      "ecs-delivery:branch: expected a branch name, it is not set\n    pulumi config set --stack dev --path 'ecs-delivery:branch' master",
      "ecs-delivery:brnch: unknown key, did you mean branch?\n    pulumi config rm --stack dev --path 'ecs-delivery:brnch'",
      /services\[0\]\.memory: expected 2048, 3072 \.\.\. 8192 MiB, which go with cpu 1024 on Fargate, got 512\n.*memory' 2048/,
      "ecs-delivery:services[0].container.port: expected a whole number from 1 to 65535, got 0\n    pulumi config set --stack dev --path 'ecs-delivery:services[0].container.port' '<a whole number from 1 to 65535, for example 8080>'",
      /services\[0\]\.container\.name: expected 1 to 255 letters, digits, - and _, got "api web"/,
      /services\[0\]\.name: expected 1 to 60 .* pipeline .*, got "Backend-for-frontend"/,
      /services\[2\]\.name: expected names that differ, but "api" is there twice/,
      /lifecyclePolicy: rules\[1\]\.rulePriority: .*got 1/,
      /privateSubnets: expected subnets in two or more availability zones.*\n.*\["<an availability zone like eu-west-1a>"\]' '<a subnet id>'/,
      /publicSubnets/,
    );
  });

  it("refuses a CPU size that Fargate does not have, and names those it has", () =>
    refused({ services: service("dev", { cpu: 300 }) }, "services[0].cpu: expected one of 256, 512, 1024", "got 300"));

  it("refuses a JVM with too little memory to start", () =>
    refused(
      { services: service("dev", { runtime: "jvm", memory: 512 }) },
      /memory: expected 1024 MiB or more.*JVM/,
      "' 1024",
    ));

  it("lets the cluster's own capacity have any size", async () => {
    await assert.rejects(
      stackRefusal("dev", { services: service("dev", { cpu: 300, memory: 700, capacityProvider: "ec2" }) }),
      /not refused/,
    );
  });

  it("takes numbers and flags that the CLI has written as text", async () => {
    const changes = {
      services: service("dev", { container: { name: "api", port: "8080" }, cpu: "512", memory: "1024" }),
      retain: "true",
    };
    await assert.rejects(stackRefusal("dev", changes), /not refused/);
  });

  it("refuses text where a list belongs, whatever the text", async () => {
    await refused({ services: "api" }, 'ecs-delivery:services: expected a list of 1 to 50 services, got "api"');
    await refused({ services: "[{" }, 'ecs-delivery:services: expected a list of 1 to 50 services, got "[{"');
  });

  it("shows what has to be set where a whole map is missing", () =>
    refused(
      { source: undefined },
      "ecs-delivery:source: expected where the code comes from",
      "'ecs-delivery:source.provider' CodeCommit",
    ));

  it("names the profiles when an environment is none, and when the stack is not named like one", async () => {
    await refused(
      { environment: "test" },
      'environment: expected one of dev, qa, prod, staging, commitToProduction, got "test"',
    );
    const { refusal } = await import("../../support/graph");
    const { engineConfig, stackValues } = await import("../../support/stack");
    const { deployStack } = await import("../../../stacks/environment");
    const message = await refusal(() => deployStack(), { stack: "alice", config: engineConfig(stackValues("dev")) });
    assert.match(message, /^Pulumi\.alice\.yaml has 1 problem/);
    assert.match(message, /pulumi config set --stack alice --path 'ecs-delivery:environment' dev/);
  });

  it("needs a connection where the provider is one", () =>
    refused(
      { source: { provider: "CodeStarSourceConnection", repository: "a/b" } },
      /source\.connectionArn: expected the ARN of a connection/,
    ));

  it("needs a repository for every service", () =>
    refused(
      { source: { provider: "CodeCommit" } },
      /source\.repository: expected the source repository.*it is not set/,
    ));

  it("needs the roles of a service that exists, unless the pipeline's role exists", async () => {
    const adopted = { cluster: { existing: "c" }, services: service("dev", { service: { existing: "api" } }) };
    const roles = "expected executionRole and taskRole";
    await refused(adopted, `services[0].executionRole: ${roles}`, `services[0].taskRole: ${roles}`);
    await assert.rejects(stackRefusal("dev", { ...adopted, pipelineRole: { existing: "r" } }), /not refused/);
  });

  it("needs the cluster of a service that exists", () =>
    refused(
      { services: service("dev", { service: { existing: "api" } }), pipelineRole: { existing: "r" } },
      /cluster: expected/,
    ));

  it("refuses a zone that is there twice, and a single one", async () => {
    await refused(
      { network: { availabilityZones: ["eu-west-1a", "eu-west-1a"] } },
      /availabilityZones: expected .*two or more different zones/,
    );
    await refused({ network: { availabilityZones: 1 } }, /availabilityZones: expected a number from 2 to 6/);
  });

  it("refuses a health check that waits longer than its interval", () =>
    refused(
      { services: service("dev", { healthCheck: { intervalSeconds: 5, timeoutSeconds: 9 } }) },
      /timeoutSeconds: expected fewer seconds than intervalSeconds, 5, got 9/,
      "' 4",
    ));

  it("refuses fewer tasks at most than at least", () =>
    refused(
      { services: service("dev", { scaling: { minCapacity: 4, maxCapacity: 2 } }) },
      /scaling\.maxCapacity: expected at least minCapacity, 4, got 2/,
    ));

  it("refuses to move traffic to a worker", () =>
    refused(
      { deployment: "ecsCanary", services: service("dev", { container: { name: "job" }, healthCheck: undefined }) },
      /deployment: expected rolling: service "api" has no port/,
    ));

  it("refuses settings of another strategy, values out of range, and waits beyond the deploy action's hour", async () => {
    await refused(
      { deployment: "bluegreen" },
      /deployment\.strategy: expected one of rolling, codeDeployBlueGreen, ecsBlueGreen, ecsLinear, ecsCanary, got "bluegreen"/,
    );
    await refused(
      { deployment: { strategy: "ecsLinear", canaryPercent: 5 } },
      /deployment\.canaryPercent: unknown key/,
    );
    await refused(
      { deployment: { strategy: "rolling", lifecycleHooks: [] } },
      /lifecycleHooks: unknown key, because only ecsBlueGreen and ecsLinear and ecsCanary have it/,
    );
    await refused(
      { deployment: { strategy: "ecsLinear", stepPercent: 2 } },
      /deployment\.stepPercent: expected 3 to 100 percent, got 2/,
    );
    await refused(
      { deployment: { strategy: "ecsBlueGreen", bakeTimeInMinutes: 90 } },
      /take up to 95 minutes, the deploy action waits 60 and AWS allows 60/,
    );
    const hooks = [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 120 }];
    await refused(
      { deployment: { strategy: "ecsBlueGreen", lifecycleHooks: hooks } },
      /pauses \(120\)[\s\S]*'ecs-delivery:deployment\.lifecycleHooks\[0\]\.pauseInMinutes' '<a whole number from 1 to 50, minutes>'/,
    );
    await refused(
      { deployment: { strategy: "ecsBlueGreen", hooks } },
      /deployment\.hooks: unknown key, because only codeDeployBlueGreen has it .*; did you mean lifecycleHooks\?/,
    );
    const paused = [{ lifecycleStages: ["TEST_TRAFFIC_SHIFT"], pauseInMinutes: 10 }];
    await refused(
      { deployment: { strategy: "ecsBlueGreen", lifecycleHooks: paused } },
      /cannot pause at TEST_TRAFFIC_SHIFT/,
    );
    await refused(
      { deployment: { strategy: "rolling", minimumHealthyPercent: 100, maximumPercent: 100 } },
      /no task can ever be replaced/,
    );
  });
});
