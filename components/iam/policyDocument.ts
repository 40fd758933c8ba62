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

/** Renders statements as the JSON text AWS takes; equal statements are written once. */
export function document(statements: readonly Statement[]): Output<string> {
  const rendered = statements.map((statement) => ({
    Effect: statement.effect,
    Action: statement.actions,
    Resource: statement.resources,
    Condition: statement.conditions,
  }));
  return pulumi.output(rendered).apply((all) => {
    const unique = new Map(all.map((statement) => [JSON.stringify(statement), statement]));
    return JSON.stringify({ Version: "2012-10-17", Statement: [...unique.values()] });
  });
}

/**
 * Trust policy: `service` may assume the role, on behalf of `accountId` only where the service supports saying so.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function assumeRoleBy(service: string, accountId?: Input<string>): Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: accountId !== undefined ? { StringEquals: { "aws:SourceAccount": accountId } } : undefined,
      },
    ],
  });
}
