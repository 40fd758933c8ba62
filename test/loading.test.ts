import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./support/stack";

const PROGRAM = `import type { Absent } from "./absent";

const text: string = process.argv[2] ?? "none";
export const given: Absent | string = text;
if (text === "fails") throw new Error("on line 5");
console.log(text as unknown);
`;

/** As Pulumi's program loader registers ts-node, in a folder with this project's tsconfig.json. */
const BY_TS_NODE = `require(${JSON.stringify(join(ROOT, "node_modules/ts-node"))}).register({
  compiler: ${JSON.stringify(join(ROOT, "node_modules/typescript"))}, transpileOnly: true, project: ${JSON.stringify(join(ROOT, "tsconfig.json"))},
  compilerOptions: { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true" } });
require(process.argv[1]);`;

describe("loading TypeScript", () => {
  let home = "";
  let program = "";

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "loading-"));
    program = join(home, "program.ts");
    writeFileSync(program, PROGRAM);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const cache = () => join(home, "ecs-delivery");
  const files = () => readdirSync(join(cache(), "transpiled"));

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const result = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "", XDG_CACHE_HOME: home, ...env },
    });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  const registered = (word: string, env?: Readonly<Record<string, string>>) =>
    run(["-r", join(ROOT, "loading/register.cjs"), program, word], env);

  it("keeps what it has transpiled, by content, for the user alone", () => {
    assert.equal(registered("one").stdout, "one\n");
    const [file = ""] = files();
    assert.match(file, /^[0-9a-f]{64}$/);
    assert.equal(statSync(cache()).mode & 0o077, 0);
    writeFileSync(join(cache(), "transpiled", file), 'console.log("kept");');
    assert.equal(registered("one").stdout, "kept\n");
    writeFileSync(program, PROGRAM.replace('"none"', '"other"'));
    assert.equal(registered("two").stdout, "two\n");
    assert.equal(files().length, 2);
  });

  it("keeps nothing where it is told not to, where it may not, and where others may write", () => {
    assert.equal(registered("one", { ECS_DELIVERY_CACHE: "off" }).stdout, "one\n");
    assert.deepEqual(
      readdirSync(home).filter((name) => name !== "program.ts"),
      [],
    );
    writeFileSync(join(home, "file"), "");
    assert.equal(registered("two", { XDG_CACHE_HOME: join(home, "file") }).stdout, "two\n");
    mkdirSync(join(cache(), "transpiled"), { recursive: true });
    chmodSync(cache(), 0o777);
    assert.equal(registered("three").stdout, "three\n");
    assert.deepEqual(files(), []);
  });

  it("forgets everything when it has become too much", () => {
    registered("one");
    for (let number = 0; number < 6001; number++) writeFileSync(join(cache(), "transpiled", String(number)), "");
    writeFileSync(program, `${PROGRAM}// changed`);
    registered("one");
    assert.equal(files().length, 1);
  });

  for (const [how, load] of [
    ["in this process", (word: string) => registered(word)],
    ["as pulumi up does", (word: string) => run(["-e", BY_TS_NODE, program, word])],
  ] as const) {
    it(`drops types, and keeps the numbers of lines: ${how}`, () => {
      const failed = load("fails");
      assert.equal(failed.status, 1);
      assert.match(failed.stderr, /program\.ts:5/);
      assert.match(failed.stderr, /Error: on line 5/);
      assert.equal(load("well").stdout, "well\n");
    });
  }

  it("is what tsconfig.json has ts-node use, so that pulumi up starts no compiler", () => {
    const { "ts-node": options, compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")) as {
      "ts-node": unknown;
      compilerOptions: Readonly<Record<string, unknown>>;
    };
    // Pulumi's loader takes another transpiler only where types are not checked.
    assert.deepEqual([options, compilerOptions.noCheck], [{ transpiler: "./loading/tsNode.cjs" }, true]);
  });
});

/** Says what of some packages is there, before and after each is used. */
const BY_USE = `const pulumi = require("@pulumi/pulumi");
const there = () => ["@npmcli/arborist/", "typescript/lib/", "pulumi/automation/"].map((part) =>
  Object.keys(require.cache).some((path) => path.includes(part)));
const before = there();
void (async () => {
  const { text } = await pulumi.runtime.serializeFunction(() => 42);
  const paths = await pulumi.runtime.computeCodePaths();
  const { LocalWorkspace } = pulumi.automation;
  console.log(JSON.stringify([before, there(), text.includes("42"), paths instanceof Map, typeof LocalWorkspace.create,
    Object.keys(pulumi.automation).includes("LocalWorkspace"), "Stack" in pulumi.automation]));
})();`;

describe("loading parts of Pulumi's SDK for a preview", () => {
  it("waits until they are used, and then they are what they are", () => {
    const args = ["-r", join(ROOT, "preview/register.cjs"), "-e", BY_USE];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    const no = [false, false, false];
    assert.deepEqual(JSON.parse(stdout), [no, [true, true, true], true, true, "function", true, true], stderr);
  });
});
