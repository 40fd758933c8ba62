import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { answerText, hex } from "./asked";

/** What an answer to a type or a look-up that nobody has described is made from. */
interface Undescribed {
  /** Type token of the resource, or token of the look-up. */
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly hash: string;
  readonly arn: (service: string, resource: string) => string;
}

/**
 * What Pulumi's own mocks would answer to a resource: an id that is made up, and the inputs as its state; and for every
 * computed value that the package declares one of its kind, so that programs can go on with it.
 * https://www.pulumi.com/docs/iac/concepts/testing/unit/
 */
export function answerUndescribed(asked: Undescribed & { readonly name: string }): {
  id: string;
  state: Record<string, unknown>;
} {
  const name = answerText(asked.inputs.name) ?? `${asked.name}-${hex(asked.hash, 7)}`;
  return { id: name, state: { ...madeUp(asked, name), ...asked.inputs } };
}

/** The same for a look-up. */
export function lookUpUndescribed(asked: Undescribed): Record<string, unknown> {
  const name = answerText(asked.inputs.name) ?? answerText(asked.inputs.id) ?? hex(asked.hash, 7);
  return { id: name, ...madeUp(asked, name), ...asked.inputs };
}

type Kind = "string" | "number" | "boolean" | "string[]";

function madeUp({ token, arn }: Undescribed, name: string): Record<string, unknown> {
  const [, module = "", kind = ""] = token.split(":");
  const service = module.split("/")[0] ?? "";
  const value = (property: string, type: string) => {
    if (type === "string[]") return [];
    if (type === "number") return 1;
    if (type === "boolean") return false;
    return /arn$/i.test(property)
      ? arn(service, `${kind.charAt(0).toLowerCase()}${kind.slice(1)}/${name}`)
      : `${name}-${property}`;
  };
  return Object.fromEntries(declared(token).map(([property, type]) => [property, value(property, type)]));
}

/** What the package's declarations say that a resource or a look-up has whatever its inputs are. */
function declared(token: string): [property: string, type: string][] {
  const [pkg = "", module = ""] = token.split(":");
  const file = declarations(pkg, module.replace(/^index\//, ""));
  if (file === undefined) return [];
  const kinds = "(string|number|boolean|string\\[\\])" satisfies `(${Kind}|${string})`;
  const property = new RegExp(`^ {4}readonly (\\w+): (?:pulumi\\.Output<${kinds}>|${kinds});$`, "gm");
  return [...readFileSync(file, "utf8").matchAll(property)].map(([, name = "", output, plain]) => [
    name,
    output ?? plain ?? "",
  ]);
}

function declarations(pkg: string, module: string): string | undefined {
  try {
    const file = join(dirname(require.resolve(`@pulumi/${pkg}/package.json`)), `${module}.d.ts`);
    return existsSync(file) ? file : undefined;
  } catch {
    // A package that is not Pulumi's, or not installed here.
    return undefined;
  }
}
