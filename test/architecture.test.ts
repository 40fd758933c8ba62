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
  rehearse: ["components", "model", "preview"],
  workflow: ["components", "model", "preview"],
  policy: ["components", "model", "preview"],
  operate: ["components", "model", "preview", "stacks"],
};

const everything = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.ts"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && ts.sys.fileExists(join(ROOT, file)));
const files = everything.filter((file) => !file.startsWith("test/"));

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

/** What a file exports of its own, by name; what it only hands on is none of it. */
function exportsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!isExported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ""));
    }
    const named =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement);
    return named && statement.name ? [statement.name.text] : [];
  });
}

/** Each program begins with its own. */
const ENTRY = "main";

/** Names that several files export, each a thing of its own. */
function sharedNames(all: readonly string[]): string[] {
  const files = new Map<string, Set<string>>();
  for (const file of all) {
    for (const name of exportsOf(file)) files.set(name, (files.get(name) ?? new Set()).add(file));
  }
  const several = [...files].filter(([name, where]) => name !== ENTRY && where.size > 1);
  return several.map(([name, where]) => `${name}: ${[...where].join(", ")}`).sort();
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

  it("means one thing by one exported name", () => {
    assert.ok(everything.flatMap(exportsOf).length > 1000, "exports were found");
    assert.deepEqual(sharedNames(everything), []);
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
