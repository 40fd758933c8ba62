import assert from "node:assert/strict";
import type { BlueGreenTargetsArgs } from "../../../components/loadBalancer/args";
import { BlueGreenTargets } from "../../../components/loadBalancer/blueGreenTargets";
import { type Graph, recordGraph } from "../../support/graph";
import { at, list, textAt } from "../../support/read";
import { arn, TEST_NETWORK } from "../../support/service";

const LISTENER = "aws:lb/listener:Listener";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const CERTIFICATE = arn("acm", "certificate/0a1b");

const build = (changes: Partial<BlueGreenTargetsArgs> = {}) =>
  recordGraph(() => {
    const { url, testUrl } = new BlueGreenTargets("api", { network: TEST_NETWORK, containerPort: 8080, ...changes });
    return { url, testUrl };
  });

/** `name port protocol`, and where a listener redirects to. */
const listeners = (graph: Graph) =>
  graph.all(LISTENER).map(({ name, inputs }) => {
    const to = textAt(at(inputs.defaultActions, 0, "redirect", "port"));
    return `${name} ${textAt(inputs.port)} ${textAt(inputs.protocol)}${to && ` -> ${to}`}`;
  });

/** `port from range` of everyone who is admitted by an address. */
const admitted = (graph: Graph) =>
  graph.all(INGRESS).flatMap(({ inputs }) => {
    assert.equal(inputs.fromPort, inputs.toPort);
    return inputs.cidrIpv4 === undefined ? [] : [`${textAt(inputs.toPort)} from ${textAt(inputs.cidrIpv4)}`];
  });

const hostOf = (graph: Graph) => String(graph.only("aws:lb/loadBalancer:LoadBalancer").outputs.dnsName);

describe("another port of the container", () => {
  const ports = async (formerContainerPort: number | undefined) => {
    const graph = await build({ containerPort: 3000, formerContainerPort });
    return [graph.named(EGRESS, "api-to-targets"), graph.named(INGRESS, "api-from-load-balancer")].map(({ inputs }) => [
      inputs.fromPort,
      inputs.toPort,
    ]);
  };

  it("keeps the target groups: each target is registered with its own", async () => {
    const graph = await build({ containerPort: 3000 });
    for (const group of graph.all("aws:lb/targetGroup:TargetGroup")) assert.deepEqual(group.ignoreChanges, ["port"]);
  });

  it("leads to the tasks of before, too, as long as there are any", async () => {
    for (const [former, range] of [
      [undefined, [3000, 3000]],
      [3000, [3000, 3000]],
      [8080, [3000, 8080]],
      [80, [80, 3000]],
    ] as const) {
      assert.deepEqual(await ports(former), [range, range], String(former));
    }
  });
});

describe("BlueGreenTargets without a certificate", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is a load balancer, two listeners, two target groups, two security groups and three rules, and nothing else", () => {
    assert.deepEqual(graph.counts(), {
      "aws:ec2/securityGroup:SecurityGroup": 2,
      [LISTENER]: 2,
      "aws:lb/loadBalancer:LoadBalancer": 1,
      "aws:lb/targetGroup:TargetGroup": 2,
      [EGRESS]: 1,
      [INGRESS]: 2,
    });
  });

  it("serves users on port 80 and testers on 8080", () => {
    assert.deepEqual(listeners(graph), ["api-production 80 HTTP", "api-test 8080 HTTP"]);
    assert.deepEqual(graph.recorded.stackOutputs, {
      url: `http://${hostOf(graph)}`,
      testUrl: `http://${hostOf(graph)}:8080`,
    });
  });

  it("admits everyone to the production listener, and nobody to the test listener", () => {
    assert.deepEqual(admitted(graph), ["80 from 0.0.0.0/0"]);
  });

  it("lets the load balancer reach the container port of its targets, and nothing else", () => {
    const [balancer, targets] = ["api-load-balancer", "api-targets"].map(
      (name) => graph.named("aws:ec2/securityGroup:SecurityGroup", name).id,
    );
    const rules = [...graph.all(EGRESS), ...graph.all(INGRESS).filter(({ inputs }) => inputs.cidrIpv4 === undefined)];
    assert.deepEqual(
      rules.map(({ inputs: { securityGroupId, referencedSecurityGroupId, fromPort, toPort, ipProtocol } }) => ({
        securityGroupId,
        referencedSecurityGroupId,
        fromPort,
        toPort,
        ipProtocol,
      })),
      [
        { securityGroupId: balancer, referencedSecurityGroupId: targets },
        { securityGroupId: targets, referencedSecurityGroupId: balancer },
      ].map((rule) => ({ ...rule, fromPort: 8080, toPort: 8080, ipProtocol: "tcp" })),
    );
  });

  it("has two groups that differ in nothing but their names: either can be the new one", () => {
    const [blue, green] = graph.all("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual(blue?.inputs, green?.inputs);
    assert.equal(blue?.inputs.targetType, "ip");
    assert.equal(blue.inputs.port, 8080);
    assert.equal(blue.inputs.deregistrationDelay, 30);
  });

  it("forwards to blue by weight from the start, and leaves the weights to deployments afterwards", () => {
    const [blue, green] = graph.all("aws:lb/targetGroup:TargetGroup").map(({ outputs }) => outputs.arn);
    for (const { inputs, ignoreChanges } of graph.all(LISTENER)) {
      const weights = list(at(inputs.defaultActions, 0, "forward", "targetGroups"));
      assert.deepEqual(weights, [
        { arn: blue, weight: 100 },
        { arn: green, weight: 0 },
      ]);
      assert.deepEqual(ignoreChanges, ["defaultActions"]);
    }
  });

  it("is the parent of all it creates", () => {
    const own = graph.only("ecs-delivery:index:BlueGreenTargets").urn;
    for (const { parent, urn } of graph.resources) assert.ok(urn === own || parent === own, urn);
  });

  it("drops requests that a backend may read in another way than it does", () => {
    const { inputs } = graph.only("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(inputs.dropInvalidHeaderFields, true);
    assert.notEqual(inputs.desyncMitigationMode, "monitor");
  });

  it("stands in the public subnets", () => {
    const { inputs } = graph.only("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(inputs.subnets, ["subnet-a", "subnet-b"]);
    assert.equal(inputs.internal, false);
  });
});

describe("BlueGreenTargets with a certificate", () => {
  let graph: Graph;
  before(async () => {
    graph = await build({ certificateArn: CERTIFICATE });
  });

  it("serves HTTPS on 443 and 8443, and sends port 80 to 443", () => {
    assert.deepEqual(listeners(graph), [
      "api-production 443 HTTPS",
      "api-redirect 80 HTTP -> 443",
      "api-test 8443 HTTPS",
    ]);
    const [url, testUrl] = [`https://${hostOf(graph)}`, `https://${hostOf(graph)}:8443`];
    assert.deepEqual(graph.recorded.stackOutputs, { url, testUrl });
  });

  it("shows the certificate on both listeners that serve, with a policy of TLS 1.2 and later", () => {
    const secure = graph.all(LISTENER).filter(({ inputs }) => inputs.protocol === "HTTPS");
    assert.deepEqual(
      secure.map(({ inputs }) => inputs.certificateArn),
      [CERTIFICATE, CERTIFICATE],
    );
    for (const { inputs } of secure) assert.match(String(inputs.sslPolicy), /^ELBSecurityPolicy-TLS13-1-2-Res-/);
  });

  it("admits everyone to the redirect too, and still nobody to the test listener", () => {
    assert.deepEqual(admitted(graph), ["443 from 0.0.0.0/0", "80 from 0.0.0.0/0"]);
  });

  it("makes the redirect, and admits to it, when production has left its port", () => {
    const dependencies = (type: string, name: string) => graph.named(type, name).dependencies;
    const production = graph.named(LISTENER, "api-production").urn;
    assert.ok(dependencies(LISTENER, "api-redirect").includes(production));
    const rule = graph.named(INGRESS, "api-production-from-0-0-0-0-0").urn;
    assert.ok(dependencies(INGRESS, "api-redirect-from-0-0-0-0-0").includes(rule));
  });

  it("makes none where it is switched off: the step before the certificate is taken away", async () => {
    const without = await build({ certificateArn: CERTIFICATE, redirect: false });
    assert.deepEqual(listeners(without), ["api-production 443 HTTPS", "api-test 8443 HTTPS"]);
    assert.deepEqual(admitted(without), ["443 from 0.0.0.0/0"]);
  });

  it("lets no deployment touch the redirect", () => {
    assert.deepEqual(graph.named(LISTENER, "api-redirect").ignoreChanges, []);
  });
});

describe("BlueGreenTargets' ports and callers", () => {
  it("takes ports of your own, such as 81 and 82", async () => {
    const graph = await build({ productionPort: 81, testPort: 82 });
    assert.deepEqual(listeners(graph), ["api-production 81 HTTP", "api-test 82 HTTP"]);
    assert.equal(graph.recorded.stackOutputs.testUrl, `http://${hostOf(graph)}:82`);
  });

  it("redirects to the port that was chosen, and not at all where port 80 itself serves", async () => {
    const graph = await build({ certificateArn: CERTIFICATE, productionPort: 8443, testPort: 9443 });
    assert.ok(listeners(graph).includes("api-redirect 80 HTTP -> 8443"));
    const at80 = await build({ certificateArn: CERTIFICATE, testPort: 80 });
    assert.deepEqual(listeners(at80), ["api-production 443 HTTPS", "api-test 80 HTTPS"]);
    assert.deepEqual(admitted(at80), ["443 from 0.0.0.0/0"]);
  });

  it("opens the test listener to the ranges given, and to no others", async () => {
    const graph = await build({ testIngressCidrBlocks: ["10.0.0.0/8", "192.0.2.7/32"] });
    assert.deepEqual(admitted(graph), ["80 from 0.0.0.0/0", "8080 from 10.0.0.0/8", "8080 from 192.0.2.7/32"]);
  });

  it("opens the production listener to the ranges given, and to no others", async () => {
    assert.deepEqual(admitted(await build({ ingressCidrBlocks: ["192.0.2.0/24"] })), ["80 from 192.0.2.0/24"]);
    assert.deepEqual(admitted(await build({ ingressCidrBlocks: [] })), []);
  });

  it("stays away from the internet when it is internal", async () => {
    const graph = await build({ internal: true });
    const { inputs } = graph.only("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(inputs.subnets, ["subnet-c", "subnet-d"]);
    assert.equal(inputs.internal, true);
    assert.deepEqual(admitted(graph), ["80 from 10.0.0.0/8", "80 from 172.16.0.0/12", "80 from 192.168.0.0/16"]);
  });

  it("refuses to be deleted where that is wanted", async () => {
    const graph = await build({ deletionProtection: true });
    assert.equal(graph.only("aws:lb/loadBalancer:LoadBalancer").inputs.enableDeletionProtection, true);
  });
});

describe("how a load balancer hands requests on", () => {
  const GROUP = "aws:lb/targetGroup:TargetGroup";
  const args = { network: TEST_NETWORK, containerPort: 8080 };

  it("is AWS's own way where nothing is said", async () => {
    const graph = await recordGraph(() => new BlueGreenTargets("api", args));
    assert.equal(graph.only("aws:lb/loadBalancer:LoadBalancer").inputs.idleTimeout, undefined);
    for (const { inputs } of graph.all(GROUP))
      assert.deepEqual([inputs.stickiness, inputs.slowStart], [undefined, undefined]);
  });

  it("is as it is said, for both groups alike, and stickiness can be taken back", async () => {
    const asked = { ...args, idleTimeoutSeconds: 300, stickinessSeconds: 3600, slowStartSeconds: 60 };
    const graph = await recordGraph(() => new BlueGreenTargets("api", asked));
    assert.equal(graph.only("aws:lb/loadBalancer:LoadBalancer").inputs.idleTimeout, 300);
    for (const { inputs } of graph.all(GROUP)) {
      assert.deepEqual(inputs.stickiness, { enabled: true, type: "lb_cookie", cookieDuration: 3600 });
      assert.equal(inputs.slowStart, 60);
    }
    const back = await recordGraph(() => new BlueGreenTargets("api", { ...args, stickinessSeconds: 0 }));
    for (const { inputs } of back.all(GROUP)) assert.equal(at(inputs.stickiness, "enabled"), false);
  });
});
