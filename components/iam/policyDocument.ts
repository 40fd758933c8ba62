import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/** Condition block of a statement: operator, context key, value. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;

export type ConditionValue = Input<string> | readonly Input<string>[] | Output<string[]>;

/** One statement of an identity policy. Statements stand beside the call that needs them and travel with it. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly Input<string>[];
  readonly conditions?: Conditions;
}

/** A statement that allows `actions` on exactly `resources`. */
export function allow(
  actions: readonly string[],
  resources: readonly Input<string>[],
  conditions?: Conditions,
): Statement {
  return { effect: "Allow", actions, resources, conditions };
}

/** Renders statements as the JSON text AWS takes; what is allowed alike of several resources is one statement. */
export function document(statements: readonly Statement[]): Output<string> {
  return pulumi.output(statements.map(renderStatement)).apply((all) => policyText(mergedStatements(all)));
}

/** A statement whose values are all known, as AWS writes it. */
export interface RenderedStatement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

/** A statement as AWS writes it. */
export function renderStatement({ effect, actions, resources, conditions }: Statement) {
  return { Effect: effect, Action: actions, Resource: resources, Condition: conditions };
}

/** The text of a policy with these statements. */
export function policyText(statements: readonly RenderedStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Statements that differ in their resources alone say the same of all of them. */
export function mergedStatements(all: readonly RenderedStatement[]): RenderedStatement[] {
  const byRest = new Map<string, RenderedStatement>();
  for (const statement of all) {
    const { Effect, Action, Condition, Resource } = statement;
    const rest = JSON.stringify([Effect, Action, Condition]);
    const same = byRest.get(rest)?.Resource ?? [];
    byRest.set(rest, { Effect, Action, Resource: [...new Set([...same, ...Resource])], Condition });
  }
  return [...byRest.values()];
}

/** For whom a service acts, where it says so. */
export interface ActsFor {
  readonly accountId: Input<string>;
  /** ARN of what it works on, or a pattern of ARNs, or several. @default - anything of the account */
  readonly sourceArn?: SourceArn | undefined;
}

/** ARN of what a service works on when it takes a role, or a pattern of ARNs; several. */
export type SourceArn = Input<string> | readonly Input<string>[];

/**
 * Trust policy: `service` may assume the role, on behalf of this account and this resource only where the service supports
 * saying so.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function assumeRoleBy(service: string, on?: ActsFor): Output<string> {
  const sourceArn = on?.sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": on.sourceArn } };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: on && { StringEquals: { "aws:SourceAccount": on.accountId }, ...sourceArn },
      },
    ],
  });
}
