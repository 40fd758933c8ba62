import assert from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type * as KeptResults from "../../../preview/record/keptResults";
import { ROOT } from "../../support/stack";

/** The module with a cache folder of its own. */
function withCacheIn(folder: string): typeof KeptResults {
  const before = process.env.XDG_CACHE_HOME;
  const paths = ["loading/cache.cjs", "preview/record/keptResults.ts"].map((file) => join(ROOT, file));
  const loaded = paths.map((path) => require.cache[path]);
  process.env.XDG_CACHE_HOME = folder;
  for (const path of paths) delete require.cache[path];
  try {
    return require(paths[1] ?? "") as typeof KeptResults;
  } finally {
    for (const [at, path] of paths.entries()) require.cache[path] = loaded[at];
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
}

describe("what is kept of the last run", () => {
  let folder = "";
  let module: typeof KeptResults;
  const file = () => join(folder, "values.txt");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kept-"));
    module = withCacheIn(join(folder, "cache"));
    module.keepResults();
    writeFileSync(file(), "one");
  });
  afterEach(() => {
    delete process.env.KEPT_TEST;
    rmSync(folder, { recursive: true });
  });

  let runs = 0;
  /** Asks, and says whether that ran. */
  async function ran(workOut: () => unknown, question: Partial<KeptResults.Inquiry> = {}): Promise<boolean> {
    runs = 0;
    const count = () => {
      runs++;
      return workOut();
    };
    const load = () => Promise.resolve();
    await module.kept({ about: "dev", folder, given: [], load, ...question }, count);
    return runs > 0;
  }

  const looks: Readonly<Record<string, readonly [look: () => unknown, change: () => void]>> = {
    "a file that is read": [() => readFileSync(file(), "utf8"), () => writeFileSync(file(), "two")],
    "a file that is read later": [() => readFile(file(), "utf8"), () => writeFileSync(file(), "two")],
    "a file that is not there": [
      () => existsSync(join(folder, "more.txt")),
      () => writeFileSync(join(folder, "more.txt"), ""),
    ],
    "a folder": [() => readdirSync(folder), () => mkdirSync(join(folder, "more"))],
    "a variable": [
      () => process.env.KEPT_TEST,
      () => {
        process.env.KEPT_TEST = "two";
      },
    ],
    "a variable that is there": [
      () => "KEPT_TEST" in process.env,
      () => {
        process.env.KEPT_TEST = "";
      },
    ],
  };
  for (const [what, [look, change]] of Object.entries(looks)) {
    it(`is taken until another thing stands there: ${what}`, async () => {
      assert.deepStrictEqual([await ran(look), await ran(look)], [true, false]);
      change();
      assert.deepStrictEqual([await ran(look), await ran(look)], [true, false]);
    });
  }

  const varying: Readonly<Record<string, () => unknown>> = {
    "the time": () => new Date(),
    "the time as a number": () => Date.now(),
    chance: () => Math.random(),
    "a random name": () => randomUUID(),
    "another program": () => execFileSync("true"),
    "the machine": () => hostname(),
    "every variable": () => ({ ...process.env }),
    "a file that it writes": () => writeFileSync(join(folder, "out.txt"), ""),
    "what it prints": () => console.error(""),
  };
  for (const [what, look] of Object.entries(varying)) {
    it(`is not kept where it depends on ${what}`, async () => {
      assert.deepStrictEqual([await ran(look), await ran(look)], [true, true]);
    });
  }

  it("is for one question each: stack, folder, and what is given", async () => {
    const one = () => 1;
    const questions = [{}, { about: "prod" }, { folder: join(folder, "other") }, { given: [1] }, { given: [2] }];
    for (const question of questions) assert.strictEqual(await ran(one, question), true);
    for (const question of questions) assert.strictEqual(await ran(one, question), false);
  });

  it("is found where another commit's files lie in another folder, unless it says which", async () => {
    const at = (name: string) => {
      const tree = join(folder, name);
      mkdirSync(tree);
      writeFileSync(join(tree, "Pulumi.dev.yaml"), "config: {}");
      return { tree, folder: tree };
    };
    const read = ({ tree }: { readonly tree: string }) =>
      ran(() => readFileSync(join(tree, "Pulumi.dev.yaml")).length, { tree, folder: tree });
    assert.deepStrictEqual([await read(at("a")), await read(at("b"))], [true, false]);
    const c = at("c");
    writeFileSync(join(c.tree, "Pulumi.dev.yaml"), "config: { x: y }");
    assert.strictEqual(await read(c), true);
    const naming = (tree: string) => ran(() => `no file in ${tree}`, { tree, folder: tree, about: "naming" });
    assert.deepStrictEqual([await naming(c.tree), await naming(c.tree)], [true, true]);
  });

  it("leaves everything as it was that it watches", async () => {
    const fs: object = require("node:fs") as object;
    const names: readonly (readonly [object, string])[] = [
      [globalThis, "Date"],
      [process, "env"],
      [Math, "random"],
      [fs, "readFileSync"],
      [process.stdout, "write"],
    ];
    const now = () => names.map(([target, name]): unknown => Reflect.get(target, name));
    const before = now();
    const fails = { about: "fails" };
    await ran(() => readFileSync(file()));
    await assert.rejects(
      ran(() => Promise.reject(new Error("failed")), fails),
      /failed/,
    );
    for (const [at, value] of now().entries()) assert(value === before[at], names[at]?.[1]);
    assert(!Object.hasOwn(process.stdout, "write"));
    assert.strictEqual(await ran(() => 1, fails), true, "nothing is kept of what failed");
  });

  it("is worked out anew where a file of it cannot be read, and where nothing is to be kept", async () => {
    assert.deepStrictEqual([await ran(() => 1), await ran(() => 1)], [true, false]);
    const recorded = join(folder, "cache", "ecs-delivery", "recorded");
    for (const name of readdirSync(recorded)) writeFileSync(join(recorded, name), "broken");
    assert.strictEqual(await ran(() => 1), true);
    module.keepResults(false);
    assert.strictEqual(await ran(() => 1), true);
  });
});

describe("npm run preview, a second time", function () {
  this.timeout(60_000);
  let cache = "";
  before(() => {
    cache = mkdtempSync(join(tmpdir(), "kept-"));
  });
  after(() => rmSync(cache, { recursive: true }));

  function preview(...args: readonly string[]) {
    const command = ["-r", join(ROOT, "preview/register.cjs"), join(ROOT, "preview/main.ts"), ...args];
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: cache, NO_COLOR: "1" };
    const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: "utf8", env });
    return { stdout, stderr, status };
  }
  const written = () => {
    const recorded = join(cache, "ecs-delivery", "recorded");
    return readdirSync(recorded).map((name) => [name, statSync(join(recorded, name)).mtimeMs]);
  };

  it("says the same, from what it recorded", () => {
    const first = preview("--example", "two-accounts");
    const kept = written();
    assert.strictEqual(kept.length, 3, "two stacks, and what they have with one another");
    assert.deepStrictEqual(preview("--example", "two-accounts"), first);
    assert.deepStrictEqual(written(), kept, "nothing was recorded again");
  });
});
