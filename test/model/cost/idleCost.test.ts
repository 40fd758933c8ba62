import assert from "node:assert/strict";
import { PRICED, PRICES } from "../../../components/cost/prices";
import { deliveryCostOf } from "../../../model/cost/deliveryCost";
import { egressChoiceOf, evenAt } from "../../../model/cost/egressChoice";
import { idleCostOf, partsOf } from "../../../model/cost/idleCost";
import { tasksByProvider } from "../../../model/cost/tasks";
import type { RecordedGraph } from "../../../model/graph/graph";
import { leadTimesOf } from "../../../model/pace/leadTime";
import { graphOf, resource } from "../../preview/rules/handMade";
import { exampleGraph, service, stackGraph } from "../../support/stack";

/** Within one percent. */
function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= expected / 100, `${what}: ${actual}, by hand ${expected}`);
}

function billed(graph: RecordedGraph): Readonly<Record<string, number>> {
  return Object.fromEntries(partsOf(idleCostOf(graph).lines).map(({ name, least }) => [name, least]));
}

/** What dev and prod keep, in Ireland and in the United States alike: a key, 5 log groups, a repository. */
const KEPT = 1 * 1 + 5 * 0.03 + 1 * 0.1;

/** A 5xx alarm looks at two metrics, the other at one; Container Insights at 8 + 6 + 11. */
const WATCHED = (2 + 1) * 0.1 + (8 + 6 + 11) * 0.3;

describe("what an environment costs idle, beside sums made by hand", () => {
  it("is what AWS's list prices come to for dev", async () => {
    const parts = billed((await stackGraph("dev")).recorded);
    const [network, balancer] = [3 * 2 * 730 * 0.011, 730 * 0.0252 + 2 * 730 * 0.005];
    const task = 730 * (0.25 * 0.04048 + 1 * 0.004445);
    near(parts.network ?? 0, network, "network");
    near(parts["load balancers"] ?? 0, balancer, "load balancers");
    near(parts["service dev-api"] ?? 0, task, "service");
    near(parts.watching ?? 0, WATCHED, "watching");
    near(parts.keeping ?? 0, KEPT + 0.023, "keeping");
    const { least, most, unpriced } = idleCostOf((await stackGraph("dev")).recorded);
    near(least, network + balancer + task + WATCHED + KEPT + 0.023, "dev");
    assert.equal(least, most);
    assert.deepEqual(unpriced, []);
  });

  it("is the same for prod with two tasks and a bucket more", async () => {
    const { least } = idleCostOf((await stackGraph("prod")).recorded);
    const tasks = 2 * 730 * (0.25 * 0.04048 + 1 * 0.004445);
    const expected = 6 * 730 * 0.011 + 730 * 0.0252 + 2 * 730 * 0.005 + tasks + WATCHED + KEPT + 2 * 0.023;
    near(least, expected, "prod");
    assert.equal(least.toFixed(2), "104.24");
  });

  it("has NAT gateways with their addresses in place of endpoints, in North Virginia", async () => {
    const changes = { "aws:region": "us-east-1", network: { egress: "natPerAz" } };
    const parts = billed((await stackGraph("dev", { changes })).recorded);
    near(parts.network ?? 0, 2 * 730 * 0.045 + 2 * 730 * 0.005, "network");
    near(parts["load balancers"] ?? 0, 730 * 0.0225 + 2 * 730 * 0.005, "load balancers");
    const single = { ...changes, network: { egress: "natSingle" } };
    const one = billed((await stackGraph("dev", { changes: single })).recorded);
    near(one.network ?? 0, 730 * 0.045 + 730 * 0.005, "one NAT gateway");
  });

  it("knows ARM, SPOT by base and weight, and storage above 20 GiB", async () => {
    const services = service("dev", {
      cpuArchitecture: "ARM64",
      cpu: 512,
      memory: 1024,
      ephemeralStorageGiB: 50,
      desiredCount: 5,
      capacityProviderStrategy: [
        { capacityProvider: "FARGATE", base: 1, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 3 },
      ],
    });
    const changes = { "aws:region": "us-east-1", services };
    const parts = billed((await stackGraph("dev", { changes })).recorded);
    // Five tasks: the first on demand, of four others one on demand and three on SPOT at 30 %.
    const tasks = 2 + 3 * 0.3;
    const expected = 730 * tasks * (0.5 * 0.03238 + 1 * 0.00356) + 730 * 5 * (50 - 20) * 0.000111;
    near(parts["service dev-api"] ?? 0, expected, "service");
  });

  it("is a range where scaling decides how many tasks run, at any time of day", async () => {
    const { recorded } = await exampleGraph("service-settings", "dev");
    const part = partsOf(idleCostOf(recorded).lines).find(({ name }) => name === "service dev-api");
    const task = 730 * (0.5 * 0.03238 + 1 * 0.00356);
    near(part?.least ?? 0, 1 * task, "at night");
    near(part?.most ?? 0, 8 * task, "at most");
  });

  it("counts a public address for each task in public subnets, and none of an internal load balancer", async () => {
    const changes = { network: { egress: "public" }, loadBalancer: undefined };
    const services = service("dev", { loadBalancer: { internal: true } });
    const parts = billed((await stackGraph("dev", { changes: { ...changes, services } })).recorded);
    near(parts["load balancers"] ?? 0, 730 * 0.0252, "load balancers");
    near(parts["service dev-api"] ?? 0, 730 * (0.25 * 0.04048 + 1 * 0.004445 + 0.005), "service");
  });

  it("names what has no price, and never counts it as nothing", async () => {
    const graph = graphOf(
      resource("aws:rds/instance:Instance", "db", {}, { outputs: { arn: "arn:aws:rds:eu-west-1:1:db:x" } }),
    );
    assert.deepEqual(idleCostOf(graph).unpriced, ["aws.rds.Instance: not in the table"]);
    const changes = { "aws:region": "ap-southeast-2" };
    const { isPriced, lines, unpriced, region } = idleCostOf((await stackGraph("dev", { changes })).recorded);
    assert.deepEqual([isPriced, lines, region], [false, [], "ap-southeast-2"]);
    assert.ok(unpriced.includes("application load balancer api: 1 x a load balancer, an hour"), unpriced.join("\n"));
    const storage = { services: service("dev", { ephemeralStorageGiB: 50 }) };
    const ireland = idleCostOf((await stackGraph("dev", { changes: storage })).recorded);
    assert.deepEqual(ireland.unpriced, [
      "GiB of storage of dev-api above 20: 30 x a GiB of a task's storage above 20, an hour",
    ]);
  });

  it("knows every type that the committed stacks and the widest example have", async () => {
    const graphs = [
      (await stackGraph("prod")).recorded,
      (await exampleGraph("service-settings", "dev")).recorded,
      (await exampleGraph("code-deploy-blue-green", "dev")).recorded,
      (await exampleGraph("two-accounts", "staging")).recorded,
    ];
    for (const graph of graphs) assert.deepEqual(idleCostOf(graph).unpriced, []);
  });

  it("has no pipeline of AWS's where a workflow delivers, and says that its minutes are GitHub's to bill", async () => {
    const { recorded } = await exampleGraph("github-actions", "dev");
    const { lines, byUse } = idleCostOf(recorded);
    assert.deepEqual(
      lines.filter(({ part }) => part === "pipelines"),
      [],
    );
    assert.ok(byUse.every(({ what }) => !what.startsWith("minutes of builds")));
    const costs = leadTimesOf(recorded).map((time) => deliveryCostOf(recorded, time));
    assert.deepEqual(
      costs.map(({ dollars, lines: own, unpriced }) => [dollars, own.length, unpriced]),
      [[0, 0, ["runners of GitHub Actions: 15 minutes, which GitHub bills"]]],
    );
  });

  it("names dashboards, of which an account has three for nothing, and counts those above", async () => {
    const { byUse } = idleCostOf((await stackGraph("prod")).recorded);
    assert.ok(byUse.some(({ what }) => what.startsWith("dashboards where the account has more than the three")));
    const board = (name: string) =>
      resource(
        "aws:cloudwatch/dashboard:Dashboard",
        name,
        {},
        { outputs: { arn: "arn:aws:cloudwatch:eu-west-1:1:x" } },
      );
    const graph = graphOf(...["a", "b", "c", "d", "e"].map(board));
    assert.equal(idleCostOf(graph).least, 2 * 3);
  });

  it("has prices of London and Frankfurt, as AWS lists them", async () => {
    const london = billed((await stackGraph("dev", { changes: { "aws:region": "eu-west-2" } })).recorded);
    near(london["service dev-api"] ?? 0, 730 * (0.25 * 0.04656 + 1 * 0.00511), "London");
    near(london["load balancers"] ?? 0, 730 * 0.02646 + 2 * 730 * 0.005, "London");
    const frankfurt = billed((await stackGraph("dev", { changes: { "aws:region": "eu-central-1" } })).recorded);
    near(frankfurt.network ?? 0, 6 * 730 * 0.012, "Frankfurt");
    near(frankfurt["load balancers"] ?? 0, 730 * 0.027 + 2 * 730 * 0.005, "Frankfurt");
  });

  it("has a page of AWS for each price, and no price without a name", () => {
    for (const [what, page] of Object.values(PRICED))
      assert.match(page, /^https:\/\/aws\.amazon\.com\/.+\/pricing\/$/, what);
    for (const prices of Object.values(PRICES))
      for (const [name, price] of Object.entries(prices)) assert.ok(name in PRICED && price > 0, name);
  });
});

describe("tasks by capacity provider", () => {
  const strategies = [
    { capacityProvider: "FARGATE", base: 1, weight: 1 },
    { capacityProvider: "FARGATE_SPOT", weight: 3 },
  ];
  for (const [count, expected] of [
    [0, [0, 0]],
    [1, [1, 0]],
    [2, [1, 1]],
    [5, [2, 3]],
    [9, [3, 6]],
  ] as const) {
    it(`puts ${count} as ECS does`, () => {
      assert.deepEqual([...tasksByProvider(strategies, count).values()], expected);
    });
  }
});

describe("endpoints against NAT gateways", () => {
  it("are priced as a choice, with the traffic at which they cost the same", async () => {
    const choice = egressChoiceOf((await stackGraph("dev")).recorded);
    assert.ok(choice);
    const { taken, others } = choice;
    near(taken.month, 3 * 2 * 730 * 0.011, "endpoints");
    const [single] = others;
    assert.ok(single);
    near(single.month, 730 * (0.048 + 0.005), "one NAT gateway");
    near(evenAt(taken, single) ?? 0, (48.18 - 38.69) / (0.048 - 0.01), "even");
    const nat = { changes: { network: { egress: "natSingle" } } };
    const other = egressChoiceOf((await stackGraph("dev", nat)).recorded);
    assert.deepEqual(
      [other?.taken.egress, other?.others.map(({ egress }) => egress)],
      ["natSingle", ["endpoints", "natPerAz"]],
    );
  });
});

describe("what a delivery costs", () => {
  it("is minutes of builds by their machine, and of actions in a pipeline of type V2, each begun minute whole", async () => {
    const graph = (await stackGraph("prod")).recorded;
    const [time] = leadTimesOf(graph);
    assert.ok(time);
    // Tests 130 s, image 180 s, confirm 40 s: 3 + 3 + 1 minutes; source 15 s and deployment 330 s: 1 + 6 more.
    near(deliveryCostOf(graph, time).dollars, 7 * 0.005 + 14 * 0.002, "delivery");
  });
});
