import assert from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mapOf, mapsOf } from "../../model/graph/read";
import { main } from "../../preview/main";

const PULUMI = JSON.stringify(require.resolve("@pulumi/pulumi"));
const AWS = JSON.stringify(require.resolve("@pulumi/aws"));

/** A program that makes one log group, or whatever its stack says instead. */
const PROGRAM = `
const pulumi = require(${PULUMI});
const aws = require(${AWS});
module.exports = () => {
  const config = new pulumi.Config("shop");
  console.log("a program may print");
  if (config.get("do") === "refuse") throw new pulumi.RunError("shop:branch: expected a branch name");
  if (config.get("do") === "break") throw new TypeError("x is not a function");
  new aws.cloudwatch.LogGroup("api", { name: "/ecs/api", retentionInDays: config.getNumber("days") });
  return { where: "/ecs/api" };
};
`;

describe("npm run preview", () => {
  let root = "";
  before(() => {
    root = mkdtempSync(join(tmpdir(), "preview-"));
    project(root, { dev: "days: 30", prod: "days: 8", refusing: "do: refuse", torn: "[", broken: "do: break" });
    project(join(root, "examples", "small"), { only: "days: 7" });
    mkdirSync(join(root, "examples", "notes"));
  });
  after(() => rmSync(root, { recursive: true }));

  function project(folder: string, stacks: Readonly<Record<string, string>>): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nmain: index.js\n");
    writeFileSync(join(folder, "index.js"), PROGRAM);
    for (const [stack, text] of Object.entries(stacks)) {
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config:\n  ${text}\n`);
    }
  }

  async function run(...argv: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const streams = {
      out: (text: string) => out.push(text),
      err: (text: string) => err.push(text),
      coloured: false,
      width: 100,
    };
    const code = await main(argv, streams, root);
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  it("refuses unknown options and names those there are", async () => {
    assert.deepStrictEqual(await run("--jsn"), {
      code: 2,
      out: "",
      err: "unknown option --jsn; options are --json, --mermaid, --example NAME, --against REF, --resources, --raw, --cost, --time, --assume WHAT=SECONDS, --page DIR, --policy-pack-config FILE and --help",
    });
    assert.strictEqual((await run("-x")).code, 2);
    const both = await run("--json", "--mermaid");
    assert.deepStrictEqual([both.code, both.err], [2, "--json and --mermaid exclude one another; choose one"]);
  });

  it("refuses unknown stacks and examples and names those there are", async () => {
    const stack = await run("staging", "dev");
    assert.deepStrictEqual(
      [stack.code, stack.err],
      [2, 'no Pulumi.<stack>.yaml for "staging"; stacks are dev, prod, broken, refusing, torn'],
    );
    const example = await run("--example", "notes");
    assert.deepStrictEqual([example.code, example.err], [2, 'unknown example "notes"; examples are small']);
    assert.strictEqual((await run("--example")).err, "--example needs a name; examples are small");
  });

  it("helps", async () => {
    const { code, out } = await run("--help");
    assert.strictEqual(code, 0);
    assert.match(out, /npm run preview -- prod/);
  });

  it("says the verdict first, and succeeds when nothing is wrong", async () => {
    assert.deepStrictEqual(await run("dev"), {
      code: 0,
      out: [
        "dev   ✓ no findings",
        "dev   costs about $0.03 a month idle",
        "",
        "dev 1 resource: each of them by npm run preview -- dev --resources; also --cost, --time",
      ].join("\n"),
      err: "",
    });
  });

  it("shows every resource where that is asked for", async () => {
    const { out } = await run("dev", "--resources");
    assert.match(out, /^dev {3}✓ no findings\ndev {3}costs about \$0\.03 a month idle\n\ndev: resources\n\n/);
    assert.match(out, /└─ cloudwatch {2}LogGroup \(api\)\n\n1 resource in 0 components: 1 cloudwatch.LogGroup/);
    assert.doesNotMatch(out, /a program may print/);
  });

  it("fails on a finding", async () => {
    const { code, out } = await run("prod");
    assert.strictEqual(code, 1);
    assert.match(out, /✗ limits\n {2}aws.cloudwatch.LogGroup "api": retentionInDays: expected one of 1, 3,/);
    assert.match(out, /^prod {3}✗ 1 error\n/);
  });

  it("runs the program of an example", async () => {
    const { code, out } = await run("--example", "small");
    assert.strictEqual(code, 0);
    assert.match(out, /^only {3}✓ no findings\n/);
    assert.match(out, /npm run preview -- --example small only --resources; also --cost, --time$/);
  });

  it("says why a stack cannot be previewed, and goes on with the others", async () => {
    const { code, out, err } = await run("refusing", "torn", "dev");
    assert.deepStrictEqual([code, err], [1, ""]);
    assert.match(out, /^refusing {3}✗ cannot be previewed\n/);
    assert.match(out, /\nrefusing:\nshop:branch: expected a branch name\n/);
    assert.match(out, /\nPulumi\.torn\.yaml, line \d: /);
    assert.match(out, /\ndev {8}✓ no findings\n/);
    assert.doesNotMatch(out, /at .*index\.js/);
  });

  it("shows the stack trace of a mistake in the program", async () => {
    const { code, out, err } = await run("broken");
    assert.strictEqual(code, 1);
    assert.match(err, /TypeError: x is not a function\n +at .*index\.js/);
    assert.match(out, /^broken {3}✗ cannot be previewed/);
  });

  it("gives one stack as one JSON object, and nothing else", async () => {
    const { code, out } = await run("dev", "--json");
    const { stack, project: name, resources, findings, stackOutputs } = mapOf(JSON.parse(out));
    assert.deepStrictEqual([code, stack, name, findings, stackOutputs], [0, "dev", "shop", [], { where: "/ecs/api" }]);
    assert.deepStrictEqual(
      mapsOf(resources).map((one) => [one.type, one.name, mapOf(one.inputs).retentionInDays]),
      [["aws:cloudwatch/logGroup:LogGroup", "api", 30]],
    );
  });

  it("gives several stacks as a list, also those that refuse", async () => {
    const { code, out } = await run("--json", "dev", "refusing");
    const [dev, refusing] = mapsOf(JSON.parse(out));
    assert.deepStrictEqual([code, dev?.stack], [1, "dev"]);
    const message = "shop:branch: expected a branch name";
    assert.deepStrictEqual(refusing, {
      stack: "refusing",
      project: "shop",
      resources: [],
      findings: [{ level: "error", rule: "refused", message }],
    });
  });

  it("writes Markdown for a pull request", async () => {
    const { code, out } = await run("--mermaid", "prod", "refusing");
    assert.strictEqual(code, 1);
    assert.match(
      out,
      /^\| stack \| findings \| what becomes of it \| cost \| a commit \|\n\|-+\|-+\|-+\|-+\|-+\|\n\| prod \| ✗ 1 error \| {2}\| about /,
    );
    assert.match(out, /^### prod: 1 resource, 1 error/m);
    assert.match(out, /### refusing: cannot be previewed\n\n```text\nshop:branch: expected a branch name\n```$/);
  });
});
