import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { QUOTAS } from "../model/scale/quotas";
import { rules } from "../preview/rules";
import { dayOfPushes, PUSHES, playPushes } from "../scripts/scale/day";
import { figuresOfRuns, longestWait, percentileOf, timeText } from "../scripts/scale/figures";
import { ORGANISATION } from "../scripts/scale/organisation";
import { scalePage } from "../scripts/scale/page";
import { isStale, readSurvey, type ScaleSurvey } from "../scripts/scale/survey";
import { ROOT } from "./support/stack";

describe("docs/scale.md", function () {
  this.timeout(60_000);
  let survey: ScaleSurvey;
  before(() => {
    const known = readSurvey();
    assert.ok(known, "npm run docs");
    survey = known;
  });

  it("is of stacks as they are recorded today (npm run docs)", async () => {
    assert.equal(await isStale(survey), false);
  });

  it("is what the survey of the stacks makes (npm run docs)", async () => {
    assert.equal(readFileSync(join(ROOT, "docs/scale.md"), "utf8"), await scalePage(survey));
  });

  it("says what is not as it was", async () => {
    const [first, ...others] = survey.growing;
    assert.ok(first);
    const [use, ...uses] = first.uses;
    assert.ok(use);
    const growing = [{ ...first, uses: [{ ...use, amount: use.amount + 1 }, ...uses] }, ...others];
    assert.equal(await isStale({ ...survey, growing }), true);
  });

  it("is of forty stacks in two accounts, with every strategy, and stacks of fifty services", () => {
    assert.equal(ORGANISATION.length, 40);
    assert.equal(new Set(ORGANISATION.map(({ stack }) => stack)).size, 40);
    assert.deepEqual(
      survey.organisation.map(({ stack }) => stack),
      ORGANISATION.map(({ stack }) => stack),
    );
    assert.equal(new Set(ORGANISATION.map(({ account }) => account)).size, 2);
    const fifty = survey.growing.map(({ uses }) => uses.find(({ quota }) => quota === "services")?.amount);
    assert.deepEqual(fifty, [1, 10, 50, 50]);
  });

  it("names rules that there are, and every quota", () => {
    const page = readFileSync(join(ROOT, "docs/scale.md"), "utf8");
    const names = rules.map(({ name }) => name);
    for (const name of ["quotas", "limits", "pipeline-structure"]) {
      assert.ok(names.includes(name), name);
      assert.ok(page.includes(`\`${name}\``), name);
    }
    for (const { name } of QUOTAS) assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, "m"));
  });

  it("plays the same day each time: pushes by day, most to dev, and no run is lost", async () => {
    const kinds = new Map(ORGANISATION.map(({ stack, kind }) => [stack, kind]));
    const day = () => dayOfPushes(survey.pipelines, (stack) => kinds.get(stack) ?? "");
    assert.deepEqual(day(), day());
    const pushes = day();
    assert.equal(pushes.length, PUSHES);
    assert.ok(pushes.every(({ at }) => at >= 7 * 3600 && at < 18 * 3600));
    const toDev = pushes.filter(({ pipeline }) => kinds.get(pipeline.stack) === "dev").length;
    assert.ok(toDev > 220 && toDev < 280, String(toDev));
    for (const atOnce of [1, 10]) {
      const [one, again] = [await playPushes(pushes, atOnce), await playPushes(pushes, atOnce)];
      assert.deepEqual(one, again);
      const { delivered, superseded, refused } = figuresOfRuns(one.runs);
      assert.equal(delivered + superseded + refused, PUSHES);
      if (atOnce === 10) assert.equal(refused, 0);
      else assert.ok(refused > PUSHES / 2, String(refused));
    }
  });
});

describe("figures of a day", () => {
  it("are rounded as a person reads them", () => {
    assert.deepEqual([0, 40.4, 90, 5399, 5400, 36_000].map(timeText), [
      "0 s",
      "40 s",
      "2 min",
      "90 min",
      "1.5 h",
      "10 h",
    ]);
  });

  it("have percentiles of what there is", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.deepEqual([percentileOf(hundred, 0.95), percentileOf(hundred, 0.5), percentileOf([7], 0.95)], [95, 50, 7]);
    assert.equal(percentileOf([], 0.5), 0);
    assert.equal(longestWait(figuresOfRuns([])), undefined);
  });
});
