import assert from "node:assert/strict";
import { SharedTargets, type SharedTargetsArgs } from "../../../components/loadBalancer/sharedTargets";
import { EcsService } from "../../../components/service/ecsService";
import { findingsOf } from "../../../preview/rules";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { at } from "../../support/read";
import { CLUSTER, REPOSITORY, TARGETS, TEST_NETWORK } from "../../support/service";

const ARGS: SharedTargetsArgs = {
  network: TEST_NETWORK,
  containerPort: 8080,
  listener: TARGETS.productionListener,
  targetSecurityGroupId: "sg-shared",
  hosts: ["pr-42.dev.example.com"],
};
const share = (changes: Partial<SharedTargetsArgs> = {}) =>
  recordGraph(() => {
    const targets = new SharedTargets("api", { ...ARGS, ...changes });
    const container = { name: "api", port: 8080 };
    new EcsService("api", { cluster: CLUSTER, network: TEST_NETWORK, repository: REPOSITORY, container, targets });
  });
const RULE = "aws:lb/listenerRule:ListenerRule";

describe("SharedTargets", () => {
  let graph: Graph;
  before(async () => {
    graph = await share();
  });

  it("is a rule for its host on a listener that is there, and two target groups", () => {
    const { inputs } = graph.only(RULE);
    assert.equal(inputs.listenerArn, TARGETS.productionListener.arn);
    assert.deepEqual(inputs.conditions, [{ hostHeader: { values: ["pr-42.dev.example.com"] } }]);
    assert.equal(graph.count("aws:lb/targetGroup:TargetGroup"), 2);
    assert.equal(graph.count("aws:lb/loadBalancer:LoadBalancer") + graph.count("aws:lb/listener:Listener"), 0);
  });

  it("puts tasks into the group that the load balancer is admitted by, and changes nobody's rules", () => {
    const service = graph.only("aws:ecs/service:Service");
    const groups = at(service.inputs.networkConfiguration, "securityGroups") as unknown[];
    assert.ok(groups.includes("sg-shared"));
    assert.equal(graph.count("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), 0);
    assert.ok(service.dependencies.includes(graph.only(RULE).urn));
  });

  it("has a priority that stays, differs between stacks, and can be said", async () => {
    const priority = async (changes?: Partial<SharedTargetsArgs>) => (await share(changes)).only(RULE).inputs.priority;
    assert.equal(await priority(), graph.only(RULE).inputs.priority);
    assert.notEqual(await priority({ hosts: ["pr-43.dev.example.com"] }), await priority());
    assert.equal(await priority({ priority: 42 }), 42);
  });

  it("is found well by the preview", () =>
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ level }) => level === "error"),
      [],
    ));

  it("refuses what a listener refuses", async () => {
    const message = await refusal(() => new SharedTargets("api", { ...ARGS, hosts: [], priority: 50_001 }));
    assert.match(message, /hosts: expected a whole number from 1 to 5 host names, got 0/);
    assert.match(message, /priority: expected a whole number from 1 to 50000, got 50001/);
  });
});
