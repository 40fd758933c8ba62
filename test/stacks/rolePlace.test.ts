import assert from "node:assert/strict";
import { lookAhead } from "../../model/update/lookAhead";
import type { Graph } from "../support/graph";
import { at, json, list, textAt } from "../support/read";
import { exampleGraph, stackGraph, stackRefusal } from "../support/stack";

const ROLE = "aws:iam/role:Role";
const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
const paths = (graph: Graph) => [...new Set(graph.all(ROLE).map(({ inputs }) => inputs.path))];

describe("the roles of a stack", () => {
  it("are all in the path of the stack", async () => {
    assert.deepEqual(paths(await stackGraph("prod")), ["/ecs-delivery/prod/"]);
    assert.deepEqual(paths(await exampleGraph("two-accounts", "production")), ["/ecs-delivery/production/"]);
    assert.deepEqual(paths(await exampleGraph("code-deploy-blue-green", "dev")), ["/ecs-delivery/dev/"]);
  });

  it("stay where they are where the stack says so", async () => {
    assert.deepEqual(paths(await stackGraph("prod", { changes: { rolePath: "/" } })), ["/"]);
  });

  it("carry the boundary, all of them, and none where there is none", async () => {
    const of = async (changes: Readonly<Record<string, unknown>>) =>
      new Set((await stackGraph("prod", { changes })).all(ROLE).map(({ inputs }) => inputs.permissionsBoundary));
    assert.deepEqual([...(await of({ permissionsBoundary: { existing: BOUNDARY } }))], [BOUNDARY]);
    assert.deepEqual([...(await of({}))], [undefined]);
  });

  it("include policies that one of them has besides", async () => {
    const names = Array.from({ length: 24 }, (_, index) => `service-with-a-long-name-${index}`);
    const services = names.map((name) => ({ name, container: { name: "app" }, unitTests: { commands: ["true"] } }));
    const graph = await stackGraph("prod", { changes: { services, cluster: { existing: "x".repeat(200) } } });
    const policies = graph.all("aws:iam/policy:Policy");
    assert.ok(policies.length > 0);
    for (const { inputs } of policies) assert.equal(inputs.path, "/ecs-delivery/prod/");
  });

  it("are refused a path that IAM would refuse, and a boundary that is no policy", async () => {
    for (const rolePath of ["ecs", "/ecs", "ecs/", "/a b/", "//"]) {
      assert.match(await stackRefusal("prod", { rolePath }), /ecs-delivery:rolePath: expected a path of IAM/, rolePath);
    }
    assert.match(
      await stackRefusal("prod", { permissionsBoundary: { existing: "arn:aws:iam::111122223333:role/x" } }),
      /permissionsBoundary\.existing: expected the ARN of an IAM policy/,
    );
  });
});

describe("the roles of two stacks that deliver together", () => {
  const taken = (graph: Graph) => {
    const stages = list(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.stages);
    const actions = stages.flatMap((stage) => list(at(stage, "actions")));
    return [...new Set(actions.flatMap((action) => at(action, "roleArn") ?? []))];
  };
  const admitted = (graph: Graph, role: string) =>
    textAt(
      at(
        json(graph.named(ROLE, role).inputs.assumeRolePolicy, "Statement", 0),
        "Condition",
        "ArnLike",
        "aws:PrincipalArn",
      ),
    );

  it("are named by one another where they are", async () => {
    const staging = await exampleGraph("two-accounts", "staging");
    const production = await exampleGraph("two-accounts", "production");
    const deploy = production.named(ROLE, "production-deploy");
    assert.deepEqual(taken(staging), [deploy.outputs.arn]);
    assert.equal(admitted(production, "production-deploy"), staging.named(ROLE, "staging-pipeline").outputs.arn);
    assert.match(
      admitted(production, "production-confirm"),
      /:role\/ecs-delivery\/staging\/staging-confirm-production$/,
    );
  });

  it("are named in another path where the other stack has them", async () => {
    const production = await exampleGraph("two-accounts", "production");
    const given = production.named(ROLE, "production-deploy");
    assert.match(textAt(given.outputs.arn), /role\/ecs-delivery\/production\//);
    const { exampleValues } = await import("../support/stack");
    const { releaseTo } = Object.fromEntries(
      Object.entries(exampleValues("two-accounts", "staging")).map(([key, value]) => [key.split(":")[1], value]),
    ) as { releaseTo: object };
    const staging = await exampleGraph("two-accounts", "staging", { releaseTo: { ...releaseTo, rolePath: "/" } });
    assert.deepEqual(taken(staging), ["arn:aws:iam::444455556666:role/production-deploy"]);
  });
});

describe("roles that move", () => {
  const found = (before: Graph, after: Graph) =>
    lookAhead(before.recorded, after.recorded).findings.filter(({ level }) => level !== "notice");

  it("are made anew while ECS replaces the tasks", async () => {
    const before = await exampleGraph("rolling", "dev", { rolePath: "/" });
    assert.deepEqual(found(before, await exampleGraph("rolling", "dev")), []);
  });

  it("are found while tasks run in them that CodeDeploy alone replaces, with the way to keep them", async () => {
    const before = await exampleGraph("code-deploy-blue-green", "dev", { rolePath: "/" });
    const findings = found(before, await exampleGraph("code-deploy-blue-green", "dev"));
    assert.deepEqual([...new Set(findings.map(({ level, rule }) => `${level} ${rule}`))], ["error role-in-use"]);
    const [first] = findings;
    assert.match(
      first?.message ?? "",
      /^aws\.iam\.Role "\S+": it is deleted while the tasks of \S+ run in it, which CodeDeploy/,
    );
    assert.equal(first?.steps?.[0], "leave the roles where they are: pulumi config set 'ecs-delivery:rolePath' '/'");
    assert.deepEqual(found(before, before), []);
  });
});
