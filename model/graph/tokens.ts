import { globExpression } from "./eventPattern";
import type { RecordedStatement } from "./iam";
import type { Action } from "./pipelines";
import { mapOf, textsOf } from "./read";
import type { RecordedWorkflow } from "./workflows";

/** The token of a job of GitHub Actions, as far as roles are given to it for what it says. */
export interface JobToken {
  readonly sub: string;
  readonly ref: string;
}

/** The token of the job that does an action. */
export function tokenOf({ repository, branch, environment }: RecordedWorkflow, action: Action): JobToken {
  return {
    sub: `repo:${repository}:environment:${action.environment ?? environment}`,
    ref: `refs/heads/${branch}`,
  };
}

/** Whether a trust policy gives its role to the holder of a token. */
export function admitsJob(statements: readonly RecordedStatement[], token: JobToken): boolean {
  return statements.some(
    ({ effect, actions, principal, condition }) =>
      effect === "Allow" &&
      actions.includes("sts:AssumeRoleWithWebIdentity") &&
      textsOf(mapOf(principal).Federated).some((arn) =>
        arn.endsWith(":oidc-provider/token.actions.githubusercontent.com"),
      ) &&
      Object.entries(condition).every(([operator, block]) =>
        Object.entries(mapOf(block)).every(([key, values]) => says(token, key, textsOf(values), operator)),
      ),
  );
}

function says(token: JobToken, key: string, values: readonly string[], operator: string): boolean {
  const claim = key.split(":").at(-1);
  if (claim !== "sub" && claim !== "ref") return true;
  return values.some((value) =>
    operator.includes("Like") ? globExpression(value).test(token[claim]) : value === token[claim],
  );
}

/** The subjects that a trust policy gives its role to. */
export function admittedSubjects(statements: readonly RecordedStatement[]): readonly string[] {
  return statements.flatMap(({ condition }) =>
    Object.values(condition).flatMap((block) =>
      Object.entries(mapOf(block)).flatMap(([key, values]) => (key.endsWith(":sub") ? textsOf(values) : [])),
    ),
  );
}
