import assert from "node:assert/strict";
import { makeServiceLinkedRole, SERVICE_LINKED_ROLES } from "../../components/iam/serviceLinkedRoleNames";
import { expectServiceLinkedRole } from "../../components/iam/serviceLinkedRoles";
import { serviceLinkedRolesOf } from "../../model/graph/serviceLinkedRoles";
import { exampleGraph, service, stackGraph, stackRefusal } from "../support/stack";

const ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole";
const graphOf = (changes: Readonly<Record<string, unknown>> = {}) => stackGraph("dev", { changes });
const made = async (changes: Readonly<Record<string, unknown>>) =>
  (await graphOf(changes)).all(ROLE).map(({ inputs }) => inputs.awsServiceName);

describe("serviceLinkedRoles", () => {
  it("are AWS's to make where nothing is said, and the preview knows which a stack takes", async () => {
    assert.deepEqual(await made({}), []);
    assert.deepEqual(serviceLinkedRolesOf((await graphOf()).recorded), [
      "AWSServiceRoleForECS",
      "AWSServiceRoleForElasticLoadBalancing",
    ]);
    const scaled = { services: service("dev", { scaling: { minCapacity: 1, maxCapacity: 2 } }) };
    assert.ok(
      serviceLinkedRolesOf((await graphOf(scaled)).recorded).includes(
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
      ),
    );
    assert.deepEqual(serviceLinkedRolesOf((await exampleGraph("bring-your-own", "qa")).recorded), []);
  });

  it("are made before what takes them, each once, and only those that are taken", async () => {
    const changes = { serviceLinkedRoles: "created", notificationEmails: ["team@example.com"] };
    const expected = ["ecs", "loadBalancing", "notifications"] as const;
    assert.deepEqual((await made(changes)).sort(), expected.map((use) => SERVICE_LINKED_ROLES[use].principal).sort());
    const graph = await graphOf(changes);
    const [ecs] = graph.all(ROLE).filter(({ name }) => name === "dev-ecs");
    assert.ok(graph.only("aws:ecs/cluster:Cluster").dependencies.includes(ecs?.urn ?? ""), "the cluster waits");
    assert.deepEqual(serviceLinkedRolesOf(graph.recorded), []);
  });

  it("are made for scaling where something scales", async () => {
    const changes = {
      serviceLinkedRoles: "created",
      services: service("dev", { scaling: { minCapacity: 1, maxCapacity: 2 } }),
    };
    assert.ok((await made(changes)).includes("ecs.application-autoscaling.amazonaws.com"));
  });

  it("are looked for and not made when they are checked", async () => {
    const changes = { serviceLinkedRoles: "checked" };
    assert.deepEqual(await made(changes), []);
    assert.equal((await graphOf(changes)).count("aws:ecs/cluster:Cluster"), 1);
  });

  it("stop what takes them where one is missing, with the command that makes it", () => {
    assert.deepEqual(expectServiceLinkedRole("ecs", ["AWSServiceRoleForECS"]), []);
    assert.throws(
      () => expectServiceLinkedRole("loadBalancing", []),
      /no service-linked role AWSServiceRoleForElasticLoadBalancing.*make it once: aws iam create-service-linked-role --aws-service-name elasticloadbalancing\.amazonaws\.com, or set serviceLinkedRoles: created/,
    );
    assert.equal(
      makeServiceLinkedRole("ecs"),
      "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
    );
  });

  it("are checked or created, nothing else", async () => {
    assert.match(
      await stackRefusal("dev", { serviceLinkedRoles: "maybe" }),
      /ecs-delivery:serviceLinkedRoles: expected one of checked, created, got "maybe"/,
    );
  });
});
