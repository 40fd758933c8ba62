import assert from "node:assert/strict";
import { PipelineRun } from "../support/pipelineRun";
import { json } from "../support/read";
import { WAYS, type Way, worldOf } from "../support/releaseWays";
import type { ReleaseWorld } from "../support/releaseWorld";
import { calledWith } from "../support/shell";

const A = "a".repeat(40);
const B = "b".repeat(40);
const C = "c".repeat(40);
const way = (name: string): Way => WAYS[name] ?? assert.fail(name);

const passed = (world: ReleaseWorld, service: string) => world.record(`/ecs-delivery/staging-${service}/passed-image`);
const delivered = (world: ReleaseWorld, service: string) =>
  world.record(`/ecs-delivery/production-${service}/delivered-image`);
const imageOf = (run: PipelineRun, service: string) => run.step(`${service}-image`).run?.exported.IMAGE_URI ?? "";
const digestOf = (image = "") => image.split("@")[1];

/** Somebody repeats the release of a run by hand; it must change nothing. */
function assertRefused(run: PipelineRun, service: string, reason: RegExp): void {
  const { good, files, run: build } = run.insist(`${service}-release`);
  assert.equal(good, false);
  assert.deepEqual(files, {});
  assert.match(build?.output ?? "", reason);
  const calls = build?.calls.map(calledWith) ?? [];
  assert.ok(!calls.some((call) => /imagetools create|put-image/.test(call)), calls.join("\n"));
}

describe("tests that fail", () => {
  for (const [name, { services, tests }] of Object.entries(WAYS)) {
    for (const test of tests) {
      it(`stop the run, before anything is recorded or released: ${test}, ${name}`, async () => {
        const world = await worldOf(way(name));
        world.fate.failing = test;
        const run = new PipelineRun(world, A);
        assert.equal(run.through(), test);
        assert.equal(run.through(), test, "and it stays stopped");
        for (const service of services) {
          assert.equal(passed(world, service), "none");
          assert.equal(delivered(world, service), "none");
          assert.match(world.service(`production-${service}`).image, /:not-delivered-yet$/);
          assert.equal(world.service(`production-${service}`).desired, 0);
        }
      });
    }
  }
});

for (const name of Object.keys(WAYS).filter((one) => one !== "another account and region")) {
  const { services, stays, tests } = way(name);

  describe(`an image that did not pass, ${name}`, () => {
    let world: ReleaseWorld;
    let first: PipelineRun;
    before(async () => {
      world = await worldOf(way(name));
      first = new PipelineRun(world, A);
      [world.fate.failing] = tests.slice(-1);
      assert.equal(first.through(), world.fate.failing);
    });

    it("is not released, whoever repeats the step", () => {
      for (const service of services) assertRefused(first, service, /has not passed its tests: no version of SSM/);
    });

    it("is not released either when a newer one has passed, been recorded and gone to production", () => {
      world.fate = {};
      const second = new PipelineRun(world, B);
      assert.equal(second.through(), undefined);
      for (const service of services) {
        assert.equal(json(passed(world, service), "image"), imageOf(second, service));
        assertRefused(first, service, /has not passed its tests/);
        assert.equal(digestOf(world.service(`production-${service}`).image), digestOf(imageOf(second, service)));
      }
    });

    it("has no release tag", () => {
      for (const service of services) {
        const tags = world.registries.tagsIn(imageOf(first, service).split("@")[0] ?? "");
        assert.ok(!tags.includes(`production-${A}`));
        assert.equal(tags.includes(`production-${B}`), stays ?? false);
      }
    });

    it("is released once its tests have passed", () => {
      const again = new PipelineRun(world, A);
      assert.equal(again.through(), undefined);
      for (const service of services) assert.equal(imageOf(again, service), imageOf(first, service), "not built anew");
    });
  });

  describe(`two runs in flight, ${name}`, () => {
    it("can both be released: the older one too, recorded before the newer one", async () => {
      const world = await worldOf(way(name));
      const [older, newer] = [new PipelineRun(world, A), new PipelineRun(world, B)];
      assert.equal(older.through("Approve"), undefined);
      assert.equal(newer.through("Approve"), undefined);
      for (const run of [older, newer]) {
        assert.equal(run.through(), undefined);
        for (const service of services) {
          assert.equal(digestOf(world.service(`production-${service}`).image), digestOf(imageOf(run, service)));
          assert.equal(json(delivered(world, service), "commit"), run.commit);
        }
      }
    });
  });

  describe(`a release tag, ${name}`, () => {
    it("that stands for something else is not moved, and nothing is deployed", async () => {
      const world = await worldOf(way(name));
      const [service = ""] = services;
      const run = new PipelineRun(world, A);
      assert.equal(run.through("Approve"), undefined);
      const repository = world.service(`production-${service}`).image.replace(/:[^/]*$/, "");
      const digest = `sha256:${"0".repeat(64)}`;
      world.registries.tag({ repository, tag: stays ? `production-${A}` : A, digest });
      assert.equal(run.through(), `${service}-release`);
      assert.match(run.step(`${service}-release`).run?.output ?? "", /a release tag never moves/);
      assert.deepEqual(run.step(`${service}-release`).files, {});
      for (const one of services) assert.match(world.service(`production-${one}`).image, /:not-delivered-yet$/);
    });
  });
}

describe("a scan", () => {
  for (const name of ["two accounts", "another account and region"]) {
    it(`that finds too much keeps the image from being recorded, and so from production: ${name}`, async () => {
      const world = await worldOf(way(name));
      world.fate.findings = { HIGH: 1, LOW: 3 };
      const run = new PipelineRun(world, A);
      assert.equal(run.through(), "api-scan");
      assert.match(run.step("api-scan").run?.output ?? "", /1 finding\(s\) above MEDIUM/);
      assert.equal(passed(world, "api"), "none");
      assertRefused(run, "api", /has not passed its tests/);
    });
  }

  it("that finds what is tolerated lets it pass", async () => {
    const world = await worldOf(way("two accounts"));
    world.fate.findings = { MEDIUM: 7 };
    assert.equal(new PipelineRun(world, A).through(), undefined);
  });
});

describe("a delivery that does not come up", () => {
  it("in staging is not tested, and not recorded as passed", async () => {
    const world = await worldOf(way("one pipeline"));
    world.fate.broken = "staging-backend";
    const run = new PipelineRun(world, A);
    assert.equal(run.through(), "backend-confirm");
    assert.ok(!run.steps.some(({ saw }) => saw !== undefined));
    assert.equal(passed(world, "backend"), "none");
  });

  for (const name of ["one pipeline", "two accounts"]) {
    it(`in production leaves the one before running, and its record: ${name}`, async () => {
      const world = await worldOf(way(name));
      const [service = ""] = way(name).services;
      assert.equal(new PipelineRun(world, A).through(), undefined);
      const { image } = world.service(`production-${service}`);
      world.fate.broken = `production-${service}`;
      const run = new PipelineRun(world, B);
      assert.equal(run.through(), `${service}-confirm-production`);
      assert.match(run.step(`${service}-confirm-production`).run?.output ?? "", /rolled back: the service runs/);
      assert.equal(world.service(`production-${service}`).image, image);
      assert.deepEqual(
        [json(delivered(world, service), "image"), json(delivered(world, service), "commit")],
        [image, A],
      );
      world.fate = {};
      assert.equal(new PipelineRun(world, C).through(), undefined);
    });
  }
});
