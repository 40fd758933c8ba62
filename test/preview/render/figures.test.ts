import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PRICES, PRICES_OF } from "../../../components/cost/prices";
import { GUESSES } from "../../../model/environment/guesses";
import type { RecordedGraph } from "../../../model/graph/graph";
import type { StackChange } from "../../../preview/diff/change";
import { figuresOf, type StackFigures } from "../../../preview/figures";
import type { StackResult } from "../../../preview/record/runStack";
import { egressInWords, money, renderCost } from "../../../preview/render/costText";
import { figuresInWords, plainCost, plainTime, renderFigures } from "../../../preview/render/figureText";
import { styleFor } from "../../../preview/render/style";
import { clockText, lengthInWords, renderTimes } from "../../../preview/render/timeText";
import { at } from "../../support/read";
import { ROOT, service, stackGraph } from "../../support/stack";
import { graphOf } from "../rules/handMade";
import { NO_CHANGE } from "./noChange";

const PLAIN = styleFor(false);

const CHANGE: StackChange = {
  ...NO_CHANGE,
  update: ["something"],
};

function figures(graph: RecordedGraph, more: Partial<StackResult> = {}): StackFigures {
  const [found] = figuresOf([{ stack: graph.stack, project: graph.project, graph, findings: [], ...more }]);
  assert.ok(found);
  return found;
}

const dev = async (changes = {}) => (await stackGraph("dev", { changes })).recorded;

describe("cost and time in words", () => {
  it("are one sentence for each stack", async () => {
    assert.deepEqual(renderFigures([figures(await dev())], PLAIN, 120), [
      "dev   costs about $93.58 a month idle; a commit reaches all users in about 7 min, most of it building the image (3 min)",
    ]);
    const prod = figures((await stackGraph("prod")).recorded);
    assert.match(
      figuresInWords(prod).join("; "),
      /^costs about \$104\.24 a month idle; a commit .* 7 min, waiting aside, most/,
    );
  });

  it("say what a change adds and where, and how much sooner or later users have a commit", async () => {
    const services = service("dev", { desiredCount: 3, healthCheck: { path: "/healthz", intervalSeconds: 30 } });
    const [graph, former] = [await dev({ services }), await dev()];
    assert.deepEqual(figuresInWords(figures(graph, { former, change: CHANGE })), [
      "costs about $114.85 a month idle, $21.26 more than before (service dev-api $21.26 more)",
      "a commit reaches all users in about 8 min, most of it building the image (3 min), 40 s later than before",
    ]);
    const back = figures(former, { former: graph, change: CHANGE });
    assert.match(figuresInWords(back).join(), /\$21\.26 less than before .* 40 s sooner than before$/);
    const moved = figures(await dev({ network: { egress: "natSingle" } }), { former, change: CHANGE });
    assert.match(figuresInWords(moved).join(), /\$9\.49 less than before \(network \$9\.49 less\)/);
    assert.match(figuresInWords(figures(graph, { change: CHANGE })).join(), /\$114\.85 a month idle, all of it new/);
  });

  it("say nothing of a stack that is just what it was, or has nothing that costs", async () => {
    const graph = await dev();
    const same = figures(graph, { former: graph, change: { ...CHANGE, update: [] } });
    assert.deepEqual(renderFigures([same], PLAIN, 120), []);
    assert.deepEqual(figuresInWords(figures(graphOf())), []);
  });

  it("say of a region without prices that nobody knows, and of one thing without a price that it is not in it", async () => {
    const elsewhere = figures(await dev({ "aws:region": "ap-southeast-2" }));
    assert.match(
      figuresInWords(elsewhere).join(),
      /^costs what nobody here knows: the table has no prices of ap-southeast-2,/,
    );
    const table = renderCost(elsewhere, PLAIN, 120).join("\n");
    assert.match(table, /^idle a month +not known$/m);
    assert.match(table, /^each delivery by dev-delivery +not known$/m);
    assert.doesNotMatch(table, /\$0/);
    assert.equal(at(plainCost(elsewhere), "idleMonth"), undefined);
    const storage = figures(await dev({ services: service("dev", { ephemeralStorageGiB: 50 }) }));
    assert.match(
      renderCost(storage, PLAIN, 120).join("\n"),
      /^idle a month, without 1 that have no price here +\$93\.58$/m,
    );
    assert.match(figuresInWords(storage).join(), /\$93\.58 a month idle, without 1 that the table has no price of,/);
  });

  it("write money and lengths of time as people do", () => {
    assert.deepEqual([money(1234.5), money(-0.001), money(0.0635, 3)], ["$1,234.50", "$0.00", "$0.064"]);
    assert.deepEqual([clockText(5), clockText(410), clockText(3725)], ["0:05", "6:50", "1:02:05"]);
    assert.deepEqual([lengthInWords(10), lengthInWords(180), lengthInWords(270)], ["10 s", "3 min", "4 min 30 s"]);
  });
});

describe("the tables of cost and time", () => {
  it("show every sum, what is not in it, the way out as a choice, and what is taken for granted", async () => {
    const text = renderCost(figures(await dev()), PLAIN, 120).join("\n");
    for (const line of [
      /^ {2}3 interface endpoints in 2 zones +6 x 730 h x \$0\.011 +\$48\.18$/m,
      /^idle a month +\$93\.58$/m,
      /^each delivery by dev-delivery +\$0\.063$/m,
      /^not in it\n/m,
      /^ {2}capacity units of load balancers \(LCU\): requests, connections, bytes \(by use\)$/m,
      /^ {2}AWS's list prices of September 2026 in eu-west-1/m,
      /^ {2}Not found again in AWS's price list/m,
    ])
      assert.match(text, line);
    const { now } = figures(await dev());
    assert.ok(now?.egress);
    assert.deepEqual(egressInWords(now.egress), [
      "now: 3 interface endpoints in 2 zones (ecr.api, ecr.dkr, logs) cost $48.18 a month and $0.01 a GB (network.egress: endpoints)",
      "instead: 1 NAT gateway with a public address costs $38.69 a month and $0.048 a GB (network.egress: natSingle); from 250 GB a month on, 3 interface endpoints in 2 zones cost less",
      "instead: 2 NAT gateways with a public address each cost $77.38 a month and $0.048 a GB (network.egress: natPerAz)",
    ]);
  });

  it("show what a commit waits for step by step, what would make it shorter, and every guess", async () => {
    const text = renderTimes(figures(await dev()), PLAIN, 120).join("\n");
    for (const line of [
      /^ {2}health checks +dev-api: 2 good answers, 10 s apart +0:20 +6:50$/m,
      /^all of production's traffic is on the new version +6:50$/m,
      /^the old version is gone +7:50$/m,
      /^ {2}watching alarms +dev-api: .* +3:00 +10:50$/m,
      /^ {2}checks and records +api-confirm: 40 s for a machine +0:40 +11:40$\nthe run of the pipeline ends +11:40$/m,
      /^ {2}services\[\]\.healthCheck\.intervalSeconds 10 to 5: users have it 10 s sooner/m,
      /^ {2}building the image: a larger machine \(services\[\]\.computeType\)/m,
      /build 120 s \(building an image\)|build\n? +120 s \(building an image\)/,
    ])
      assert.match(text, line);
  });

  it("are values as well, for whoever reads JSON", async () => {
    const [graph, former] = [await dev({ services: service("dev", { desiredCount: 3 }) }), await dev()];
    const compared = figures(graph, { former, change: CHANGE });
    const cost = plainCost(compared);
    assert.deepEqual(at(cost, "idleMonth"), { least: 114.85, most: 114.85 });
    assert.deepEqual(at(cost, "adds"), { least: 21.26, most: 21.26 });
    assert.deepEqual(
      [at(cost, "region"), at(cost, "pricesOf"), at(cost, "currency")],
      ["eu-west-1", "September 2026", "USD"],
    );
    const time = plainTime(compared, GUESSES);
    assert.equal(at(time, "pipelines", 0, "secondsToAllUsers"), 410);
    assert.equal(at(time, "pipelines", 0, "secondsUntilOldIsGone"), 470);
    assert.equal(at(time, "pipelines", 0, "secondsOfRun"), 700);
    assert.deepEqual(at(time, "guesses"), GUESSES);
  });
});

describe("the page of cost and time", () => {
  it("has every guess as it is", () => {
    const page = readFileSync(join(ROOT, "docs/cost-and-time.md"), "utf8");
    for (const [guess, seconds] of Object.entries(GUESSES))
      assert.ok(page.includes(`| \`${guess}\` | ${seconds} |`), guess);
    assert.ok(page.includes(PRICES_OF) && Object.keys(PRICES).every((region) => page.includes(`\`${region}\``)));
  });
});
