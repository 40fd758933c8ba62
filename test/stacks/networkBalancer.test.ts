import assert from "node:assert/strict";
import { BlueGreenTargets } from "../../components/loadBalancer/blueGreenTargets";
import { findingsOf } from "../../preview/rules";
import { type Graph, refusal } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, json, list } from "../support/read";
import { TEST_NETWORK } from "../support/service";
import { exampleGraph, stackGraph, stackRefusal } from "../support/stack";

const LISTENER = "aws:lb/listener:Listener";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const SERVICE = "aws:ecs/service:Service";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";

const broker = (changes: ConfigValues = {}) => ({
  name: "broker",
  container: { name: "broker", port: 1883 },
  loadBalancer: { type: "network" },
  ...changes,
});
const web = { name: "web", container: { name: "web", port: 3000 } };
const graphOf = (deployment: unknown, services: readonly unknown[] = [broker()], more: ConfigValues = {}) =>
  stackGraph("dev", { changes: { deployment, services, ...more } });

describe("a network load balancer", () => {
  let graph: Graph;
  before(async () => {
    graph = await graphOf("ecsBlueGreen");
  });

  it("hands on connections from the container's own port", () => {
    const { inputs } = graph.only("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(
      [
        inputs.loadBalancerType,
        inputs.enableCrossZoneLoadBalancing,
        inputs.idleTimeout,
        inputs.dropInvalidHeaderFields,
      ],
      ["network", true, undefined, undefined],
    );
    assert.equal(list(inputs.securityGroups).length, 1);
    const listeners = graph.all(LISTENER).map(({ name, inputs: { port, protocol } }) => [name, port, protocol]);
    assert.deepEqual(listeners, [
      ["broker-production", 1883, "TCP"],
      ["broker-test", 1884, "TCP"],
    ]);
    assert.deepEqual(findingsOf(graph.recorded), []);
    assert.match(String(at(graph.recorded.stackOutputs, "services", "broker", "url")), /^tcp:\/\/broker-.*:1883$/);
  });

  it("asks tasks by a connection, and by a request where there is a path", async () => {
    for (const { inputs } of graph.all(GROUP)) {
      assert.deepEqual([inputs.protocol, inputs.protocolVersion, inputs.slowStart], ["TCP", undefined, undefined]);
      const { protocol, path, matcher } = inputs.healthCheck as Record<string, unknown>;
      assert.deepEqual([protocol, path, matcher], ["TCP", undefined, undefined]);
    }
    const asked = await graphOf("rolling", [broker({ healthCheck: { path: "/healthz" } })]);
    const { protocol, path, matcher } = asked.named(GROUP, "broker-blue").inputs.healthCheck as Record<string, unknown>;
    assert.deepEqual([protocol, path, matcher], ["HTTP", "/healthz", "200-299"]);
  });

  it("has listeners, and no rules, in which ECS moves traffic by its own strategies", async () => {
    for (const strategy of ["ecsBlueGreen", "ecsLinear", "ecsCanary"]) {
      const moved = await graphOf(strategy);
      assert.equal(moved.count("aws:lb/listenerRule:ListenerRule"), 0);
      const [balancer] = list(moved.only(SERVICE).inputs.loadBalancers);
      const { productionListenerRule, testListenerRule } = at(balancer, "advancedConfiguration") as Record<
        string,
        unknown
      >;
      assert.equal(productionListenerRule, moved.named(LISTENER, "broker-production").outputs.arn);
      assert.equal(testListenerRule, moved.named(LISTENER, "broker-test").outputs.arn);
      const policy = moved.named("aws:iam/rolePolicy:RolePolicy", "broker-infrastructure").inputs.policy;
      assert.doesNotMatch(String(policy), /ModifyRule/);
      assert.match(JSON.stringify(json(policy, "Statement")), /ModifyListener/);
      assert.deepEqual(findingsOf(moved.recorded), []);
    }
  });

  it("rolls, and is CodeDeploy's at once", async () => {
    for (const strategy of ["rolling", "codeDeployBlueGreen"]) {
      const other = await graphOf(strategy);
      const found = findingsOf(other.recorded).filter(({ level }) => level !== "notice");
      assert.deepEqual(found, []);
      assert.equal(at(list(other.only(SERVICE).inputs.loadBalancers)[0], "advancedConfiguration"), undefined);
    }
  });

  it("is watched for tasks that do not serve, because it sees no status", () => {
    const alarms = graph.all(ALARM).map(({ name, inputs }) => [name, inputs.namespace, inputs.metricName]);
    assert.deepEqual(alarms, [
      ["broker-blue-unhealthy", "AWS/NetworkELB", "UnHealthyHostCount"],
      ["broker-green-unhealthy", "AWS/NetworkELB", "UnHealthyHostCount"],
    ]);
    assert.match(String(at(graph.all(ALARM)[0]?.inputs.dimensions, "LoadBalancer")), /^net\/broker-/);
  });

  it("speaks TLS with a certificate, and nothing redirects", async () => {
    const secure = await exampleGraph("network-load-balancer", "dev");
    const { inputs } = secure.named(LISTENER, "broker-production");
    assert.deepEqual([inputs.protocol, inputs.port], ["TLS", 8883]);
    assert.match(String(inputs.sslPolicy), /^ELBSecurityPolicy-TLS13/);
    assert.deepEqual(
      secure.all(LISTENER).map(({ name }) => name),
      ["broker-production", "broker-test", "web-production", "web-test"],
    );
    assert.equal(at(secure.recorded.stackOutputs, "services", "broker", "url"), "tls://mqtt.example.com:8883");
    const usual = await graphOf("rolling", [
      broker({ loadBalancer: { type: "network", certificateArn: CERTIFICATE } }),
    ]);
    assert.equal(usual.named(LISTENER, "broker-production").inputs.port, 443);
  });

  it("takes nothing about HTTP from the stack", async () => {
    const keys = { loadBalancer: { idleTimeoutSeconds: 90, slowStartSeconds: 60, deregistrationDelaySeconds: 10 } };
    const beside = await graphOf("rolling", [web, broker()], keys);
    const [group, other] = ["broker-blue", "web-blue"].map((name) => beside.named(GROUP, name).inputs);
    assert.deepEqual([group?.slowStart, group?.deregistrationDelay], [undefined, 10]);
    assert.deepEqual([other?.slowStart, other?.deregistrationDelay], [60, 10]);
  });

  it("writes no access log: it has requests of TLS alone", async () => {
    const logged = await graphOf("rolling", [web, broker()], { accessLogs: true });
    const logs = logged.all("aws:lb/loadBalancer:LoadBalancer").map(({ inputs }) => inputs.accessLogs !== undefined);
    assert.deepEqual(logs, [false, true]);
    assert.deepEqual(findingsOf(logged.recorded), []);
  });
});

describe("beside a network load balancer is refused", () => {
  const cases: Readonly<Record<string, readonly [changes: ConfigValues, message: RegExp]>> = {
    "a web ACL": [
      {
        services: [
          broker({
            loadBalancer: { type: "network", webAclArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/0a1b" },
          }),
        ],
      },
      /services\[0\]\.loadBalancer\.webAclArn: expected nothing: a network load balancer hands on connections[\s\S]*config rm/,
    ],
    "a setting of the stack's network load balancers": [
      { loadBalancer: { type: "network", stickinessSeconds: 60 }, services: [broker({ loadBalancer: undefined })] },
      /ecs-delivery:loadBalancer\.stickinessSeconds: expected nothing/,
    ],
    "a protocol version": [
      {
        services: [broker({ loadBalancer: { type: "network", protocolVersion: "GRPC", certificateArn: CERTIFICATE } })],
      },
      /services\[0\]\.loadBalancer\.protocolVersion: expected nothing/,
    ],
    "scaling by requests": [
      {
        deployment: "rolling",
        services: [broker({ scaling: { minCapacity: 1, maxCapacity: 2, targetRequestsPerMinute: 60 } })],
      },
      /scaling\.targetRequestsPerMinute: expected nothing: a network load balancer counts no requests/,
    ],
    "a rule": [
      {
        deployment: "rolling",
        services: [broker(), { ...web, loadBalancerOf: "broker", listenerRule: { paths: ["/a"] } }],
      },
      /services\[1\]\.loadBalancerOf: expected nothing: no other service has an application load balancer/,
    ],
    "steps of CodeDeploy": [
      {
        deployment: {
          strategy: "codeDeployBlueGreen",
          trafficRouting: { type: "TimeBasedCanary", percentage: 10, intervalInMinutes: 5 },
        },
        services: [broker()],
      },
      /deployment\.trafficRouting: expected AllAtOnce: .*in no steps[\s\S]*config rm .*deployment\.trafficRouting'/,
    ],
    "what takes longer than the deploy action waits": [
      { deployment: { strategy: "ecsCanary", bakeTimeInMinutes: 30 }, services: [broker()] },
      /deployment: expected shorter steps and bake time: .*"broker" follows they take 65/,
    ],
    "one port for both listeners": [
      { services: [broker({ loadBalancer: { type: "network", testPort: 1883 } })] },
      /services\[0\]\.loadBalancer\.testPort: expected another port than the production port, 1883/,
    ],
  };
  for (const [what, [changes, message]] of Object.entries(cases)) {
    it(what, async () => assert.match(await stackRefusal("dev", { deployment: "ecsBlueGreen", ...changes }), message));
  }

  it("what is about HTTP, by the component, too", async () => {
    const args = { network: TEST_NETWORK, containerPort: 1883, type: "network", slowStartSeconds: 60 } as const;
    assert.match(
      await refusal(() => new BlueGreenTargets("broker", args)),
      /slowStartSeconds: expected nothing, which a network load balancer does not do/,
    );
  });
});

describe("a network load balancer told of HTTP", () => {
  it("says all that it does not know at once, each once", async () => {
    const loadBalancer = { type: "network", idleTimeoutSeconds: 30, protocolVersion: "HTTP2", slowStartSeconds: 60 };
    const text = await stackRefusal("dev", { deployment: "rolling", services: [broker({ loadBalancer })] });
    const said = [...text.matchAll(/services\[0\]\.loadBalancer\.(\w+): expected (\w+)/g)].map(([, key, what]) => [
      key,
      what,
    ]);
    assert.deepEqual(said.sort(), [
      ["idleTimeoutSeconds", "nothing"],
      ["protocolVersion", "nothing"],
      ["slowStartSeconds", "nothing"],
    ]);
  });
});
