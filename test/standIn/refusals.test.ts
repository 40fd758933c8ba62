import assert from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TYPES } from "../../model/graph/resources";
import { StandInAws } from "../engine/standIn/awsProvider";
import { INGRESS } from "../model/shop";

type Inputs = Readonly<Record<string, unknown>>;

const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const forward = (...arns: readonly string[]) => [
  { type: "forward", forward: { targetGroups: arns.map((arn, index) => ({ arn, weight: index === 0 ? 100 : 0 })) } },
];

describe("the stand-in for AWS", () => {
  let folder = "";
  let aws: StandInAws;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stand-in-"));
    aws = new StandInAws(join(folder, "cloud.json"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Creates a resource, and gives what changes and deletes it. */
  const make = async (type: string, name: string, inputs: Inputs) => {
    const urn = urnOf(type, name);
    const { id, outs } = (await aws.create(urn, inputs)) as { id: string; outs: Inputs };
    return {
      id,
      change: (news: Inputs) => aws.update(id, urn, outs, { ...inputs, ...news }),
      remove: () => aws.delete(id, urn),
      diff: async (news: Inputs) => aws.diff(id, urn, inputs, { ...inputs, ...news }),
    };
  };
  const refused = (ask: () => Promise<unknown>, words: RegExp) => assert.rejects(async () => ask(), words);
  const group = (name: string) => make(TYPES.targetGroup, name, { port: 8080, vpcId: "vpc-1" });
  const listener = (name: string, port: number, ...arns: readonly string[]) =>
    make(TYPES.listener, name, { loadBalancerArn: "arn:loadbalancer/a", port, defaultActions: forward(...arns) });
  const service = (groupArn: string, more: Inputs = {}) =>
    make(TYPES.service, "api", {
      name: "api",
      cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/dev",
      loadBalancers: [{ targetGroupArn: groupArn, containerName: "api", containerPort: 8080 }],
      ...more,
    });

  it("refuses a service in a target group that no load balancer leads to, made or moved there", async () => {
    const [blue, loose] = [await group("blue"), await group("loose")];
    await listener("production", 80, blue.id);
    await refused(() => service(loose.id), /does not have an associated load balancer/);
    const api = await service(blue.id);
    const entry = { containerName: "api", containerPort: 8080, targetGroupArn: loose.id };
    await refused(() => api.change({ loadBalancers: [entry] }), /does not have an associated load balancer/);
    await listener("other", 81, loose.id);
    await api.change({ loadBalancers: [entry] });
  });

  it("refuses two listeners on a port of one load balancer", async () => {
    const blue = await group("blue");
    const production = await listener("production", 80, blue.id);
    await refused(() => listener("redirect", 80, blue.id), /DuplicateListener: .* port 80/);
    const test = await listener("test", 8080, blue.id);
    await refused(() => test.change({ port: 80 }), /DuplicateListener/);
    await production.change({ port: 443 });
    await listener("redirect", 80, blue.id);
  });

  it("refuses a target group on two load balancers", async () => {
    const blue = await group("blue");
    await listener("production", 80, blue.id);
    const elsewhere = { loadBalancerArn: "arn:loadbalancer/b", port: 80, defaultActions: forward(blue.id) };
    await refused(() => make(TYPES.listener, "other", elsewhere), /TargetGroupAssociationLimit/);
  });

  it("refuses to delete a target group that a listener or a rule leads to", async () => {
    const [blue, green] = [await group("blue"), await group("green")];
    const production = await listener("production", 80, blue.id, green.id);
    await refused(() => green.remove(), /ResourceInUse/);
    await production.remove();
    await green.remove();
  });

  it("refuses other capacity without a forced deployment", async () => {
    const blue = await group("blue");
    await listener("production", 80, blue.id);
    const spot = { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] };
    const api = await service(blue.id);
    await refused(() => api.diff(spot), /force_new_deployment should be true/);
    await api.diff({ ...spot, forceNewDeployment: true });
  });

  it("refuses what only a CodeDeploy deployment may change", async () => {
    const blue = await group("blue");
    await listener("production", 80, blue.id);
    const api = await service(blue.id, { deploymentController: { type: "CODE_DEPLOY" }, taskDefinition: "api:1" });
    await refused(
      () => api.change({ taskDefinition: "api:2" }),
      /Unable to update taskDefinition on services with a CODE_DEPLOY/,
    );
    await refused(() => api.change({ enableExecuteCommand: true }), /enableExecuteCommand/);
    await api.change({ healthCheckGracePeriodSeconds: 120 });
  });

  it("refuses a strategy that moves traffic where the load balancer's configuration is missing", async () => {
    const blue = await group("blue");
    await listener("production", 80, blue.id);
    const canary = { deploymentConfiguration: { strategy: "CANARY" } };
    const api = await service(blue.id);
    await refused(() => api.change(canary), /advancedConfiguration is required with the CANARY/);
    const entry = { containerName: "api", containerPort: 8080, targetGroupArn: blue.id, advancedConfiguration: {} };
    await api.change({ ...canary, loadBalancers: [entry] });
  });

  it("refuses to delete a security group that something is in", async () => {
    const [blue, tasks] = [await group("blue"), await make(TYPES.securityGroup, "tasks", { vpcId: "vpc-1" })];
    await listener("production", 80, blue.id);
    const api = await service(blue.id, { networkConfiguration: { securityGroups: [tasks.id], subnets: [] } });
    await refused(() => tasks.remove(), /DependencyViolation/);
    await api.remove();
    await tasks.remove();
  });

  it("refuses a container or a port that the task definition does not have", async () => {
    const blue = await group("blue");
    await listener("production", 80, blue.id);
    const containerDefinitions = JSON.stringify([{ name: "api", portMappings: [{ containerPort: 8080 }] }]);
    await make(TYPES.taskDefinition, "api", { family: "api", containerDefinitions });
    const api = await service(blue.id, { taskDefinition: "api:1" });
    const entry = { targetGroupArn: blue.id, containerName: "api", containerPort: 8080 };
    await refused(() => api.change({ loadBalancers: [{ ...entry, containerPort: 1 }] }), /container port 1 defined/);
    await refused(
      () => api.change({ loadBalancers: [{ ...entry, containerName: "web" }] }),
      /container web does not exist/,
    );
  });

  it("refuses a security group's rule twice", async () => {
    const rule = { securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" };
    await make(INGRESS, "production", rule);
    await refused(() => make(INGRESS, "redirect", rule), /InvalidPermission.Duplicate/);
    const other = await make(INGRESS, "redirect", { ...rule, fromPort: 81 });
    await refused(() => other.change({ fromPort: 80 }), /InvalidPermission.Duplicate/);
  });

  it("replaces what AWS cannot change, the old one first where the name is fixed, and gives the new one an id of its own", async () => {
    const blue = await group("blue");
    const { replaces, deleteBeforeReplace } = await blue.diff({ port: 3000 });
    assert.deepStrictEqual([replaces, deleteBeforeReplace], [["port"], false]);
    assert.notStrictEqual((await group("blue")).id, blue.id);
    await listener("production", 80, blue.id);
    const moved = await (await service(blue.id)).diff({ cluster: "other" });
    assert.deepStrictEqual([moved.replaces, moved.deleteBeforeReplace], [["cluster"], true]);
  });
});
