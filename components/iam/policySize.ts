import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import {
  mergedStatements,
  policyText,
  type RenderedStatement,
  renderStatement,
  type Statement,
} from "./policyDocument";

/**
 * Characters that IAM takes: of all inline policies of a role together, and of one managed policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICY_MAX = { inline: 10_240, managed: 6144 } as const;

/** Managed policies of a role: AWS's quota, which it raises to 25 where someone asks. */
export const MANAGED_POLICIES_MAX = 10;

/** What a statement takes beside its actions and resources, and what is lost where one is parted. */
const STATEMENT_LENGTH = 80;
const PARTING_LENGTH = 500;

/** How long an ARN or a value is that is not known before it is there, with quotes and comma. Names are 60 characters at most. */
const UNKNOWN_LENGTH = 175;

/**
 * How many policies these statements take: one inline, and managed ones besides where that is too small. Their text is not
 * known before the update, and how many resources there are has to be: so it is a guess, and never too low.
 */
export function policiesNeeded(statements: readonly Statement[]): number {
  const length = atMost(statements);
  return 1 + Math.max(0, Math.ceil((length - POLICY_MAX.inline) / (POLICY_MAX.managed - PARTING_LENGTH)));
}

function atMost(statements: readonly Statement[]): number {
  const ids = new Map<unknown, number>();
  const idOf = (value: unknown) => {
    const id = typeof value === "string" ? value : (ids.get(value) ?? ids.size);
    if (typeof id === "number") ids.set(value, id);
    return id;
  };
  const groups = new Map<string, { readonly length: number; readonly resources: Set<Input<string>> }>();
  for (const { effect, actions, conditions = {}, resources } of statements) {
    const values = Object.values(conditions).flatMap((values) => Object.values(values).flat());
    const key = JSON.stringify([
      effect,
      actions,
      Object.entries(conditions).map(([operator, of]) => [operator, Object.keys(of)]),
      values.map(idOf),
    ]);
    const group = groups.get(key) ?? {
      length:
        STATEMENT_LENGTH +
        JSON.stringify(actions).length +
        values.reduce((sum, value) => sum + 40 + lengthOf(value), 0),
      resources: new Set(),
    };
    for (const resource of resources) group.resources.add(resource);
    groups.set(key, group);
  }
  return [...groups.values()].reduce(
    (sum, { length, resources }) => sum + length + [...resources].reduce((all, one) => all + lengthOf(one), 0),
    0,
  );
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length + 3 : UNKNOWN_LENGTH;
}

/** The same statements as the texts of `count` policies, the first the inline one. */
export function documents(statements: readonly Statement[], count: number): Output<string>[] {
  const parted = pulumi.output(statements.map(renderStatement)).apply((all) => {
    const texts = part(mergedStatements(all), count).map(policyText);
    texts.forEach((text, index) => {
      const most = index === 0 ? POLICY_MAX.inline : POLICY_MAX.managed;
      if (text.length > most)
        throw new pulumi.RunError(
          `policy ${index + 1} of ${count}: ${text.length} characters, AWS takes ${most}; shorten names`,
        );
    });
    return texts;
  });
  return Array.from({ length: count }, (_, index) => parted.apply((texts) => texts[index] ?? ""));
}

/** Parts as full as one another, none empty: AWS takes no policy without a statement. */
function part(statements: readonly RenderedStatement[], count: number): RenderedStatement[][] {
  if (count === 1) return [[...statements]];
  const room = (index: number) => (index === 0 ? POLICY_MAX.inline : POLICY_MAX.managed);
  const rooms = Array.from({ length: count }, (_, index) => room(index)).reduce((sum, one) => sum + one, 0);
  const share = policyText(statements).length / rooms;
  const parts: RenderedStatement[][] = [];
  let current: RenderedStatement[] = [];
  for (const { Resource, ...rest } of statements) {
    for (const resource of Resource) {
      const grown = added(current, rest, resource);
      const isFull = policyText(grown).length > room(parts.length) * share;
      if (!isFull || current.length === 0 || parts.length === count - 1) {
        current = grown;
        continue;
      }
      parts.push(current);
      current = added([], rest, resource);
    }
  }
  return [...parts, current];
}

/** The statements with one resource more: in the last of them, where that says the same. */
function added(
  statements: readonly RenderedStatement[],
  rest: Omit<RenderedStatement, "Resource">,
  resource: string,
): RenderedStatement[] {
  const last = statements.at(-1);
  const { Effect, Action, Condition } = rest;
  const same =
    last && JSON.stringify([last.Effect, last.Action, last.Condition]) === JSON.stringify([Effect, Action, Condition]);
  if (same) return [...statements.slice(0, -1), { Effect, Action, Resource: [...last.Resource, resource], Condition }];
  return [...statements, { Effect, Action, Resource: [resource], Condition }];
}
