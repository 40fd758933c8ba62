import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { lookAhead } from "../../../model/update/lookAhead";
import { changed, withMore } from "../../preview/rules/handMade";
import { made, SHOP_EGRESS, shop } from "../shop";

const service = (graph: RecordedGraph, inputs: object) => changed(graph, TYPES.service, "api", { ...inputs });
const found = (before: RecordedGraph, after: RecordedGraph) =>
  lookAhead(before, after).findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`);
const ignoring = (graph: RecordedGraph, type: string, ...ignoreChanges: readonly string[]): RecordedGraph => ({
  ...graph,
  resources: graph.resources.map((one) => (one.type === type ? { ...one, ignoreChanges } : one)),
});

describe("an update of a service that others find by a name", () => {
  const named = (port: number) => ({
    serviceConnectConfiguration: {
      enabled: true,
      services: [{ portName: "api", discoveryName: "api", clientAlias: [{ dnsName: "api", port }] }],
    },
  });
  const connected = service(shop(), named(8080));
  const alone = (graph: RecordedGraph) => service(graph, { loadBalancers: [] });
  const off = { serviceConnectConfiguration: undefined };

  it("warns where they do not find it any more, and says when there is no other way to it", () => {
    assert.deepStrictEqual(found(connected, service(connected, off)), [
      "warning name-not-found: api: other services reach it as api:8080 by Service Connect, and do not any more",
    ]);
    const quiet = alone(connected);
    assert.deepStrictEqual(found(quiet, service(quiet, off)), [
      "warning name-not-found: api: other services reach it as api:8080 by Service Connect, and do not any more, and there is no other way to it",
    ]);
    const kept = withMore(quiet, { ...made(TYPES.topic, "kept", {}), protect: true });
    assert.match(found(kept, service(kept, off)).join(), /^error name-not-found/);
  });

  it("warns of another port, which the others do not know", () => {
    const [first = ""] = found(connected, service(connected, named(3000)));
    assert.match(first, /^warning name-not-found: api: .* as api:8080 .*; it is api:3000 then$/);
    assert.deepStrictEqual(found(shop(), connected), [], "a name more takes nothing away");
  });

  it("says of a new one that tasks which run do not know it yet", () => {
    const web = made(TYPES.service, "web", { name: "dev-web", desiredCount: 0, ...named(3000) });
    assert.match(found(connected, withMore(connected, web)).join(), /notice name-known-later: web: tasks of api /);
    assert.deepStrictEqual(found(shop(), withMore(shop(), web)), [], "nobody else is in a namespace");
  });
});

describe("an update that asks something of the image that runs", () => {
  const definitions = (container: object) => ({
    containerDefinitions: JSON.stringify([
      { name: "api", image: "1.dkr.ecr.eu-west-1.amazonaws.com/dev/api:not-delivered-yet", ...container },
    ]),
  });
  const port = { portMappings: [{ containerPort: 8080 }] };
  const runs = (graph: RecordedGraph, container: object) =>
    changed(graph, TYPES.taskDefinition, "api", definitions({ ...port, ...container }));

  it("warns that the tasks which run are asked by another health check at once", () => {
    const check = { interval: 10, healthyThreshold: 2, path: "/healthz" };
    const asked = changed(shop(), TYPES.targetGroup, "api-blue", { healthCheck: check });
    const [finding, ...more] = lookAhead(shop(), asked).findings;
    assert.deepStrictEqual([finding?.rule, more], ["health-check-of-what-runs", []]);
    assert.match(finding?.message ?? "", /^api: .* \(path "\/healthz"\): where they do not pass it, ECS stops them/);
    assert.match(finding?.steps?.join() ?? "", /both checks, with path "\/" /);
    const slower = changed(shop(), TYPES.targetGroup, "api-blue", {
      healthCheck: { ...check, path: "/", interval: 20 },
    });
    assert.deepStrictEqual(found(shop(), slower), [], "how often it is asked changes nothing of what it has to answer");
  });

  it("says what the image has to be ready for, where Pulumi starts it with new settings", () => {
    const variables = { environment: [{ name: "LEVEL", value: "info" }] };
    const demands: readonly (readonly [object, object, string])[] = [
      [{}, { readonlyRootFilesystem: true }, "writes nowhere but to its writablePaths"],
      [{}, { user: "1000" }, 'runs as user "1000"'],
      [{}, { command: ["serve"] }, "has what the command calls"],
      [{}, { healthCheck: { command: ["CMD-SHELL", "true"] } }, "passes the container's health check"],
      [variables, {}, "does without the variable that goes"],
    ];
    for (const [was, is, demand] of demands) {
      const said = found(runs(shop(), was), runs(shop(), is));
      assert.deepStrictEqual(
        said.map((text) => text.replace(/^.*this works if it | ?;.*$/g, "")),
        [demand],
      );
    }
    assert.deepStrictEqual(found(runs(shop(), {}), runs(shop(), variables)), [], "it does not look at a variable more");
    const sidecar = (image: string) =>
      changed(shop(), TYPES.taskDefinition, "api", {
        containerDefinitions: JSON.stringify([
          ...(JSON.parse(definitions(port).containerDefinitions) as object[]),
          { name: "agent", image, ...(image === "b" ? { user: "1000", command: ["go"] } : {}) },
        ]),
      });
    assert.deepStrictEqual(found(sidecar("a"), sidecar("b")), [], "a sidecar's image is not delivered");
    const codeDeploy = shop({ strategy: "CODE_DEPLOY" });
    assert.deepStrictEqual(
      found(codeDeploy, runs(codeDeploy, { user: "1000" })),
      [],
      "the next image has to, not this one",
    );
  });
});

describe("an update of what tasks call", () => {
  const network = (strategy: string) =>
    made(
      "awsx:ec2:Vpc",
      "dev",
      { natGateways: { strategy }, cidrBlock: "10.0.0.0/16", numberOfAvailabilityZones: 2 },
      { custom: false, outputs: { vpcId: "vpc-1", privateSubnetIds: ["subnet-1"] } },
    );
  const out = (cidrIpv4: string) =>
    made(SHOP_EGRESS, "out", {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      securityGroupId: "tasks-0a1b2c3",
      cidrIpv4,
    });
  const graph = (strategy: string, cidr: string) => shop({ more: [network(strategy), out(cidr)] });

  it("warns where the internet cannot be reached any more", () => {
    const lost = found(graph("Single", "0.0.0.0/0"), graph("None", "0.0.0.0/0"));
    assert.deepStrictEqual(lost.filter((text) => text.includes("way-out")).length, 1, lost.join());
    const closed = found(graph("Single", "0.0.0.0/0"), graph("Single", "10.0.0.0/8"));
    assert.match(closed.join(), /^warning way-out-goes: api: its tasks reached the internet, and do not any more/);
    for (const [was, is] of [
      [graph("None", "0.0.0.0/0"), graph("None", "10.0.0.0/8")],
      [graph("Single", "10.0.0.0/8"), graph("None", "10.0.0.0/8")],
      [graph("None", "0.0.0.0/0"), graph("Single", "0.0.0.0/0")],
    ] as const) {
      assert.doesNotMatch(found(was, is).join(), /way-out/);
    }
  });
});

describe("an update of what is left to others", () => {
  const target = (inputs: object) =>
    made("aws:appautoscaling/target:Target", "api", {
      resourceId: "service/dev/dev-api",
      minCapacity: 1,
      maxCapacity: 1,
      ...inputs,
    });

  it("warns of limits that schedules move, with the command that sets them", () => {
    const graph = (maxCapacity: number) =>
      ignoring(
        shop({ more: [target({ maxCapacity })] }),
        "aws:appautoscaling/target:Target",
        "minCapacity",
        "maxCapacity",
      );
    const [finding] = lookAhead(graph(1), graph(8)).findings;
    assert.strictEqual(
      finding?.message,
      'aws.appautoscaling.Target "api": maxCapacity 8: left alone, because scheduled actions move it: the new value never reaches AWS',
    );
    assert.match(finding.steps?.join() ?? "", /--resource-id service\/dev\/dev-api --max-capacity 8/);
  });

  it("says of a number of tasks that scaling decides", () => {
    const graph = (desiredCount: number) => ignoring(service(shop(), { desiredCount }), TYPES.service, "desiredCount");
    assert.deepStrictEqual(found(graph(1), graph(4)), [
      'notice setting-left-alone: aws.ecs.Service "api": desiredCount 4 counts at the first delivery; scaling decides from then on',
    ]);
  });
});

describe("an update of where requests come from", () => {
  const rule = (...values: readonly string[]) =>
    made(TYPES.listenerRule, "api", { listenerArn: "arn:shared", conditions: [{ hostHeader: { values } }] });
  const graph = (...hosts: readonly string[]) => withMore(shop(), rule(...hosts));

  it("warns of a host name that leads there no more, and not of one more", () => {
    assert.match(
      found(graph("a.example.com"), graph("b.example.com")).join(),
      /warning address-changes: api: requests for a\.example\.com are not led to it any more/,
    );
    assert.deepStrictEqual(found(graph("a.example.com"), graph("a.example.com", "b.example.com")), []);
  });
});
