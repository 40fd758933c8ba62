import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PipelineRun } from "../support/pipelineRun";
import { json } from "../support/read";
import { releaseGraphs } from "../support/releaseGraphs";
import { ReleaseWorld } from "../support/releaseWorld";
import { ROOT } from "../support/stack";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const SOURCE = join(ROOT, "examples", "own-build", "source");

/** The files of the example's source, by path. */
const sources = Object.fromEntries(
  readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(SOURCE.length + 1), readFileSync(path, "utf8")]),
);

async function world(changed: Readonly<Record<string, string>> = {}): Promise<ReleaseWorld> {
  const { staging, production } = await releaseGraphs("own-build");
  const made = new ReleaseWorld(staging, production, { ...sources, ...changed });
  made.versions.set("BFF_IMAGE_TAG_STAGING", ["1.0.STAGING"]);
  made.versions.set("BACKEND_IMAGE_TAG_PRODUCTION", ["1.0.RELEASE"]);
  return made;
}

describe("the life of a commit that buildspecs of its own build", () => {
  let run: PipelineRun;
  let all: ReleaseWorld;
  before(async () => {
    all = await world();
    run = new PipelineRun(all, COMMIT);
    assert.equal(run.through(), undefined);
  });

  for (const [service, tag] of [
    ["backend", COMMIT],
    ["bff", COMMIT.slice(0, 8)],
  ] as const) {
    const container = (stack: string) => `shop-${service}-${stack}`;

    it(`finds the digest of ${service} by the tag that its build wrote`, () => {
      const built = run.step(`${service}-image`);
      const [{ imageUri = "", name = "" } = {}] = json(built.files["imagedefinitions.json"]) as {
        name: string;
        imageUri: string;
      }[];
      assert.equal(name, container("staging"));
      assert.ok(imageUri.endsWith(`:${tag}`), imageUri);
      assert.deepEqual(built.run?.exported, {});
      const image = run.step(`${service}-resolve`).run?.exported.IMAGE_URI ?? "";
      assert.equal(all.registries.digest(imageUri.slice(0, -tag.length - 1), tag), image.split("@")[1]);
      assert.equal(all.service(`staging-${service}`).image, image);
    });

    it(`runs the tested digest of ${service} in production, in the container of its name there`, () => {
      const { files } = run.step(`${service}-release`);
      const { image, containers } = all.service(`production-${service}`);
      assert.deepEqual(json(files["imagedefinitions.json"]), [{ name: container("production"), imageUri: image }]);
      assert.deepEqual(containers, [container("production")]);
      const tested = run.step(`${service}-resolve`).run?.exported.IMAGE_URI;
      assert.equal(image.split("@")[1], tested?.split("@")[1]);
      assert.equal(json(all.record(`/ecs-delivery/production-${service}/delivered-image`), "image"), image);
    });
  }

  it("puts the image where production's file says", () => {
    assert.match(all.service("production-bff").image, /\/shop\/bff-production@sha256:/);
    assert.match(all.service("production-backend").image, /\/production\/backend@sha256:/);
  });

  it("gives images the tags that parameters hold, beside the commit", () => {
    const tags = (image: string) => all.registries.tagsOf(image.split("@")[0] ?? "", image.split("@")[1] ?? "");
    assert.deepEqual(
      tags(all.service("production-backend").image),
      [
        COMMIT,
        "1.0.RELEASE",
        `released-${all.service("production-backend").image.split("@sha256:")[1]?.slice(0, 12) ?? ""}`,
      ].sort(),
    );
    assert.ok(tags(all.service("staging-bff").image).includes("1.0.STAGING"));
    assert.ok(!tags(all.service("production-bff").image).includes("1.0.STAGING"));
  });

  it("moves no such tag: the next commit waits for the next version", async () => {
    const other = await world();
    const go = (commit: string) => {
      const next = new PipelineRun(other, commit);
      return [next.through(), next] as const;
    };
    const commit = (digit: string) => COMMIT.replace("0", digit);
    assert.equal(go(COMMIT)[0], undefined);
    const [stopped, run] = go(commit("a"));
    assert.equal(stopped, "bff-resolve");
    assert.match(run.step("bff-resolve").run?.output ?? "", /1\.0\.STAGING is sha256:.*a tag never moves/);
    other.versions.set("BFF_IMAGE_TAG_STAGING", ["1.1.STAGING"]);
    const before = other.service("production-backend").image;
    assert.equal(go(commit("b"))[0], "backend-release");
    assert.equal(other.service("production-backend").image, before);
    other.versions.set("BFF_IMAGE_TAG_STAGING", ["1.2.STAGING"]);
    other.versions.set("BACKEND_IMAGE_TAG_PRODUCTION", ["1.1.RELEASE"]);
    assert.equal(go(commit("c"))[0], undefined);
    assert.notEqual(other.service("production-backend").image, before);
  });

  for (const [what, tag] of [
    ["latest", "latest"],
    ["the name of the environment", "staging"],
  ] as const) {
    it(`stops in the build stage when a build tags its image ${what}`, async () => {
      const file = "backend/build/buildspec.yml";
      const moving = (sources[file] ?? "").replaceAll("$CODEBUILD_RESOLVED_SOURCE_VERSION", tag);
      const other = await world({ [file]: moving });
      const stopped = new PipelineRun(other, COMMIT);
      assert.equal(stopped.through(), "backend-resolve");
      assert.match(stopped.step("backend-resolve").run?.output ?? "", /nobody could tell what was delivered/);
      assert.equal(
        stopped.steps.some(({ action }) => action.provider === "ECS"),
        false,
      );
    });
  }
});
