import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { isMap, mapOf, textOf } from "../../model/graph/read";

/** What Pulumi.yaml says of a project. */
interface ProjectFile {
  readonly name: string;
  /** The program, relative to the project's folder. */
  readonly main: string;
}

/** A project or stack file that cannot be read; the message names file and line. */
export class StackFileError extends Error {
  override readonly name = "StackFileError";
}

/** What stands for a secret: an encrypted value, which only the CLI can open. */
export const SECRET_PLACEHOLDER = "<secret>";

/** The environments of a delivery come in the order in which a change passes them. */
const ORDER = ["dev", "qa", "prod"];

/** The stacks that have a file in a folder: dev, qa, prod, then the others by name. */
export function listStacks(folder: string): readonly string[] {
  const stacks = readdirSync(folder).flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? []);
  const rank = (stack: string) => (ORDER.includes(stack) ? ORDER.indexOf(stack) : ORDER.length);
  return stacks.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Reads Pulumi.yaml. */
export function readProject(folder: string): ProjectFile {
  const file = mapOf(readYaml(folder, "Pulumi.yaml"));
  const name = textOf(file.name);
  if (!name) throw new StackFileError("Pulumi.yaml, name: expected the project's name, it is not set");
  return { name, main: textOf(file.main) ?? "index.ts" };
}

/**
 * Reads the configuration in Pulumi.<stack>.yaml as the engine hands it to a program: text as it is, numbers and
 * booleans in words, lists and maps as JSON text. A key without a namespace gets the project's name.
 */
export function readStackConfig(folder: string, project: string, stack: string): Readonly<Record<string, string>> {
  const name = `Pulumi.${stack}.yaml`;
  const { config } = mapOf(readYaml(folder, name));
  if (config === undefined || config === null) return {};
  if (!isMap(config)) throw new StackFileError(`${name}, config: expected a map of keys and values`);
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, handedOver(value)]),
  );
}

function handedOver(value: unknown): string {
  const opened = withoutSecrets(value);
  return textOf(opened) ?? (opened === null ? "" : JSON.stringify(opened));
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMap(value)) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && "secure" in value) return SECRET_PLACEHOLDER;
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** YAML as Pulumi's own reader takes it: with merge keys, and no alias to what it stands in. */
function readYaml(folder: string, name: string): unknown {
  const document = parseDocument(textOfFile(folder, name), { prettyErrors: true, merge: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line ?? 1;
    const [what = ""] = error.message.split(/ at line \d+/, 1);
    const said = what.includes("multiple documents") ? "expected one document, a second begins with ---" : what;
    throw new StackFileError(`${name}, line ${line}: ${said}; correct the YAML there`);
  }
  const value = valueOfDocument(document, name);
  if (isEndless(value, [])) {
    throw new StackFileError(`${name}: an alias stands in what it is an alias of; write the values themselves there`);
  }
  return value;
}

function textOfFile(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (error) {
    const what = error instanceof Error && "code" in error && error.code === "ENOENT" ? "there is none" : String(error);
    throw new StackFileError(`${name}: expected a file in ${folder}, ${what}`);
  }
}

function valueOfDocument(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new StackFileError(`${name}: ${what}; correct the YAML there`);
  }
}

function isEndless(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return above.includes(value) || Object.values(value).some((inner) => isEndless(inner, [...above, value]));
}
