import type { z } from "zod";
import { describePosition, jsonErrorOffset } from "./jsonPosition";
import { checkRules, show } from "./rules";
import { policySchema, shorthandSchema } from "./schema";

/** Lengths of the policy's text that ECR takes, in characters. */
const TEXT_LENGTH = { min: 100, max: 30_720 } as const;

/**
 * What ECR would refuse in a lifecycle policy, one problem a line: where, what is expected, what came. Takes JSON text,
 * an object in ECR's grammar, or the shorthand `{ keepImages, expireUntaggedAfterDays }`. Empty when all is well.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function checkLifecyclePolicy(value: unknown): readonly string[] {
  if (typeof value !== "string") return checkDocument(value);
  const offset = jsonErrorOffset(value);
  if (offset === undefined) return checkDocument(JSON.parse(value));
  const got = offset < value.length ? show(value.slice(offset, offset + 10)) : "the end of the text";
  return [`expected JSON text, got ${got} at ${describePosition(value, offset)}`];
}

/** True for what is meant as a shorthand. An object with neither rules nor a shorthand's key is a policy gone wrong. */
export function isShorthand(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 0 || keys.includes("keepImages") || keys.includes("expireUntaggedAfterDays");
}

function checkDocument(value: unknown): string[] {
  if (isShorthand(value)) return checkShape(shorthandSchema, value);
  const rules = typeof value === "object" && value !== null && "rules" in value ? value.rules : undefined;
  return [
    ...checkShape(policySchema, value),
    ...(Array.isArray(rules) ? checkRules(rules) : []),
    ...checkLength(JSON.stringify(value)),
  ];
}

function checkShape(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).flatMap((issue) => {
    const path = pathText(issue.path);
    if (issue.code !== "unrecognized_keys") {
      return `${path === "" ? "" : `${path}: `}expected ${issue.message}, got ${show(issue.input)}`;
    }
    return issue.keys.map((key) => `${pathText([...issue.path, key])}: unknown; expected one of ${issue.message}`);
  });
}

function checkLength(text: string | undefined): string[] {
  const { min, max } = TEXT_LENGTH;
  if (text === undefined || (text.length >= min && text.length <= max)) return [];
  return [`expected ${min} to ${max} characters of compact JSON, got ${text.length}`];
}

function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return parts.join("").replace(/^\./, "");
}
