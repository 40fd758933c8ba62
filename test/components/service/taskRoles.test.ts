import assert from "node:assert/strict";
import { placeOf } from "../../../components/arn";
import { isSecretsManager, parameterArn, secretArn } from "../../../components/iam/secrets";
import type { Graph } from "../../support/graph";
import { allowed, json, resolved } from "../../support/read";
import { arn, serviceGraph } from "../../support/service";

const SECRET = arn("secretsmanager", "secret:prod/db-AbCdEf");
const SHARED = "arn:aws:ssm:eu-west-1:999900001111:parameter/shared/key";

describe("secrets of a container", () => {
  let graph: Graph;
  before(async () => {
    const secrets = {
      TOKEN: "/shop/token",
      PLAIN: "flat-name",
      SHARED,
      WHOLE: SECRET,
      PASSWORD: `${SECRET}:password::`,
      USER: `${SECRET}:user:AWSCURRENT:`,
    };
    graph = await serviceGraph({ container: { name: "api", secrets } });
  });

  it("are handed to ECS as they were written, JSON key and all", () => {
    const task = graph.only("aws:ecs/taskDefinition:TaskDefinition");
    assert.deepEqual(json(task.inputs.containerDefinitions, 0, "secrets"), [
      { name: "PASSWORD", valueFrom: `${SECRET}:password::` },
      { name: "PLAIN", valueFrom: "flat-name" },
      { name: "SHARED", valueFrom: SHARED },
      { name: "TOKEN", valueFrom: "/shop/token" },
      { name: "USER", valueFrom: `${SECRET}:user:AWSCURRENT:` },
      { name: "WHOLE", valueFrom: SECRET },
    ]);
  });

  it("are what the execution role may read, and no other", () => {
    const reads = allowed(graph.statements("api-execution")).filter((line) => /^(ssm|secretsmanager|kms):/.test(line));
    assert.deepEqual(
      [...new Set(reads)],
      [
        `secretsmanager:GetSecretValue ${SECRET}`,
        `ssm:GetParameters ${arn("ssm", "parameter/flat-name")}`,
        `ssm:GetParameters ${arn("ssm", "parameter/shop/token")}`,
        `ssm:GetParameters ${SHARED}`,
      ].sort(),
    );
  });

  it("are nothing to the application's own role", () => {
    assert.deepEqual(graph.statements("api-task"), []);
  });

  it("need no permission where there are none, or only of one kind", async () => {
    const actions = async (secrets?: Record<string, string>) => {
      const other = await serviceGraph({ container: { name: "api", ...(secrets && { secrets }) } });
      return other
        .statements("api-execution")
        .flatMap(({ Action }) => Action)
        .filter((action) => /^s/.test(action));
    };
    assert.deepEqual(await actions(), []);
    assert.deepEqual(await actions({ A: "/a" }), ["ssm:GetParameters"]);
    assert.deepEqual(await actions({ A: SECRET }), ["secretsmanager:GetSecretValue"]);
  });
});

describe("images in another registry", () => {
  const repositoryUrl = "docker.io/acme/api";
  const actions = (graph: Graph) => graph.statements("api-execution").flatMap(({ Action }) => Action);

  it("are pulled with a secret, which the execution role may read, and no permission of ECR", async () => {
    const graph = await serviceGraph({ repository: { repositoryUrl, pullSecretArn: SECRET } });
    const reads = allowed(graph.statements("api-execution")).filter((line) => !line.startsWith("logs:"));
    assert.deepEqual(reads, [`secretsmanager:GetSecretValue ${SECRET}`]);
  });

  it("are pulled without where anyone may", async () => {
    const graph = await serviceGraph({ repository: { repositoryUrl } });
    assert.deepEqual(actions(graph), ["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  it("are nothing to a role that is given", async () => {
    const executionRole = { arn: "arn:aws:iam::111122223333:role/execution", name: "execution" };
    const graph = await serviceGraph({ executionRole, repository: { repositoryUrl, pullSecretArn: SECRET } });
    assert.equal(graph.count("aws:iam/rolePolicy:RolePolicy"), 0);
  });
});

describe("names and ARNs of secrets", () => {
  it("are told apart by their ARN, in every partition", () => {
    assert.equal(isSecretsManager("arn:aws-cn:secretsmanager:cn-north-1:1:secret:a-AbCdEf"), true);
    for (const parameter of ["/a", "a", "secretsmanager", SHARED]) assert.equal(isSecretsManager(parameter), false);
  });

  it("become the ARN that a policy needs", async () => {
    assert.equal(secretArn(`${SECRET}:password::`), SECRET);
    assert.equal(secretArn(SECRET), SECRET);
    assert.equal(await resolved(() => parameterArn("/a/b", placeOf())), arn("ssm", "parameter/a/b"));
    assert.equal(await resolved(() => parameterArn("a", placeOf())), arn("ssm", "parameter/a"));
    assert.equal(await resolved(() => parameterArn(SHARED, placeOf())), SHARED);
  });

  it("are read by tasks of this account only", async () => {
    const graph = await serviceGraph();
    for (const { inputs } of graph.all("aws:iam/role:Role")) {
      assert.deepEqual(json(inputs.assumeRolePolicy, "Statement"), [
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:*" },
          },
        },
      ]);
    }
  });
});
