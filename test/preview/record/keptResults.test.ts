import assert from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { lookup } from "node:dns";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type * as KeptResults from "../../../preview/record/keptResults";
import { ROOT } from "../../support/stack";

/** The module with a cache folder of its own; of what other tests have loaded, and taken away again, it knows nothing. */
function withCacheIn(folder: string): typeof KeptResults {
  const before = process.env.XDG_CACHE_HOME;
  const files = ["preview/record/keptResults.ts", "loading/cache.cjs", "loading/transpile.cjs"];
  const paths = files.map((file) => join(ROOT, file));
  const loaded = paths.map((path) => require.cache[path]);
  process.env.XDG_CACHE_HOME = folder;
  for (const path of paths) delete require.cache[path];
  try {
    return require(paths[0] ?? "") as typeof KeptResults;
  } finally {
    for (const [at, path] of paths.entries()) require.cache[path] = loaded[at];
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
}

describe("what is kept of the last run", () => {
  // The browser's library has files closed by a function that asks for the time, also where it is not used.
  before(function () {
    if (!Object.keys(require.cache).some((path) => path.includes("playwright-core"))) return;
    this.timeout(120_000);
    const mocha = [join(ROOT, "node_modules/mocha/bin/mocha.js"), __filename, "--grep", "what is kept"];
    const { status, stdout } = spawnSync(process.execPath, mocha, { cwd: ROOT, encoding: "utf8" });
    assert.strictEqual(status, 0, stdout);
    this.skip();
  });
  let folder = "";
  let module: typeof KeptResults;
  const file = () => join(folder, "values.txt");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kept-"));
    anew();
    writeFileSync(file(), "one");
  });
  afterEach(() => {
    delete process.env.KEPT_TEST;
    rmSync(folder, { recursive: true });
  });

  /** From here on it is as in another process. */
  function anew(): void {
    module = withCacheIn(join(folder, "cache"));
    module.keepResults();
  }

  let runs = 0;
  /** Asks in a process of its own, and says whether that ran. */
  function ran(workOut: () => unknown, question: Partial<KeptResults.Inquiry> = {}): Promise<boolean> {
    anew();
    return ranHere(workOut, question);
  }

  /** Asks in the process that asked before. */
  async function ranHere(workOut: () => unknown, question: Partial<KeptResults.Inquiry> = {}): Promise<boolean> {
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
    "a variable of its own": [
      () => Object.hasOwn(process.env, "KEPT_TEST"),
      () => {
        process.env.KEPT_TEST = "";
      },
    ],
    "a file that is read in parts": [
      async () => {
        for await (const part of createReadStream(file())) assert(part);
      },
      () => writeFileSync(file(), "two"),
    ],
    "a file that is opened": [() => closeSync(openSync(file(), "r")), () => writeFileSync(file(), "two")],
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
    "the time as a date": () => new Intl.DateTimeFormat().format(),
    "the time in parts": () => new Intl.DateTimeFormat().formatToParts(),
    chance: () => Math.random(),
    "a random name": () => randomUUID(),
    "another program": () => execFileSync("true"),
    "the machine": () => hostname(),
    "every variable": () => ({ ...process.env }),
    "everything below a folder": () => readdirSync(folder, { recursive: true }),
    "an address": () => lookup("localhost", () => undefined),
    "another thread": () => new Worker("", { eval: true }).terminate(),
    "a file that it opens to write": () => closeSync(openSync(join(folder, "out.txt"), "w")),
    "a file that it writes": () => writeFileSync(join(folder, "out.txt"), ""),
    "what it prints": () => console.error(""),
  };
  for (const [what, look] of Object.entries(varying)) {
    it(`is not kept where it depends on ${what}`, async () => {
      assert.deepStrictEqual([await ran(look), await ran(look)], [true, true]);
    });
  }

  it("holds an answer to what was read for an earlier one: a module remembers it", async () => {
    let text: string | undefined;
    const remembered = () => (text ??= readFileSync(file(), "utf8"));
    const qa = { about: "qa" };
    assert.deepStrictEqual([await ranHere(remembered), await ranHere(remembered, qa)], [true, true]);
    assert.strictEqual(await ran(remembered, qa), false);
    writeFileSync(file(), "two");
    assert.strictEqual(await ran(remembered, qa), true);
  });

  it("is not kept after one that depends on the time: a module may remember that", async () => {
    const qa = { about: "qa" };
    assert.deepStrictEqual([await ranHere(() => Date.now()), await ranHere(() => 1, qa)], [true, true]);
    assert.deepStrictEqual([await ran(() => 1, qa), await ran(() => 1, qa)], [true, false]);
  });

  it("hears of functions that a module has taken for itself", async () => {
    const fs = require("node:fs") as typeof import("node:fs");
    let taken: typeof readFileSync | undefined;
    const load = () => {
      taken ??= fs.readFileSync;
      return Promise.resolve();
    };
    const read = () => taken?.(file(), "utf8");
    assert.deepStrictEqual([await ran(read, { load }), await ran(read, { load })], [true, false]);
    writeFileSync(file(), "two");
    assert.strictEqual(await ran(read, { load }), true);
  });

  it("is another one in another time zone, which Node.js asks for itself", async () => {
    const before = process.env.TZ;
    const local = () => new Date(0).toString();
    assert.deepStrictEqual([await ran(local), await ran(local)], [true, false]);
    process.env.TZ = "Asia/Tokyo";
    try {
      assert.strictEqual(await ran(local), true);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it("is another one with other packages of a program that has its own", async () => {
    const program = join(folder, "program");
    mkdirSync(join(program, "node_modules"), { recursive: true });
    const install = (text: string) => writeFileSync(join(program, "node_modules", ".package-lock.json"), text);
    const question = { folder: join(program, "deploy") };
    install("one");
    assert.deepStrictEqual([await ran(() => 1, question), await ran(() => 1, question)], [true, false]);
    install("two");
    assert.strictEqual(await ran(() => 1, question), true);
  });

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
    const named = () => ran(() => `no file in ${c.tree} … at all`, { tree: c.tree, folder: c.tree, about: "wide" });
    assert.deepStrictEqual([await named(), await named()], [true, true]);
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
    const files = readdirSync(recorded).map((name) => join(recorded, name));
    for (const name of files) writeFileSync(name, "broken");
    assert.strictEqual(await ran(() => 1), true);
    for (const name of files) writeFileSync(name, readFileSync(name).subarray(0, -1));
    assert.strictEqual(await ran(() => 1), true, "a byte is lost");
    module.keepResults(false);
    assert.strictEqual(await ranHere(() => 1), true);
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
