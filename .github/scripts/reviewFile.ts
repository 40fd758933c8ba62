import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, parseDocument, visit } from "yaml";
import { z } from "zod";
import { NAMESPACE } from "../../stacks/config/namespace";
import { job, run, SetUpError } from "./run";

const ROOT = resolve(__dirname, "..", "..");

/** What belongs to one stack's secrets, and to no other's. */
const SECRETS = ["encryptionsalt", "encryptedkey", "secretsprovider"];

const roles = z.object({ review: z.object({ boundary: z.string().optional() }).optional() });

/**
 * Writes `Pulumi.<stack>.yaml` for a review stack: dev's, that it has dev's shape, and the boundary that its roles must carry
 * where AWS_ROLES names one. `pr-42` is what a pull request gets; `pr` is the template that Pulumi Deployments copy, and is
 * committed.
 */
export function main(argv: readonly string[], surroundings = job(), root = ROOT): Promise<number> {
  return run(() => {
    const [stack = ""] = argv;
    if (!/^pr(?:-[1-9]\d{0,8})?$/.test(stack)) throw new SetUpError(`expected pr-<number>, or pr; got "${stack}"`);
    const file = `Pulumi.${stack}.yaml`;
    const dev = readFileSync(join(root, "Pulumi.dev.yaml"), "utf8");
    writeFileSync(join(root, file), reviewConfig(dev, stack, boundaryIn(surroundings.env.AWS_ROLES)));
    surroundings.out(`wrote ${file}`);
    return 0;
  }, surroundings);
}

function boundaryIn(awsRoles: string | undefined): string | undefined {
  if (!awsRoles) return undefined;
  try {
    return roles.parse(JSON.parse(awsRoles)).review?.boundary;
  } catch {
    throw new SetUpError("AWS_ROLES: expected the roles as deployments/aws prints them");
  }
}

/** The stack file of a review stack, made from dev's. */
export function reviewConfig(dev: string, stack: string, boundary?: string): string {
  const document = parseDocument(dev);
  if (hasSecret(document)) {
    throw new SetUpError(
      "Pulumi.dev.yaml has encrypted values, which only the stack dev can open; name parameters or secrets of AWS instead",
    );
  }
  for (const key of SECRETS) document.delete(key);
  document.setIn(["config", `${NAMESPACE}:environment`], "dev");
  // By this tag the role of review stacks tells theirs from another environment's.
  document.setIn(["config", "aws:defaultTags", "tags", "environment"], stack);
  if (boundary !== undefined) {
    document.setIn(["config", `${NAMESPACE}:permissionsBoundary`], document.createNode({ existing: boundary }));
  }
  // Review stacks are new: their roles are where their role reaches.
  document.deleteIn(["config", `${NAMESPACE}:rolePath`]);
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
