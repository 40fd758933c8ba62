import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { strategies } from "../../components/deployment";
import { sources } from "../../components/pipeline/source";
import { at } from "../support/read";
import { ROOT } from "../support/stack";

/** What the files of a folder export, without its index: file, name, value. */
function exportsOf(...folder: string[]): [file: string, name: string, value: unknown][] {
  const files = readdirSync(join(ROOT, "components", ...folder)).filter((file) => file !== "index.ts");
  return files.flatMap((file) => {
    const exported = require(join(ROOT, "components", ...folder, file)) as Record<string, unknown>;
    return Object.entries(exported).map(([name, value]): [string, string, unknown] => [file, name, value]);
  });
}

function assertTested(file: string, ...folder: string[]): void {
  const test = join(__dirname, ...folder, file.replace(/\.ts$/, ".test.ts"));
  assert.ok(existsSync(test), `${test} is missing`);
}

/** A function that gives a strategy without being told anything. */
function isStrategy(value: unknown): boolean {
  if (typeof value !== "function" || value.length > 0) return false;
  try {
    const made: unknown = (value as () => unknown)();
    return typeof at(made, "prepare") === "function";
  } catch {
    return false;
  }
}

describe("the index of strategies", () => {
  const found = exportsOf("deployment").filter(([, , value]) => isStrategy(value));

  it("has every strategy there is, by its own name, and nothing else", () => {
    assert.deepEqual(Object.keys(strategies).sort(), found.map(([, name]) => name).sort());
    for (const [kind, strategy] of Object.entries(strategies)) assert.equal(strategy().kind, kind);
  });

  it("has strategies that are tested, each in a file of its name", () => {
    for (const [file] of found) assertTested(file, "deployment");
  });
});

describe("the index of sources", () => {
  const found = exportsOf("pipeline", "source").filter(([, , value]) => typeof value === "function");

  it("has the function of every source file, and nothing else", () => {
    const listed = Object.values(sources);
    assert.equal(found.length, listed.length);
    for (const [file, name, value] of found) {
      assert.ok(
        listed.some((source) => source === value),
        `${name} of ${file} is missing in source/index.ts`,
      );
    }
  });

  it("has sources that are tested, each in a file of its name", () => {
    for (const [file] of found) assertTested(file, "pipeline", "source");
  });
});
