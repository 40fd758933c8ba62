import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, list } from "../support/read";
import { exampleGraph, stackGraph, stackRefusal } from "../support/stack";

const RULE = "aws:lb/listenerRule:ListenerRule";
const SERVICE = "aws:ecs/service:Service";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const ZONE = "Z0123456789ABCDEFGHIJ";

const web = (changes: ConfigValues = {}) => ({ name: "web", container: { name: "web", port: 3000 }, ...changes });
const api = (changes: ConfigValues = {}) => ({
  name: "api",
  container: { name: "api", port: 8080 },
  loadBalancerOf: "web",
  listenerRule: { paths: ["/api/*"] },
  ...changes,
});
const graphOf = (services: readonly unknown[], more: ConfigValues = {}) =>
  stackGraph("dev", { changes: { deployment: "ecsBlueGreen", services, ...more } });

describe("services behind one load balancer", () => {
  let graph: Graph;
  before(async () => {
    graph = await exampleGraph("shared-load-balancer", "dev");
  });

  it("have two for four services: a public and an internal one", () => {
    const balancers = graph.all("aws:lb/loadBalancer:LoadBalancer").map(({ name, inputs }) => [name, inputs.internal]);
    assert.deepEqual(balancers, [
      ["admin", true],
      ["web", false],
    ]);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("get requests by a rule of the production and one of the test listener, and deployments shift those", () => {
    for (const name of ["api", "blog"]) {
      const [balancer] = list(graph.named(SERVICE, name).inputs.loadBalancers);
      for (const kind of ["production", "test"]) {
        const rule = graph.named(RULE, `${name}-${kind}`);
        assert.equal(rule.inputs.listenerArn, graph.named("aws:lb/listener:Listener", `web-${kind}`).outputs.arn);
        assert.equal(at(balancer, "advancedConfiguration", `${kind}ListenerRule`), rule.outputs.arn);
        assert.deepEqual(rule.ignoreChanges, ["actions"]);
        assert.ok(graph.named(SERVICE, name).dependencies.includes(rule.urn));
      }
    }
    assert.deepEqual(graph.named(RULE, "api-production").inputs.conditions, [
      { hostHeader: { values: ["shop.example.com"] } },
      { pathPattern: { values: ["/api", "/api/*"] } },
    ]);
  });

  it("come after one another as they ask for less, and the first service last of all", () => {
    const priority = (name: string) => Number(graph.named(RULE, `${name}-production`).inputs.priority);
    assert.ok(priority("api") < priority("blog"));
    assert.equal(priority("web"), 50_000);
    assert.equal(priority("admin"), 100);
    assert.equal(graph.named(RULE, "api-test").inputs.priority, priority("api"));
  });

  it("are reached by the load balancer at their own ports alone", () => {
    const balancer = graph.named("aws:ec2/securityGroup:SecurityGroup", "web-load-balancer").id;
    for (const [name, port] of [
      ["web", 3000],
      ["api", 8080],
      ["blog", 8080],
    ] as const) {
      const out = graph.named("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", `${name}-to-targets`).inputs;
      const into = graph.named(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        `${name}-from-load-balancer`,
      ).inputs;
      assert.deepEqual([out.securityGroupId, into.referencedSecurityGroupId], [balancer, balancer]);
      assert.deepEqual([out.fromPort, out.toPort, into.fromPort, into.toPort], [port, port, port, port]);
      assert.equal(out.referencedSecurityGroupId, into.securityGroupId);
      const groups = list(at(graph.named(SERVICE, name).inputs.networkConfiguration, "securityGroups"));
      assert.ok(groups.includes(into.securityGroupId));
    }
  });

  it("bring a name of their own: its certificate on both listeners, and its record", () => {
    const shown = graph.all("aws:lb/listenerCertificate:ListenerCertificate");
    assert.deepEqual(
      shown.map(({ name }) => name),
      ["blog-production", "blog-test"],
    );
    const certificate = graph.named("aws:acm/certificate:Certificate", "blog-certificate");
    assert.ok(shown.every(({ inputs }) => inputs.certificateArn === certificate.outputs.arn));
    const [alias] = list(graph.named("aws:route53/record:Record", "blog-alias").inputs.aliases);
    assert.equal(at(alias, "name"), graph.named("aws:lb/loadBalancer:LoadBalancer", "web").outputs.dnsName);
  });

  it("have addresses by host and path", () => {
    const address = (name: string, key = "url") => at(graph.recorded.stackOutputs, "services", name, key);
    assert.equal(address("web"), "https://shop.example.com");
    assert.equal(address("api"), "https://shop.example.com/api");
    assert.equal(address("api", "testUrl"), "https://shop.example.com:8443/api");
    assert.equal(address("blog"), "https://blog.example.com");
    assert.match(String(address("admin")), /^http:\/\/internal-admin-/);
  });

  it("are guarded by alarms about the load balancer that they share", () => {
    const alarm = graph.named("aws:cloudwatch/metricAlarm:MetricAlarm", "api-blue-unhealthy").inputs.dimensions;
    assert.match(String(at(alarm, "LoadBalancer")), /^app\/web-/);
    assert.match(String(at(alarm, "TargetGroup")), /^targetgroup\/api-blue-/);
  });

  it("can all be rolling, and count their own requests", async () => {
    const scaling = { minCapacity: 1, maxCapacity: 3, targetRequestsPerMinute: 600 };
    // The first service may come later in the file.
    const rolled = await graphOf([api({ scaling }), web()], { deployment: "rolling" });
    assert.deepEqual(
      rolled.all(RULE).map(({ name }) => name),
      ["api-production", "api-test"],
    );
    const policy = rolled.named("aws:appautoscaling/policy:Policy", "api-requests").inputs;
    const label = at(
      policy,
      "targetTrackingScalingPolicyConfiguration",
      "predefinedMetricSpecification",
      "resourceLabel",
    );
    assert.match(String(label), /^app\/web-[^/]+\/[^/]+\/targetgroup\/api-blue-/);
    assert.equal(at(list(rolled.named(SERVICE, "api").inputs.loadBalancers)[0], "advancedConfiguration"), undefined);
    assert.deepEqual(findingsOf(rolled.recorded), []);
  });

  it("take the stack's certificate for all names, or show another one besides", async () => {
    const domain = { name: "blog.example.com", hostedZoneId: ZONE };
    const services = (changes: ConfigValues) => [web(), api({ listenerRule: undefined, domain, ...changes })];
    const keys = { loadBalancer: { certificateArn: CERTIFICATE } };
    const covered = await graphOf(services({}), keys);
    assert.equal(covered.count("aws:acm/certificate:Certificate"), 0);
    assert.equal(covered.count("aws:lb/listenerCertificate:ListenerCertificate"), 0);
    const other = await graphOf(services({ loadBalancer: { certificateArn: `${CERTIFICATE}2` } }), keys);
    const shown = other.all("aws:lb/listenerCertificate:ListenerCertificate");
    assert.deepEqual(
      shown.map(({ inputs }) => inputs.certificateArn),
      [`${CERTIFICATE}2`, `${CERTIFICATE}2`],
    );
  });
});

describe("services behind one load balancer are refused", () => {
  const cases: Readonly<Record<string, readonly [services: readonly unknown[], message: RegExp, keys?: ConfigValues]>> =
    {
      "with a service that has none": [
        [web(), api({ loadBalancerOf: "wed" })],
        /services\[1\]\.loadBalancerOf: expected the name of another service with an application load balancer of its own \(web\), got "wed"\n.*loadBalancerOf' web/,
      ],
      "with themselves": [
        [web({ loadBalancerOf: "web" }), api({ loadBalancerOf: undefined, listenerRule: undefined })],
        /services\[0\]\.loadBalancerOf: expected the name of another service .*\(api\)/,
      ],
      "in a row": [
        [web(), api(), api({ name: "blog", loadBalancerOf: "api", listenerRule: { paths: ["/blog/*"] } })],
        /services\[2\]\.loadBalancerOf: expected the name of another service .*\(web\), got "api"/,
      ],
      "where nobody has one": [
        [{ name: "web", container: { name: "web" } }, api()],
        /services\[1\]\.loadBalancerOf: expected nothing: no other service has an application load balancer[\s\S]*config rm/,
      ],
      "without a port": [
        [web(), api({ container: { name: "api" }, healthCheck: undefined })],
        /services\[1\]\.loadBalancerOf: expected nothing: service "api" has no port/,
      ],
      "with a rule for nothing": [
        [web(), api({ loadBalancerOf: undefined })],
        /services\[1\]\.listenerRule: expected nothing without loadBalancerOf[\s\S]*config rm/,
      ],
      "without hosts and paths": [
        [web(), api({ listenerRule: undefined })],
        /has 1 problem[\s\S]*services\[1\]\.listenerRule\.paths\[0\]: expected a path, or listenerRule\.hosts[\s\S]*paths\[0\]' '\/api\/\*'/,
      ],
      "with more than a rule holds": [
        [web(), api({ listenerRule: { hosts: ["a.de", "b.de", "c.de"], paths: ["/a", "/b", "/c"] } })],
        /listenerRule: expected at most 5 hosts and paths together, .*got 6/,
      ],
      "with more wildcards than a rule holds": [
        [web(), api({ listenerRule: { paths: ["/a/*/*/*", "/b/*/*/*"] } })],
        /listenerRule: expected at most 5 \* and \?.* got 6/,
      ],
      "with a path that none can be": [
        [web(), api({ listenerRule: { paths: ["api/*"] } })],
        /listenerRule\.paths\[0\]: expected a path .* that starts with \//,
      ],
      "with a host that none can be": [
        [web(), api({ listenerRule: { hosts: ["localhost"] } })],
        /listenerRule\.hosts\[0\]: expected a host name .* with a dot/,
      ],
      "with a priority that none can be": [
        [web(), api({ listenerRule: { paths: ["/a"], priority: 50_000 } })],
        /listenerRule\.priority: expected a whole number from 1 to 49999/,
      ],
      "with one host and path twice": [
        [web(), api(), api({ name: "v2", listenerRule: { hosts: ["a.de"], paths: ["/api/*"] } }), api({ name: "v3" })],
        /services\[3\]\.listenerRule: expected other hosts or paths: \/api\/\* leads to service "api" already/,
      ],
      "with one host twice, in whatever case": [
        [
          web(),
          api({ listenerRule: { hosts: ["a.example.com"] } }),
          api({ name: "v2", listenerRule: { hosts: ["b.example.com", "A.example.com"] } }),
        ],
        /services\[2\]\.listenerRule: expected other hosts or paths: a\.example\.com\/\* leads to service "api" already/,
      ],
      "with everything": [
        [web(), api({ listenerRule: { paths: ["/*"] } })],
        /services\[1\]\.listenerRule: expected narrower hosts or paths: service "web" would get no request/,
      ],
      "with the whole name of the first": [
        [
          web({ domain: { name: "shop.example.com", hostedZoneId: ZONE } }),
          api({ listenerRule: { hosts: ["shop.example.com"] } }),
        ],
        /services\[1\]\.listenerRule: expected narrower hosts or paths/,
      ],
      "with one priority twice": [
        [
          web(),
          api({ listenerRule: { paths: ["/a"], priority: 7 } }),
          api({ name: "v2", listenerRule: { paths: ["/b"], priority: 7 } }),
        ],
        /services\[2\]\.listenerRule\.priority: expected another number: .*"api" has it[\s\S]*priority' 8/,
      ],
      "with a name where nothing speaks TLS": [
        [web(), api({ listenerRule: undefined, domain: { name: "api.example.com", hostedZoneId: ZONE } })],
        /services\[1\]\.domain: expected nothing: the listeners of service "web" speak HTTP[\s\S]*config rm/,
      ],
      "with a name that none of their hosts is": [
        [
          web({ domain: { name: "shop.example.com", hostedZoneId: ZONE } }),
          api({ listenerRule: { hosts: ["*.example.org"] }, domain: { name: "api.example.com", hostedZoneId: ZONE } }),
        ],
        /services\[1\]\.listenerRule\.hosts: expected api\.example\.com among them/,
      ],
      "with settings that are the first one's": [
        [web(), api({ loadBalancer: { slowStartSeconds: 60, idleTimeoutSeconds: 90 } })],
        /services\[1\]\.loadBalancer\.idleTimeoutSeconds: expected nothing: the load balancer is web's/,
      ],
      "where CodeDeploy deploys": [
        [web(), api()],
        /deployment: expected a strategy of ECS itself .*: service "web" shares a load balancer, and CodeDeploy needs[\s\S]*deployment' ecsBlueGreen/,
        { deployment: "codeDeployBlueGreen" },
      ],
    };
  for (const [what, [services, message, keys]] of Object.entries(cases)) {
    it(what, async () => assert.match(await stackRefusal("dev", { services, ...keys }), message));
  }
});
