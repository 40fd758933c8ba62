import assert from "node:assert/strict";
import type { BlueGreenTargetsArgs } from "../../../components/loadBalancer/args";
import { BlueGreenTargets } from "../../../components/loadBalancer/blueGreenTargets";
import { checkTargets } from "../../../components/loadBalancer/check";
import { CIDR_BLOCK } from "../../../components/network/cidrBlock";
import { recordGraph, refusal } from "../../support/graph";
import { TEST_NETWORK } from "../../support/service";

const problems = (changes: Partial<BlueGreenTargetsArgs>) =>
  checkTargets({ network: TEST_NETWORK, containerPort: 8080, ...changes }).list;

describe("checkTargets", () => {
  it("finds nothing wrong with the defaults, nor with the limits themselves", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ containerPort: 65_535, productionPort: 1, deregistrationDelaySeconds: 3600 }), []);
    assert.deepEqual(
      problems({ healthCheck: { intervalSeconds: 300, timeoutSeconds: 120, healthyThreshold: 10 } }),
      [],
    );
  });

  const refused: [what: string, changes: Partial<BlueGreenTargetsArgs>, message: string][] = [
    [
      "a port beyond 65535",
      { containerPort: 65_536 },
      "containerPort: expected a whole number from 1 to 65535, got 65536",
    ],
    ["port 0", { productionPort: 0 }, "productionPort: expected a whole number from 1 to 65535, got 0"],
    ["half a port", { testPort: 81.5 }, "testPort: expected a whole number from 1 to 65535, got 81.5"],
    [
      "draining for more than an hour",
      { deregistrationDelaySeconds: 3601 },
      "deregistrationDelaySeconds: expected a whole number from 0 to 3600 seconds, got 3601",
    ],
    [
      "a check every second",
      { healthCheck: { intervalSeconds: 4, timeoutSeconds: 2 } },
      "healthCheck.intervalSeconds: expected a whole number from 5 to 300 seconds, got 4",
    ],
    [
      "a check that waits a second",
      { healthCheck: { timeoutSeconds: 1 } },
      "healthCheck.timeoutSeconds: expected a whole number from 2 to 120 seconds, got 1",
    ],
    [
      "one good answer",
      { healthCheck: { healthyThreshold: 1 } },
      "healthCheck.healthyThreshold: expected a whole number from 2 to 10, got 1",
    ],
    [
      "eleven failures",
      { healthCheck: { unhealthyThreshold: 11 } },
      "healthCheck.unhealthyThreshold: expected a whole number from 2 to 10, got 11",
    ],
    [
      "an answer that may take as long as the interval",
      { healthCheck: { intervalSeconds: 6, timeoutSeconds: 6 } },
      "healthCheck.timeoutSeconds: must be less than the interval of 6 seconds",
    ],
    [
      "a longer answer than the default interval",
      { healthCheck: { timeoutSeconds: 11 } },
      "healthCheck.timeoutSeconds: must be less than the interval of 10 seconds",
    ],
    ["one port for users and testers", { testPort: 80 }, "testPort: 80 is the production port already"],
    [
      "an address without a range",
      { ingressCidrBlocks: ["10.0.0.1"] },
      'ingress: expected an IPv4 range like 10.0.0.0/8, got "10.0.0.1"',
    ],
    [
      "an impossible range for testers",
      { testIngressCidrBlocks: ["10.0.0.0/33"] },
      'ingress: expected an IPv4 range like 10.0.0.0/8, got "10.0.0.0/33"',
    ],
  ];
  for (const [what, changes, message] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(problems(changes), [message]));
  }

  it("gives a target group of a long name a shorter one: AWS takes 32 characters", async () => {
    const names = async (name: string) => {
      const graph = await recordGraph(() => new BlueGreenTargets(name, { network: TEST_NETWORK, containerPort: 8080 }));
      const made = [...graph.all("aws:lb/targetGroup:TargetGroup"), graph.only("aws:lb/loadBalancer:LoadBalancer")];
      for (const { outputs } of made) assert.ok(String(outputs.name).length <= 32, String(outputs.name));
      return made.map((resource) => resource.name).sort();
    };
    const longest = "a".repeat(18);
    assert.deepEqual(await names(longest), [longest, `${longest}-blue`, `${longest}-green`]);
    const [balancer = "", green = "", blue = ""] = await names("customer-statements-of-account");
    assert.match(blue, /^customer-st\w*-[0-9a-f]{7}-blue$/);
    assert.match(green, /^customer-s\w*-[0-9a-f]{7}-green$/);
    assert.match(balancer, /^customer-[0-9a-f]{7}-account$/);
  });

  it("stops the component, all problems at once", async () => {
    const args = { network: TEST_NETWORK, containerPort: 0, productionPort: 82, testPort: 82 };
    const message = await refusal(() => new BlueGreenTargets("api", args));
    assert.match(message, /BlueGreenTargets "api" has 2 problem\(s\):\n {2}containerPort: .*\n {2}testPort: 82 is/);
  });
});

describe("CIDR_BLOCK", () => {
  it("takes IPv4 ranges and nothing else", () => {
    for (const good of ["0.0.0.0/0", "255.255.255.255/32", "10.1.20.0/24"]) assert.match(good, CIDR_BLOCK);
    for (const bad of ["256.0.0.0/8", "10.0.0/8", "::/0", "10.0.0.0/", "10.0.0.0/08 "]) {
      assert.doesNotMatch(bad, CIDR_BLOCK);
    }
  });
});
