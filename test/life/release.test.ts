import assert from "node:assert/strict";
import { actionGroups } from "../support/pipelineActions";
import { PipelineRun } from "../support/pipelineRun";
import { json } from "../support/read";
import { WAYS, worldOf } from "../support/releaseWays";
import { callerIn, type ReleaseWorld, SECRETS } from "../support/releaseWorld";
import { calledWith } from "../support/shell";

const A = "a".repeat(40);
const B = "b".repeat(40);
const digestOf = (image = "") => image.split("@")[1] ?? "";
const repositoryOf = (image = "") => image.split("@")[0] ?? "";

for (const [name, way] of Object.entries(WAYS)) {
  describe(`the life of a commit, ${name}`, () => {
    let world: ReleaseWorld;
    let run: PipelineRun;
    before(async () => {
      world = await worldOf(way);
      run = new PipelineRun(world, A);
      assert.equal(run.through(), undefined);
    });

    const tested = (service: string) => run.step(`${service}-image`).run?.exported.IMAGE_URI ?? "";
    const released = (service: string) => run.step(`${service}-release`).run?.exported ?? {};

    it("takes every action once, production last", () => {
      const actions = run.steps.map(({ action }) => action.name);
      assert.deepEqual(
        actions,
        actionGroups(world.staging)
          .flat()
          .map((action) => action.name),
      );
      assert.equal(new Set(actions).size, actions.length);
      assert.deepEqual(
        actions.slice(-way.services.length),
        way.services.map((service) => `${service}-confirm-production`),
      );
    });

    it("asks a person about this commit, between the tests and the release", () => {
      const stages = [...new Set(run.steps.map(({ action }) => action.stage))];
      assert.deepEqual(stages.slice(-3), ["Approve", "Release", "Production"]);
      const asked = run.steps.indexOf(run.step("Approve"));
      assert.ok(run.steps.every(({ saw }, position) => saw === undefined || position < asked));
      assert.match(
        run.step("Approve").configuration.CustomData ?? "",
        new RegExp(`^Deliver to production: Source ${A}`),
      );
    });

    it("tests what runs in staging: the image that was built", () => {
      const tests = run.steps.filter(({ saw }) => saw !== undefined);
      assert.ok(tests.length > 0);
      for (const { saw, env = {} } of tests) {
        assert.equal(env.IMAGE_URI, saw);
        assert.equal(env.COMMIT_ID, A);
        assert.ok(way.services.some((service) => tested(service) === saw));
      }
    });

    for (const service of way.services) {
      it(`runs in production the digest of ${service} that was tested and recorded as passed`, () => {
        const image = world.service(`production-${service}`).image;
        assert.match(digestOf(image), /^sha256:[0-9a-f]{64}$/);
        assert.equal(digestOf(image), digestOf(tested(service)));
        assert.equal(world.service(`staging-${service}`).image, tested(service));
        const passed = world.record(`/ecs-delivery/staging-${service}/passed-image`);
        assert.deepEqual([json(passed, "image"), json(passed, "commit")], [tested(service), A]);
      });

      it(`gives ${service} the commit as its release tag, where production takes it from`, () => {
        const { IMAGE_URI: image, IMAGE_TAG: tag = "" } = released(service);
        assert.equal(tag, way.stays ? `production-${A}` : A);
        assert.equal(image, world.service(`production-${service}`).image);
        assert.equal(world.registries.digest(repositoryOf(image), tag), digestOf(image));
        assert.equal(repositoryOf(image) === repositoryOf(tested(service)), way.stays ?? false);
      });

      it(`records what production runs of ${service} there, and nothing before that`, () => {
        const [first, ...versions] = world.versions.get(`/ecs-delivery/production-${service}/delivered-image`) ?? [];
        assert.equal(first, "none");
        assert.deepEqual(
          versions.map((version) => [json(version, "image"), json(version, "commit")]),
          [[world.service(`production-${service}`).image, A]],
        );
      });

      it(`starts the tasks of ${service} at its first delivery`, () => {
        assert.deepEqual(
          ["staging", "production"].map((stack) => world.service(`${stack}-${service}`).desired),
          [1, 2],
        );
      });
    }

    it("leaves in each artifact the container of its own service, with its own image", () => {
      const built = run.steps.filter(({ action, run: build }) => build && action.outputs.length > 0);
      const left = built.map(({ action, files }) => [action.outputs.join(), Object.keys(files).join()]);
      const artifacts = way.services.flatMap((service) => [`${service}-image`, `${service}-release`]);
      assert.deepEqual(
        left.sort(),
        artifacts.map((artifact) => [artifact.replace(/-/g, "_"), "imagedefinitions.json"]).sort(),
      );
      for (const service of way.services) {
        const content = (step: string) => json(run.step(step).files["imagedefinitions.json"]);
        assert.deepEqual(content(`${service}-image`), [{ name: service, imageUri: tested(service) }]);
        assert.deepEqual(content(`${service}-release`), [{ name: service, imageUri: released(service).IMAGE_URI }]);
      }
    });

    it("acts in production in production's own role and region, and nowhere else in another role", () => {
      const { account, region } = callerIn(world.production);
      const role = `arn:aws:iam::${account}:role/ecs-delivery/production/production-confirm`;
      for (const { action, run: build } of run.steps) {
        const inProduction = action.name.endsWith("-confirm-production");
        const places = new Set(build?.calls.map((call) => `${call.role ?? "own"} ${call.region ?? "own"}`));
        places.delete("own own");
        assert.deepEqual([...places], inProduction ? [`${role} ${region}`] : [], action.name);
      }
    });

    it("shows no token, neither in a log nor to other processes", () => {
      const token = SECRETS["/shop/docker-hub/token"] ?? "";
      const given = run.steps.filter(({ env }) => env?.DOCKER_PASSWORD === token);
      assert.equal(given.length, way.example === "release-from-docker-hub" ? 4 : 0);
      for (const { run: build } of run.steps) {
        assert.ok(!build?.output.includes(token));
        assert.ok(!build?.calls.some((call) => calledWith(call).includes(token)));
        assert.ok(!Object.values(build?.exported ?? {}).some((value) => value.includes(token)));
      }
      const logins = given.flatMap(({ run: build }) => build?.calls.filter(({ argv }) => argv[1] === "login") ?? []);
      assert.equal(logins.length, given.length);
      assert.ok(logins.every(({ stdin }) => stdin === token));
    });

    it("builds and copies nothing when the same commit comes again", () => {
      const built = way.services.map((service) => `${repositoryOf(tested(service))}:${A}`);
      assert.deepEqual([...world.registries.built].sort(), built.sort());
      const again = new PipelineRun(world, A);
      assert.equal(again.through(), undefined);
      assert.equal(world.registries.built.length, way.services.length);
      const changed = again.steps.flatMap(({ run: build }) => build?.calls ?? []).map(calledWith);
      assert.ok(!changed.some((text) => /^docker (build|push|buildx imagetools create) /.test(text)));
    });

    it("brings the next commit the same way", () => {
      const next = new PipelineRun(world, B);
      assert.equal(next.through(), undefined);
      for (const service of way.services) {
        const image = next.step(`${service}-image`).run?.exported.IMAGE_URI;
        assert.notEqual(digestOf(image), digestOf(tested(service)));
        assert.equal(digestOf(world.service(`production-${service}`).image), digestOf(image));
      }
    });
  });
}
