import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../support/stack";

const INDEX = join(ROOT, "components", "index.ts");
const FOLDER = join(ROOT, "components");

/** The types that declarations name, of this package, with where they are named. */
function named(node: ts.Node, checker: ts.TypeChecker, found: Map<ts.Symbol, string>, where: string): void {
  if (ts.isBlock(node)) return;
  // What is private to a class, and what a variable or a constant is given, is no part of its signature.
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword))
    return;
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : undefined;
  const symbol = name && resolved(checker.getSymbolAtLocation(name), checker);
  if (symbol && !found.has(symbol)) found.set(symbol, where);
  ts.forEachChild(node, (child) => named(child, checker, found, where));
}

function resolved(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Types of this package that signatures of its exports name, and that nobody outside can: they are not exported. */
function unnameable(index: string): string[] {
  const options = {
    ...ts.getDefaultCompilerOptions(),
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
  };
  const program = ts.createProgram([index], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const module = source && checker.getSymbolAtLocation(source);
  assert.ok(module, "the index exports something");
  const exported = new Set(checker.getExportsOfModule(module).flatMap((one) => resolved(one, checker) ?? []));
  const found = new Map<ts.Symbol, string>();
  for (const symbol of exported) {
    for (const declaration of symbol.declarations ?? []) {
      const file = declaration.getSourceFile().fileName;
      if (!file.startsWith(FOLDER)) continue;
      if (ts.isVariableDeclaration(declaration)) {
        if (declaration.type) named(declaration.type, checker, found, symbol.name);
        continue;
      }
      ts.forEachChild(declaration, (child) => named(child, checker, found, symbol.name));
    }
  }
  return [...found]
    .filter(([symbol]) => !exported.has(symbol) && isOurs(symbol))
    .map(([symbol, where]) => `${symbol.name}, which ${where} names`)
    .sort();
}

function isOurs(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration || ts.isTypeParameterDeclaration(declaration)) return false;
  return declaration.getSourceFile().fileName.startsWith(FOLDER);
}

describe("the types of the package", () => {
  it("can all be named by who uses it", () => {
    assert.deepEqual(unnameable(INDEX), []);
  });
});
