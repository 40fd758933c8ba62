import assert from "node:assert/strict";
import type { EcsServiceArgs } from "../../../components/service/args";
import type { Graph } from "../../support/graph";
import { allowed, at, json, list } from "../../support/read";
import { arn, serviceGraph } from "../../support/service";

const SERVICE = "aws:ecs/service:Service";
const containersOf = (graph: Graph) =>
  list(json(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions));
const container: EcsServiceArgs["container"] = { name: "api", port: 8080 };

describe("sidecars of a service", () => {
  const agent = {
    name: "agent",
    image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tools/agent:1.4",
    secrets: { TOKEN: "/tools/token" },
  };

  it("stand after the container that serves, by name, so that their order changes nothing", async () => {
    const zed = { name: "zed", image: "public.ecr.aws/zed:1", essential: false };
    const names = async (sidecars: EcsServiceArgs["sidecars"]) =>
      containersOf(await serviceGraph({ container, sidecars })).map((one) => at(one, "name"));
    assert.deepEqual(await names([zed, agent]), ["api", "agent", "zed"]);
    assert.deepEqual(await names([agent, zed]), ["api", "agent", "zed"]);
  });

  it("have folders of their own, and log beside it", async () => {
    const graph = await serviceGraph({ container, sidecars: [agent] });
    const [api, other] = containersOf(graph);
    assert.deepEqual(at(api, "mountPoints"), [{ sourceVolume: "tmp", containerPath: "/tmp" }]);
    assert.deepEqual(at(other, "mountPoints"), [{ sourceVolume: "agent-tmp", containerPath: "/tmp" }]);
    assert.equal(at(other, "logConfiguration", "options", "awslogs-stream-prefix"), "agent");
    assert.equal(at(other, "essential"), true);
    const { volumes } = graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs;
    assert.deepEqual(volumes, [{ name: "tmp" }, { name: "agent-tmp" }]);
  });

  it("are waited for until they are healthy, or have started", async () => {
    const waits = async (healthCheck?: { command: string }) =>
      at(
        containersOf(await serviceGraph({ container, sidecars: [{ ...agent, startsFirst: true, healthCheck }] }))[0],
        "dependsOn",
      );
    assert.deepEqual(await waits(), [{ containerName: "agent", condition: "START" }]);
    assert.deepEqual(await waits({ command: "/ok" }), [{ containerName: "agent", condition: "HEALTHY" }]);
    const [api] = containersOf(await serviceGraph({ container, sidecars: [agent] }));
    assert.equal(at(api, "dependsOn"), undefined);
  });

  it("are pulled, and get their secrets, in the execution role", async () => {
    const rights = allowed((await serviceGraph({ container, sidecars: [agent] })).statements("api-execution"));
    assert.ok(rights.includes(`ecr:BatchGetImage ${arn("ecr", "repository/tools/agent")}`));
    assert.ok(rights.includes(`ssm:GetParameters ${arn("ssm", "parameter/tools/token")}`));
  });

  it("have names of their own", () =>
    assert.rejects(
      serviceGraph({ container, sidecars: [{ ...agent, name: "api" }] }),
      /sidecars: expected names that differ, got "api" twice/,
    ));
});

describe("a shell in a task", () => {
  it("takes the channel, the session's key and log, in the task's role alone", async () => {
    const key = arn("kms", "key/0a1b");
    const graph = await serviceGraph({ container, executeCommand: { kmsKeyArn: key } });
    assert.equal(graph.only(SERVICE).inputs.enableExecuteCommand, true);
    const group = arn("logs", "log-group:/ecs/api");
    assert.deepEqual(allowed(graph.statements("api-task")), [
      `kms:Decrypt ${key}`,
      ...["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"].flatMap(
        (action) =>
          action === "logs:DescribeLogGroups" ? [`${action} *`] : [`${action} ${group}`, `${action} ${group}:*`],
      ),
      ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (call) => `ssmmessages:${call} *`,
      ),
    ]);
    assert.doesNotMatch(JSON.stringify(graph.statements("api-execution")), /ssmmessages/);
  });

  it("leaves the file system read-only but for the agent's folders", async () => {
    const [api] = containersOf(await serviceGraph({ container, executeCommand: {} }));
    assert.equal(at(api, "readonlyRootFilesystem"), true);
    assert.deepEqual(
      list(at(api, "mountPoints")).map((mount) => at(mount, "containerPath")),
      ["/tmp", "/var/lib/amazon", "/var/log/amazon"],
    );
  });

  it("is not there unless it is asked for, and then the task's role may do nothing", async () => {
    const graph = await serviceGraph({ container });
    assert.equal("enableExecuteCommand" in graph.only(SERVICE).inputs, false);
    assert.deepEqual(graph.statements("api-task"), []);
  });
});

describe("a file system of a service", () => {
  const files = { id: "fs-0a1b", accessPointId: "fsap-0c2d", securityGroupId: "sg-efs" };

  it("is mounted over TLS in the task's role, through its access point alone", async () => {
    const graph = await serviceGraph({ container: { ...container, fileSystems: { "/data": files } } });
    const { volumes } = graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs;
    assert.deepEqual(at(volumes, 1), {
      name: "data",
      efsVolumeConfiguration: {
        fileSystemId: "fs-0a1b",
        transitEncryption: "ENABLED",
        authorizationConfig: { accessPointId: "fsap-0c2d", iam: "ENABLED" },
      },
    });
    const [statement] = graph.statements("api-task");
    assert.deepEqual(at(statement, "Action"), ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]);
    assert.deepEqual(at(statement, "Resource"), [arn("elasticfilesystem", "file-system/fs-0a1b")]);
    assert.deepEqual(at(statement, "Condition", "StringEquals"), {
      "elasticfilesystem:AccessPointArn": arn("elasticfilesystem", "access-point/fsap-0c2d"),
    });
  });

  it("is reached on port 2049 of its own security group, and nowhere else", async () => {
    const graph = await serviceGraph({ container: { ...container, fileSystems: { "/data": files, "/more": files } } });
    const nfs = graph
      .all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs.fromPort === 2049);
    assert.deepEqual(
      nfs.map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.toPort, inputs.cidrIpv4]),
      [["sg-efs", 2049, undefined]],
    );
  });

  it("is read and not written where that is said", async () => {
    const graph = await serviceGraph({
      container: { ...container, fileSystems: { "/data": { ...files, readOnly: true } } },
    });
    assert.deepEqual(at(graph.statements("api-task"), 0, "Action"), ["elasticfilesystem:ClientMount"]);
    assert.equal(at(containersOf(graph)[0], "mountPoints", 1, "readOnly"), true);
  });
});
