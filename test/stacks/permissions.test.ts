import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { changed } from "../preview/rules/handMade";
import type { Graph } from "../support/graph";
import { at } from "../support/read";
import { stackGraph } from "../support/stack";

const ROLE = "aws:iam/role:Role";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const uploads = { actions: ["s3:GetObject", "s3:PutObject"], resources: ["arn:aws:s3:::acme-uploads/*"] };

/** The first service of dev, with these keys besides. */
const dev = (service: Readonly<Record<string, unknown>>, stack: Readonly<Record<string, unknown>> = {}) =>
  stackGraph("dev", {
    changes: { services: [{ name: "api", container: { name: "api", port: 8080 }, ...service }], ...stack },
  });

const statements = (graph: Graph) => graph.statements("api-task");

describe("permissions of the application", () => {
  it("are its task role's, as they were written, and nobody else's", async () => {
    const conditions = { StringEquals: { "aws:PrincipalOrgID": "o-0a1b" } };
    const graph = await dev({ permissions: [uploads, { ...uploads, actions: ["s3:DeleteObject"], conditions }] });
    assert.deepEqual(statements(graph), [
      { Effect: "Allow", Action: uploads.actions, Resource: uploads.resources },
      { Effect: "Allow", Action: ["s3:DeleteObject"], Resource: uploads.resources, Condition: conditions },
    ]);
    const others = graph.all("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name !== "api-task");
    assert.ok(others.length > 0);
    for (const { name, inputs } of others) assert.doesNotMatch(String(inputs.policy), /acme-uploads/, name);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("may be a managed policy", async () => {
    const graph = await dev({ permissions: [{ managedPolicyArn: S3 }] });
    const { name, inputs } = graph.only(ATTACHMENT);
    assert.equal(name, "api-task-aws-policy-AmazonS3ReadOnlyAccess");
    assert.equal(inputs.policyArn, S3);
    const role = graph.all(ROLE).find((one) => one.name === "api-task");
    assert.equal(inputs.role, role?.id);
    assert.deepEqual(statements(graph), []);
  });

  it("that AWS can narrow are a finding", async () => {
    for (const [permission, says] of [
      [{ actions: ["s3:*"], resources: ["arn:aws:s3:::acme-uploads/*"] }, /every call of s3/],
      [{ actions: ["dynamodb:GetItem"], resources: ["*"] }, /AWS can confine that/],
    ] as const) {
      const graph = await dev({ permissions: [permission] });
      const found = findingsOf(graph.recorded).filter(({ rule }) => rule === "role-too-wide");
      assert.equal(found.length, 1);
      assert.match(found[0]?.message ?? "", says);
    }
  });

  it("are before the service, whose first task may need them", async () => {
    const graph = await dev({ permissions: [uploads, { managedPolicyArn: S3 }] });
    const { dependencies } = graph.only("aws:ecs/service:Service");
    for (const type of [ATTACHMENT, "aws:iam/rolePolicy:RolePolicy"]) {
      const mine = graph.all(type).filter(({ name }) => name.startsWith("api-task"));
      for (const { urn } of mine) assert.ok(dependencies.includes(urn), urn);
    }
  });

  it("are refused with a role that is there already, with what mends it", async () => {
    await assert.rejects(
      dev({ permissions: [uploads], taskRole: { existing: "api-task" } }),
      /services\[0\]\.permissions: expected nothing: a role that is there already is its owner's[\s\S]*config rm .*services\[0\]\.permissions/,
    );
  });

  it("are refused where IAM would, each with what is expected", async () => {
    for (const [permission, says] of [
      [{ actions: ["GetObject"], resources: ["*"] }, /actions\[0\]: expected an action of IAM, like s3:GetObject/],
      [{ actions: [], resources: ["*"] }, /actions: expected a list of actions/],
      [{ actions: ["s3:GetObject"], resources: ["acme-uploads"] }, /resources\[0\]: expected an ARN/],
      [{ actions: ["s3:GetObject"] }, /resources/],
      [{ managedPolicyArn: "AmazonS3ReadOnlyAccess" }, /managedPolicyArn: expected the ARN of a managed policy/],
      [
        { ...uploads, conditions: { StringEqual: { "aws:a": "b" } } },
        /conditions\.StringEqual: expected .*StringEquals/,
      ],
    ] as const) {
      await assert.rejects(dev({ permissions: [permission] }), says);
    }
  });
});

describe("calls that only their beginning names", () => {
  it("are a finding, with the calls that are needed", async () => {
    const { recorded } = await stackGraph("dev");
    const policy = recorded.resources.find(({ type, name }) => /rolePolicy/.test(type) && name === "dev-pipeline");
    const text = String(policy?.inputs.policy);
    assert.ok(text.includes('"ecs:UpdateService"'));
    const graph = changed(recorded, "aws:iam/rolePolicy:RolePolicy", "dev-pipeline", {
      policy: text.replace('"ecs:UpdateService"', '"ecs:U*"'),
    });
    const found = findingsOf(graph).filter(({ rule }) => rule === "not-needed");
    assert.equal(found.length, 1);
    assert.match(found[0]?.message ?? "", /may ecs:U\* on .*, and needs ecs:UpdateService; name the calls/);
  });
});

describe("what is put out of a service", () => {
  it("is what others name: its roles, its tasks' security group, its log group", async () => {
    const graph = await dev({});
    const api = at(graph.recorded.stackOutputs, "services", "api");
    const arnOf = (name: string) => graph.all(ROLE).find((one) => one.name === name)?.outputs.arn;
    assert.equal(at(api, "taskRole"), arnOf("api-task"));
    assert.equal(at(api, "executionRole"), arnOf("api-execution"));
    assert.match(String(at(api, "tasksSecurityGroup")), /^sg-/);
    assert.equal(at(api, "logGroup"), "/ecs/dev-api");
  });
});

describe("outbound of a stack", () => {
  const database = { port: 5432, securityGroupId: "sg-0a1b2c3d", admit: true };
  const rules = (graph: Graph) =>
    graph
      .all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .map(({ name }) => name)
      .filter((name) => /-to-(sg|pl|10)/.test(name));

  it("is for services that say nothing of their own", async () => {
    const graph = await stackGraph("dev", {
      changes: {
        outbound: [database],
        services: [
          { name: "api", container: { name: "api", port: 8080 } },
          {
            name: "worker",
            container: { name: "worker" },
            outbound: [{ port: 6379, cidrBlock: "10.0.0.0/16" }],
          },
        ],
      },
    });
    assert.deepEqual(rules(graph), ["api-to-sg-0a1b2c3d-5432", "worker-to-10-0-0-0-16-6379"]);
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ level }) => level === "error"),
      [],
    );
  });

  it("is refused where it leads nowhere, or cannot admit", async () => {
    await assert.rejects(
      dev({ outbound: [{ port: 1 }] }),
      /outbound\[0\]: expected one of cidrBlock, securityGroupId and/,
    );
    await assert.rejects(
      dev({}, { outbound: [{ port: 1, cidrBlock: "10.0.0.0/16", admit: true }] }),
      /outbound\[0\]\.admit: expected false[\s\S]*outbound\[0\]\.admit' false/,
    );
    await assert.rejects(dev({ outbound: [{ port: 1, securityGroupId: "database" }] }), /expected a security group id/);
  });
});
