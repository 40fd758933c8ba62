import assert from "node:assert";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lostWith, REPLACEABLE, replaces } from "../../../model/update/replaces";
import { ANSWERED } from "../../../preview/mocks/answers";
import { resource } from "../../preview/rules/handMade";

const SDK = dirname(require.resolve("@pulumi/aws/package.json"));

describe("replaces", () => {
  for (const [type, properties] of REPLACEABLE) {
    it(`names properties that ${type} has, and a type that is previewed`, () => {
      const [, module = "", name = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
      const source = readFileSync(join(SDK, module, `${name}.js`), "utf8");
      const unknown = properties.filter((one) => one !== "*" && !source.includes(`resourceInputs["${one}"]`));
      assert.deepStrictEqual([unknown, ANSWERED.includes(type)], [[], true]);
    });
  }

  it("knows a property by its beginning, and no other that begins alike", () => {
    const service = "aws:ecs/service:Service";
    assert.deepStrictEqual(
      ["name", "deploymentController.type", "names", "desiredCount"].map((path) => replaces(service, path)),
      [true, true, false, false],
    );
  });

  it("has a type replaced by everything but its tags", () => {
    const definition = "aws:ecs/taskDefinition:TaskDefinition";
    assert.deepStrictEqual(
      ["memory", "containerDefinitions[api].image", "tags.team", "skipDestroy"].map((one) => replaces(definition, one)),
      [true, true, false, false],
    );
  });

  it("takes every other type for one that changes in place", () =>
    assert.strictEqual(replaces("aws:sqs/queue:Queue", "name"), false));
});

describe("lostWith", () => {
  const lost = (type: string, inputs: object, more: object = {}) => lostWith(resource(type, "x", { ...inputs }, more));

  it("says what cannot be made again, and what holds the deletion up", () => {
    const [repository, bucket] = ["aws:ecr/repository:Repository", "aws:s3/bucket:Bucket"];
    assert.strictEqual(lost(repository, { forceDelete: true }), "every image in it");
    assert.strictEqual(lost(repository, {}), "every image in it; AWS refuses until it is empty");
    assert.strictEqual(lost(bucket, { forceDestroy: true }), "every object in it");
    assert.strictEqual(lost("aws:ssm/parameter:Parameter", {}), "its value and the history of it");
    assert.strictEqual(lost("aws:iam/role:Role", {}), undefined);
  });

  it("says that Pulumi refuses what is protected, and nothing of what stays", () => {
    const options = (more: object) => ({ ...resource("aws:s3/bucket:Bucket", "x", {}), ...more });
    assert.strictEqual(
      lostWith(options({ protect: true })),
      "every object in it; it is protected, so pulumi up refuses",
    );
    assert.strictEqual(lostWith(options({ retainOnDelete: true })), undefined);
  });
});
