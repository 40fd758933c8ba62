import assert from "node:assert";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DECLARED } from "../../../model/update/declared";
import { MAYBE_REPLACED, REPLACED_BY_HAND } from "../../../model/update/replacedByHand";
import { lostWith, mayReplace, replaces } from "../../../model/update/replaces";
import { ANSWERED } from "../../../preview/mocks/answers";
import { DECLARED_TABLE, renewedTable } from "../../../scripts/replacements";
import { resource } from "../../preview/rules/handMade";
import { ROOT, stackGraph } from "../../support/stack";

const SDK = dirname(require.resolve("@pulumi/aws/package.json"));

describe("replaces", () => {
  it("has what the declarations of the installed package say, for every type that the program creates (npm run docs)", () => {
    const committed = readFileSync(join(ROOT, DECLARED_TABLE), "utf8");
    assert.strictEqual(committed, renewedTable(committed));
    assert.ok(Object.keys(DECLARED).length > 50);
  });

  it("knows every type of AWS that the committed environments have", async () => {
    const types: string[] = [];
    for (const stack of ["dev", "qa", "prod"]) {
      types.push(...(await stackGraph(stack)).resources.map(({ type }) => type));
    }
    const unknown = types.filter((type) => /^aws:/.test(type) && !(type in DECLARED));
    assert.deepStrictEqual([...new Set(unknown)], []);
  });

  for (const [type, properties] of Object.entries({ ...REPLACED_BY_HAND, ...MAYBE_REPLACED })) {
    it(`names properties that ${type} has, and a type that is previewed`, () => {
      const [, module = "", name = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
      const source = readFileSync(join(SDK, module, `${name}.js`), "utf8");
      const unknown = properties.filter((one) => one !== "*" && !source.includes(`resourceInputs["${one}"]`));
      assert.deepStrictEqual([unknown, type in DECLARED || ANSWERED.includes(type)], [[], true]);
    });
  }

  it("takes over what the declarations say", () => {
    const [group, endpoint] = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/vpcEndpoint:VpcEndpoint"];
    assert.ok(DECLARED[group]?.always?.includes("description"));
    assert.deepStrictEqual(
      [replaces(endpoint, "privateDnsEnabled"), mayReplace(endpoint, "privateDnsEnabled")],
      [false, true],
    );
  });

  it("says that it may where it is not known", () => {
    const may: readonly [string, string, boolean][] = [
      ["aws:ssm/parameter:Parameter", "tier", true],
      ["aws:ssm/parameter:Parameter", "value", false],
      ["aws:ssm/parameter:Parameter", "name", false],
      ["aws:dynamodb/table:Table", "name", true],
      ["aws:dynamodb/table:Table", "tags.team", false],
      ["awsx:ec2:Vpc", "cidrBlock", false],
    ];
    assert.deepStrictEqual(
      may.map(([type, path]) => mayReplace(type, path)),
      may.map(([, , expected]) => expected),
    );
  });

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

  it("says of no other type that it is replaced", () =>
    assert.strictEqual(replaces("aws:dynamodb/table:Table", "name"), false));
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
