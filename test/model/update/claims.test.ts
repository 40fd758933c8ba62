import assert from "node:assert";
import type { RecordedResource } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { claimsOf, conflictsIn, describeConflict } from "../../../model/update/claims";
import { changedProperties } from "../../../model/update/followers";
import { pairUp } from "../../../model/update/pairs";
import { planUpdate } from "../../../model/update/plan";
import { graphOf } from "../../preview/rules/handMade";
import { INGRESS, made, shopUrn } from "../shop";

const listener = (name: string, port: number, more: Partial<RecordedResource> = {}) =>
  made(TYPES.listener, name, { loadBalancerArn: "lb", port }, more);
const conflicts = (before: readonly RecordedResource[], after: readonly RecordedResource[]) => {
  const [old, young] = [graphOf(...before), graphOf(...after)];
  const paired = pairUp(old, young);
  const changed = paired.pairs.map((pair) => ({ ...pair, properties: changedProperties(pair) }));
  return conflictsIn(planUpdate(young, paired, changed), before).map((one) => `${one.when}: ${describeConflict(one)}`);
};

describe("claims", () => {
  it("finds a port that another listener gives up in the same update, with nothing between them", () => {
    const found = conflicts([listener("production", 80)], [listener("production", 443), listener("redirect", 80)]);
    assert.deepStrictEqual(found, [
      'unordered: port 80 of the load balancer is aws.lb.Listener "production"\'s, and nothing makes that one move first',
    ]);
  });

  it("is content where the one that takes it stands on the one that gives it up", () => {
    const redirect = listener("redirect", 80, { dependencies: [shopUrn(TYPES.listener, "production")] });
    assert.deepStrictEqual(conflicts([listener("production", 80)], [listener("production", 443), redirect]), []);
  });

  it("finds a port whose listener is deleted at the end alone", () => {
    const found = conflicts([listener("production", 443), listener("redirect", 80)], [listener("production", 80)]);
    assert.deepStrictEqual(found, [
      'later: port 80 of the load balancer is aws.lb.Listener "redirect"\'s until later in the same update',
    ]);
  });

  it("finds what nobody gives up", () => {
    const rule = (name: string) =>
      made(INGRESS, name, {
        securityGroupId: "sg",
        ipProtocol: "tcp",
        fromPort: 80,
        toPort: 80,
        cidrIpv4: "0.0.0.0/0",
      });
    assert.deepStrictEqual(conflicts([rule("a")], [rule("a"), rule("b")]), [
      'never: ingress tcp 80-80 of the security group is aws.vpc.SecurityGroupIngressRule "a"\'s, and stays so',
    ]);
  });

  it("tells apart ports of other load balancers, other ranges, other clusters, and what has no name", () => {
    const alike = [
      [listener("a", 80), made(TYPES.listener, "b", { loadBalancerArn: "other", port: 80 })],
      [
        made(TYPES.service, "a", { cluster: "x", name: "api" }),
        made(TYPES.service, "b", { cluster: "y", name: "api" }),
      ],
      [
        made(TYPES.listenerRule, "a", { listenerArn: "x", priority: 1 }),
        made(TYPES.listenerRule, "b", { listenerArn: "y", priority: 1 }),
      ],
    ] as const;
    for (const [one, other] of alike) {
      assert.notDeepStrictEqual(claimsOf(one), claimsOf(other));
      assert.deepStrictEqual([claimsOf(one).length, conflicts([one], [one, other])], [1, []]);
    }
    assert.deepStrictEqual(
      [claimsOf(made(TYPES.role, "a", {})), claimsOf(made(TYPES.topic, "a", { name: "a" }))],
      [[], []],
    );
  });
});
