import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { ROOT } from "./support/stack";

/** What each room may import beside itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  components: [],
  stacks: ["components"],
  model: ["components"],
  preview: ["components", "model"],
};

const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !file.startsWith("test/") && ts.sys.fileExists(join(ROOT, file)));

/** The files that a file imports; without what only names types, which is gone at run time. */
function importsOf(file: string, runTime: boolean): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (!from || !ts.isStringLiteral(from) || !from.text.startsWith(".")) return [];
    if (runTime && namesTypesOnly(statement)) return [];
    const path = normalize(join(dirname(file), from.text));
    return [`${path}.ts`, join(path, "index.ts")].filter((candidate) => files.includes(candidate));
  });
}

function namesTypesOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  const named = clause.namedBindings;
  const allTypes =
    named !== undefined && ts.isNamedImports(named) && !clause.name && named.elements.every((one) => one.isTypeOnly);
  return clause.isTypeOnly || allTypes;
}

/** A way from a file back to itself, or nothing. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = walk(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

describe("the structure of the tree", () => {
  it("finds a circle where there is one", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["d", ["b"]],
    ]);
    assert.deepEqual(circle(graph), ["b", "d", "b"]);
  });

  it("has no circle of imports at run time", () => {
    const graph = new Map(files.map((file) => [file, importsOf(file, true)]));
    assert.ok([...graph.values()].flat().length > 500, "imports were found");
    assert.equal(circle(graph)?.join(" -> "), undefined);
  });

  for (const [room, below] of Object.entries(ROOMS)) {
    it(`lets ${room} import ${["itself", ...below].join(" and ")} alone`, () => {
      const allowed = [room, ...below];
      const strays = files
        .filter((file) => file.startsWith(`${room}/`))
        .flatMap((file) => importsOf(file, false).map((target): [string, string] => [file, target]))
        .filter(([, target]) => !allowed.includes(target.split("/")[0] ?? ""))
        .map(([file, target]) => `${file} -> ${target}`);
      assert.deepEqual(strays, []);
    });
  }
});
