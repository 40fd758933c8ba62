import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { z } from "zod";

/** What the comment at a setting says. */
export interface SettingDoc {
  readonly text: string;
  /** Its `@default`: a value, or after a hyphen words. */
  readonly default: string | undefined;
}

const ROOT = resolve(__dirname, "..");
const FOLDERS = ["components", "stacks", "deployments"];

/**
 * Documentation of every setting, by its definition: the comments in `settings({ ... })`, which editors and the reference
 * of components read too.
 */
export function settingDocs(): ReadonlyMap<z.ZodType, SettingDoc> {
  const files = FOLDERS.flatMap(filesIn).filter(({ text }) => text.includes("= settings({"));
  const literals = new Map(
    files.flatMap(({ path, text }) => literalsIn(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true))),
  );
  const docs = files.flatMap(({ path }) => {
    const loaded: unknown = require(path);
    const exports = Object.entries(loaded ?? {});
    return exports.flatMap(([name, definitions]) => docsOf(definitions, commentsOf(name, literals)));
  });
  return new Map(docs);
}

function filesIn(folder: string): { readonly path: string; readonly text: string }[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  const paths = names.filter((name) => name.endsWith(".ts")).map((name) => join(ROOT, folder, name));
  return paths.map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

function docsOf(definitions: unknown, comments: readonly [string, SettingDoc][]): [z.ZodType, SettingDoc][] {
  if (typeof definitions !== "object" || definitions === null) return [];
  const byKey = new Map<string, unknown>(Object.entries(definitions));
  return comments.flatMap(([key, doc]): [z.ZodType, SettingDoc][] => {
    const definition = byKey.get(key);
    return definition instanceof z.ZodType ? [[definition, doc]] : [];
  });
}

/** The object literals of `const NAME = settings({ ... })`, by name. */
function literalsIn(file: ts.SourceFile): [string, ts.ObjectLiteralExpression][] {
  const declarations = file.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
  );
  return declarations.flatMap(({ name, initializer }): [string, ts.ObjectLiteralExpression][] => {
    if (!initializer || !ts.isCallExpression(initializer) || initializer.expression.getText() !== "settings") return [];
    const [literal] = initializer.arguments;
    return literal && ts.isObjectLiteralExpression(literal) ? [[name.getText(), literal]] : [];
  });
}

/** Key and comment of each property; those of a spread come along. */
function commentsOf(name: string, literals: ReadonlyMap<string, ts.ObjectLiteralExpression>): [string, SettingDoc][] {
  const properties = literals.get(name)?.properties ?? ts.factory.createNodeArray();
  return properties.flatMap((property): [string, SettingDoc][] => {
    if (ts.isSpreadAssignment(property)) return commentsOf(property.expression.getText(), literals);
    const [comment] = ts.getJSDocCommentsAndTags(property);
    if (!comment || !ts.isJSDoc(comment)) return [];
    const tag = comment.tags?.find(({ tagName }) => tagName.text === "default");
    const doc = { text: plain(comment.comment), default: tag && plain(tag.comment) };
    return [[property.name?.getText() ?? "", doc]];
  });
}

function plain(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
