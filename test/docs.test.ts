import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { strategies } from "../components/deployment";
import { configReference } from "../scripts/configReference";
import { ROOT } from "./support/stack";

describe("the documentation", () => {
  it("has the configuration reference that the schema makes (npm run docs)", () => {
    assert.equal(readFileSync(join(ROOT, "docs/configuration.md"), "utf8"), configReference());
  });

  it("links to files that are there", () => {
    const pages = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    for (const page of pages) {
      for (const [, link = ""] of readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.ok(existsSync(join(ROOT, dirname(page), link)), `${page} links to ${link}`);
      }
    }
  });

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = ["README.md", "CONTRIBUTING.md", "docs/strategies.md"].flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(
        ([, name = ""]) => name,
      ),
    );
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });

  it("has a section for every strategy", () => {
    const page = readFileSync(join(ROOT, "docs/strategies.md"), "utf8");
    for (const word of Object.keys(strategies)) assert.match(page, new RegExp(`^## .*\\b${word}\\b`, "m"));
  });
});
