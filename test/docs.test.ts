import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strategies } from "../components/deployment";
import { configReference } from "../scripts/configReference";
import { policiesPage } from "../scripts/policiesPage";
import { profiles } from "../stacks/profiles";
import { ROOT } from "./support/stack";

/** Every page, committed or about to be. */
function pages(): string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
  return execFileSync("git", list, { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
}

describe("the documentation", () => {
  it("has the configuration reference that the schema makes (npm run docs)", () => {
    assert.equal(readFileSync(join(ROOT, "docs/configuration.md"), "utf8"), configReference());
  });

  it("has the page of rules that the rules make (npm run docs)", () => {
    assert.equal(readFileSync(join(ROOT, "docs/policies.md"), "utf8"), policiesPage());
  });

  it("has the component reference that the docstrings make (npm run docs)", function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), "reference-"));
    const command = [join(ROOT, "node_modules/.bin/typedoc"), "--logLevel", "Warn", "--out", folder] as const;
    execFileSync(process.execPath, command, { cwd: ROOT, stdio: "pipe" });
    const committed = readFileSync(join(ROOT, "docs/reference/README.md"), "utf8");
    assert.equal(committed, readFileSync(join(folder, "README.md"), "utf8"));
    rmSync(folder, { recursive: true });
  });

  it("links to files that are there", () => {
    for (const page of pages()) {
      for (const [, link = ""] of readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        assert.ok(existsSync(join(ROOT, dirname(page), link)), `${page} links to ${link}`);
      }
    }
  });

  it("shows snippets that stand in tested files", () => {
    let snippets = 0;
    for (const page of pages()) {
      const text = readFileSync(join(ROOT, page), "utf8");
      for (const [, file = "", code = ""] of text.matchAll(/<!-- from (\S+) -->\n```\w+\n([\s\S]*?)```/g)) {
        const lines = readFileSync(join(ROOT, file), "utf8")
          .split("\n")
          .map((line) => line.trim());
        const shown = code
          .trimEnd()
          .split("\n")
          .map((line) => line.trim());
        const start = lines.findIndex((_, index) => shown.every((line, offset) => lines[index + offset] === line));
        assert.notEqual(start, -1, `${page}: this is not in ${file}:\n${code}`);
        snippets += 1;
      }
    }
    assert.ok(snippets >= 4, `${snippets} snippets`);
  });

  it("names examples that exist", () => {
    for (const page of pages()) {
      for (const [, example = ""] of readFileSync(join(ROOT, page), "utf8").matchAll(/--example ([a-z0-9-]+)/g)) {
        assert.ok(existsSync(join(ROOT, "examples", example, "Pulumi.yaml")), `${page}: ${example}`);
      }
    }
  });

  it("has a line for every profile", () => {
    const page = readFileSync(join(ROOT, "docs/delivery.md"), "utf8");
    for (const profile of Object.keys(profiles)) assert.match(page, new RegExp(`^\\| \`${profile}\` \\|`, "m"));
  });

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = pages().flatMap((page) =>
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
