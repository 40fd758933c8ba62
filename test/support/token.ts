import { like } from "./iam";
import { at, list, textAt } from "./read";

/** What AWS STS is shown: who signed a token, and what it says. */
export interface Token {
  /** ARN of the provider that stands for the issuer. */
  readonly provider: string;
  readonly issuer: string;
  readonly aud: string;
  readonly sub: string;
}

/** Whether a trust policy (JSON text) gives its role for a token. Knows the operators that are used here, and no others. */
export function admitsToken(trust: unknown, token: Token): boolean {
  return list(at(JSON.parse(textAt(trust)), "Statement")).some(
    (statement) =>
      at(statement, "Effect") === "Allow" &&
      at(statement, "Action") === "sts:AssumeRoleWithWebIdentity" &&
      at(statement, "Principal", "Federated") === token.provider &&
      Object.entries(at(statement, "Condition") ?? {}).every(([operator, keys]) => holds(operator, keys, token)),
  );
}

function holds(operator: string, keys: unknown, token: Token): boolean {
  const claims = new Map([
    [`${token.issuer}:aud`, token.aud],
    [`${token.issuer}:sub`, token.sub],
  ]);
  return Object.entries(keys ?? {}).every(([key, wanted]) => {
    const got = claims.get(key);
    const patterns = (Array.isArray(wanted) ? wanted : [wanted]).map(textAt);
    return got !== undefined && patterns.some((pattern) => compare(operator, pattern, got));
  });
}

function compare(operator: string, pattern: string, got: string): boolean {
  if (operator === "StringEquals") return pattern === got;
  if (operator === "StringLike") return like(pattern, got);
  throw new Error(`no comparison that trust policies here use: ${operator}`);
}
