import assert from "node:assert/strict";
import { ecsCanary } from "../../../components/deployment/ecsNative";
import { rolling } from "../../../components/deployment/rolling";
import { SharedTargets, type SharedTargetsArgs } from "../../../components/loadBalancer/sharedTargets";
import { EcsService } from "../../../components/service/ecsService";
import { findingsOf } from "../../../preview/rules";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { at, list } from "../../support/read";
import { CLUSTER, REPOSITORY, TARGETS, TEST_NETWORK } from "../../support/service";

const ARGS: SharedTargetsArgs = {
  network: TEST_NETWORK,
  containerPort: 8080,
  listener: TARGETS.productionListener,
  targetSecurityGroupId: "sg-shared",
  hosts: ["pr-42.dev.example.com"],
};
const share = (changes: Partial<SharedTargetsArgs> = {}, deployment = rolling()) =>
  recordGraph(() => {
    const targets = new SharedTargets("api", { ...ARGS, ...changes });
    const container = { name: "api", port: 8080 };
    new EcsService("api", {
      cluster: CLUSTER,
      network: TEST_NETWORK,
      repository: REPOSITORY,
      container,
      targets,
      deployment,
    });
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

  it("takes paths, and a listener that new versions are tried on", async () => {
    const testListener = TARGETS.testListener;
    const shared = await share({ paths: ["/api/*"], testListener });
    const rules = shared.all(RULE).map(({ name, inputs }) => [name, inputs.listenerArn]);
    assert.deepEqual(rules, [
      ["api", TARGETS.productionListener.arn],
      ["api-test", testListener.arn],
    ]);
    assert.deepEqual(shared.named(RULE, "api-test").inputs.conditions, [
      { hostHeader: { values: ["pr-42.dev.example.com"] } },
      { pathPattern: { values: ["/api/*"] } },
    ]);
  });

  it("lets ECS shift the weights of its rule, and of nothing else", async () => {
    const shared = await share({}, ecsCanary());
    assert.deepEqual(shared.only(RULE).ignoreChanges, ["actions"]);
    const [balancer] = list(shared.only("aws:ecs/service:Service").inputs.loadBalancers);
    const rule = shared.only(RULE).outputs.arn;
    assert.equal(at(balancer, "advancedConfiguration", "productionListenerRule"), rule);
    assert.equal(at(balancer, "advancedConfiguration", "testListenerRule"), undefined);
    const policy = String(shared.named("aws:iam/rolePolicy:RolePolicy", "api-infrastructure").inputs.policy);
    assert.deepEqual(
      (JSON.parse(policy) as { Statement: { Action: unknown; Resource: unknown }[] }).Statement.filter(({ Action }) =>
        JSON.stringify(Action).includes("Modify"),
      ).map(({ Action, Resource }) => [[Action].flat(), [Resource].flat()]),
      [
        [["elasticloadbalancing:ModifyListener"], [TARGETS.productionListener.arn]],
        [["elasticloadbalancing:ModifyRule"], [rule]],
      ],
    );
    assert.deepEqual(
      findingsOf(shared.recorded).filter(({ level }) => level === "error"),
      [],
    );
  });

  it("refuses what a listener refuses", async () => {
    const message = await refusal(() => new SharedTargets("api", { ...ARGS, hosts: [], priority: 50_001 }));
    assert.match(message, /hosts: expected 1 to 5 host names, got \[\]/);
    assert.match(message, /priority: expected a whole number from 1 to 50000, got 50001/);
  });
});
