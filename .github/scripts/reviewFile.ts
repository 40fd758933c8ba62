import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, parseDocument, visit } from "yaml";
import { NAMESPACE } from "../../stacks/config/namespace";
import { job, run, SetUpError } from "./run";

const ROOT = resolve(__dirname, "..", "..");

/** What belongs to one stack's secrets, and to no other's. */
const SECRETS = ["encryptionsalt", "encryptedkey", "secretsprovider"];

/**
 * Writes `Pulumi.<stack>.yaml` for a review stack: dev's, and that it has dev's shape. `pr-42` is what a pull request
 * gets; `pr` is the template that Pulumi Deployments copy, and is committed.
 */
export function main(argv: readonly string[], surroundings = job(), root = ROOT): Promise<number> {
  return run(() => {
    const [stack = ""] = argv;
    if (!/^pr(?:-[1-9]\d{0,8})?$/.test(stack)) throw new SetUpError(`expected pr-<number>, or pr; got "${stack}"`);
    const file = `Pulumi.${stack}.yaml`;
    writeFileSync(join(root, file), reviewConfig(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8"), stack));
    surroundings.out(`wrote ${file}`);
    return 0;
  }, surroundings);
}

/** The stack file of a review stack, made from dev's. */
export function reviewConfig(dev: string, stack: string): string {
  const document = parseDocument(dev);
  if (hasSecret(document)) {
    throw new SetUpError(
      "Pulumi.dev.yaml has encrypted values, which only the stack dev can open; name parameters or secrets of AWS instead",
    );
  }
  for (const key of SECRETS) document.delete(key);
  document.setIn(["config", `${NAMESPACE}:environment`], "dev");
  const tag = ["config", "aws:defaultTags", "tags", "environment"];
  if (document.hasIn(tag)) document.setIn(tag, stack);
  return document.toString();
}

function hasSecret(document: Document): boolean {
  let found = false;
  visit(document, {
    Pair: (_, { key }) => {
      if (String(key) === "secure") found = true;
    },
  });
  return found;
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
