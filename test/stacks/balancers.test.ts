import assert from "node:assert/strict";
import type { ConfigValues } from "../support/pulumiConfig";
import { stackGraph, stackRefusal } from "../support/stack";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/b/c";

const api = (changes: ConfigValues = {}) => ({ name: "api", container: { name: "api", port: 8080 }, ...changes });
const admin = (changes: ConfigValues = {}) => ({ name: "admin", container: { name: "admin", port: 3000 }, ...changes });

describe("a load balancer of each service", () => {
  const changes = {
    loadBalancer: { certificateArn: CERTIFICATE, idleTimeoutSeconds: 120 },
    services: [api(), admin({ loadBalancer: { internal: true, productionPort: 8444 } })],
  };

  it("is public or internal, each by itself", async () => {
    const graph = await stackGraph("dev", { changes });
    const internal = graph.all(BALANCER).map(({ name, inputs }) => [name, inputs.internal, inputs.idleTimeout]);
    assert.deepEqual(internal, [
      ["admin", true, 120],
      ["api", false, 120],
    ]);
    const subnets = graph.all(BALANCER).map(({ inputs }) => inputs.subnets);
    assert.notDeepEqual(subnets[0], subnets[1]);
  });

  it("takes from the stack what it does not say", async () => {
    const graph = await stackGraph("dev", { changes });
    const listener = graph.all("aws:lb/listener:Listener").find(({ name }) => name === "admin-production");
    assert.deepEqual([listener?.inputs.port, listener?.inputs.certificateArn], [8444, CERTIFICATE]);
    const clients = graph
      .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ name }) => /^(?:api|admin)-production-from/.test(name))
      .map(({ name, inputs }) => [name, inputs.fromPort]);
    assert.deepEqual(clients, [
      ["admin-production-from-10-0-0-0-8", 8444],
      ["admin-production-from-172-16-0-0-12", 8444],
      ["admin-production-from-192-168-0-0-16", 8444],
      ["api-production-from-0-0-0-0-0", 443],
    ]);
  });

  it("needs public subnets where one is public", async () => {
    const zones = { "eu-west-1a": "subnet-0a1b2c3d", "eu-west-1b": "subnet-1a2b3c4d" };
    const network = { existing: { vpcId: "vpc-0a1b2c3d", privateSubnets: zones } };
    const services = [api({ loadBalancer: { internal: true } }), admin()];
    assert.match(await stackRefusal("dev", { network, services }), /publicSubnets: expected zone to subnet/);
    const inside = [api({ loadBalancer: { internal: true } }), admin({ loadBalancer: { internal: true } })];
    const graph = await stackGraph("dev", { changes: { network, services: inside } });
    assert.equal(graph.all(BALANCER).length, 2);
    const stack = await stackRefusal("dev", {
      network,
      loadBalancer: { internal: true },
      services: [api({ loadBalancer: { internal: false } })],
    });
    assert.match(stack, /publicSubnets/);
  });

  it("is not described where none is made", async () => {
    const worker = [api(), { name: "jobs", container: { name: "jobs" }, loadBalancer: { internal: true } }];
    assert.match(
      await stackRefusal("dev", { services: worker }),
      /services\[1\]\.loadBalancer: expected nothing: no load balancer[\s\S]*config rm .*services\[1\]\.loadBalancer'/,
    );
    const targets = { shared: { listener: LISTENER, hosts: ["a.example.com"], targetSecurityGroup: "sg-1" } };
    const shared = [api({ targets, loadBalancer: { stickinessSeconds: 60, internal: true } })];
    assert.match(
      await stackRefusal("dev", { services: shared }),
      /services\[0\]\.loadBalancer\.internal: expected nothing: the load balancer is another stack's/,
    );
  });

  it("says of a share how its target groups hand on requests", async () => {
    const targets = { shared: { listener: LISTENER, hosts: ["a.example.com"], targetSecurityGroup: "sg-1" } };
    const graph = await stackGraph("dev", {
      changes: {
        loadBalancer: { deregistrationDelaySeconds: 10, slowStartSeconds: 40 },
        services: [api({ targets, loadBalancer: { slowStartSeconds: 60 } })],
      },
    });
    const group = graph.all("aws:lb/targetGroup:TargetGroup")[0]?.inputs;
    assert.deepEqual([group?.deregistrationDelay, group?.slowStart], [10, 60]);
  });
});
