import assert from "node:assert/strict";
import { applyCommand, type ConfigValues, commandsIn } from "../../support/pulumiConfig";
import { actionOf, PIPELINE, shape } from "../../support/shape";
import { engineConfig, service, stackGraph, stackRefusal, stackValues } from "../../support/stack";

const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const container = (changes: ConfigValues) => api({ container: { name: "api", port: 8080, ...changes } });
const listener = (id: string) => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/b/${id}`;
const group = (id: string) => `arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/${id}/1`;
const targets = (changes: ConfigValues) =>
  api({
    healthCheck: undefined,
    targets: {
      existing: {
        productionListener: listener("1"),
        testListener: listener("2"),
        blueTargetGroup: group("blue"),
        greenTargetGroup: group("green"),
        targetSecurityGroup: "sg-1",
        ...changes,
      },
    },
  });
const variables = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`V_${index}`, value]));
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf";
const existing = {
  vpcId: "vpc-1",
  publicSubnets: { "eu-west-1a": "subnet-1", "eu-west-1b": "subnet-2" },
  privateSubnets: { "eu-west-1a": "subnet-3", "eu-west-1b": "subnet-4" },
};

describe("a stack file is refused first", () => {
  const cases: [what: string, changes: ConfigValues, expected: string][] = [
    [
      "with half of the parts of a secret's place",
      container({ secrets: { DB: `${SECRET}:password` } }),
      "ecs-delivery:services[0].container.secrets.DB: expected an SSM parameter's name or ARN, or a Secrets Manager ARN",
    ],
    [
      "with a container's name that no port may have",
      { ...api({ container: { name: "Api", port: 8080 } }), serviceConnect: true },
      "ecs-delivery:services[0].container.name: expected 1 to 64 lower-case letters, digits, - and _ with serviceConnect",
    ],
    [
      "with more variables than a task definition holds",
      container({ environment: variables(600, "x".repeat(120)) }),
      "ecs-delivery:services[0].container: expected fewer and shorter values: AWS takes task definitions of 60 KiB",
    ],
    [
      "with more secrets than a role's policies hold",
      container({ secrets: variables(351, "/a") }),
      "ecs-delivery:services[0].container.secrets: expected at most 350 secrets in all containers",
    ],
    [
      "with one target group for two",
      targets({ greenTargetGroup: group("blue") }),
      "ecs-delivery:services[0].targets.existing.greenTargetGroup: expected another one than blueTargetGroup",
    ],
    [
      "with one listener for two",
      targets({ testListener: listener("1") }),
      "ecs-delivery:services[0].targets.existing.testListener: expected another one than productionListener",
    ],
    [
      "with a range for a network that is there already",
      { network: { existing, cidrBlock: "10.0.0.0/16" } },
      "ecs-delivery:network.cidrBlock: expected nothing beside existing",
    ],
    [
      "with a way out of a network that is there already",
      { network: { existing, egress: "natSingle" } },
      "ecs-delivery:network.egress: expected nothing beside existing, or public",
    ],
    [
      "with tasks in public subnets that nobody names",
      { network: { existing: { ...existing, publicSubnets: undefined }, egress: "public" } },
      "ecs-delivery:network.egress: expected nothing where existing has no publicSubnets",
    ],
    [
      "with two providers that both come first",
      {
        services: service("dev", {
          capacityProviderStrategy: [
            { capacityProvider: "FARGATE", base: 1 },
            { capacityProvider: "FARGATE_SPOT", base: 1 },
          ],
        }),
      },
      "ecs-delivery:services[0].capacityProviderStrategy[1].base: expected one provider alone to have a base",
    ],
    [
      "with one subnet in two zones",
      {
        network: { existing: { ...existing, privateSubnets: { "eu-west-1a": "subnet-3", "eu-west-1b": "subnet-3" } } },
      },
      "ecs-delivery:network.existing.privateSubnets: expected subnets in two or more availability zones, each zone with its own",
    ],
    [
      "with one folder twice",
      container({ writablePaths: ["/tmp", "/tmp/"] }),
      "ecs-delivery:services[0].container.writablePaths[1]: expected another folder",
    ],
    [
      "with a folder that is a file system's",
      container({ writablePaths: ["/data"], fileSystems: { "/data": { id: "fs-1", securityGroupId: "sg-1" } } }),
      "ecs-delivery:services[0].container.writablePaths[0]: expected another folder",
    ],
    ["with a reference for a branch", { branch: "refs/heads/main" }, "ecs-delivery:branch: expected a branch name"],
    [
      "with a key of this program under a provider's name",
      { "aws:branch": "main" },
      "aws:branch: a key of another program; did you mean ecs-delivery:branch?",
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(what, async () => {
      const message = await stackRefusal("dev", changes);
      assert.ok(message.includes(expected), message);
    });
  }

  it("and what says nothing beside a network that is there goes by the command", async () => {
    const values = stackValues("dev", { network: { existing, cidrBlock: "10.0.0.0/16", availabilityZones: 3 } });
    const message = await stackRefusal("dev", values);
    const mended = commandsIn(message).reduce((all, command) => applyCommand(command, all), values);
    assert.deepEqual(Object.keys(mended["ecs-delivery:network"] as ConfigValues), ["existing"]);
    assert.ok(engineConfig(mended));
  });
});

describe("what is right is taken", () => {
  it("as a key in a secret, a provider's own key, and 350 secrets", async () => {
    await stackGraph("dev", { changes: container({ secrets: { DB: `${SECRET}:password::`, WHOLE: SECRET } }) });
    await stackGraph("dev", { changes: { "aws:profile": "shop" } });
    const graph = await stackGraph("dev", { changes: container({ secrets: variables(350, "/a") }) });
    assert.equal(graph.count("aws:ecs/taskDefinition:TaskDefinition"), 1);
  });

  it("as repositories whose names are the same without slashes, or a build's", async () => {
    const from = (provider: ConfigValues, first: string, second: string) => ({
      source: provider,
      services: [
        { name: "api", container: { name: "api" }, sourceRepository: first },
        { name: "web", container: { name: "web" }, sourceRepository: second },
      ],
    });
    const connection = {
      provider: "GitHub",
      connectionArn: "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b",
    };
    const alike = await stackGraph("dev", { changes: from(connection, "a-b/c", "a/b-c") });
    assert.equal(shape(alike.only(PIPELINE))[0], "Source: a-b-c a-b-c-2");
    const build = await stackGraph("dev", { changes: from({ provider: "CodeCommit" }, "api-image", "web") });
    assert.equal(shape(build.only(PIPELINE))[0], "Source: api-image-source web");
    assert.ok(actionOf(build, "api-image"));
  });
});
