import { answerText, type Lookup, textOr } from "./asked";

type Values = Readonly<Record<string, unknown>>;

/** `aws.iam.getPolicyDocument`: statements in Pulumi's words as the JSON of IAM. Later ones take the place of equal Sids. */
export const policyDocument: Lookup = ({ inputs, hash }) => {
  const [sources, overrides] = [inputs.sourcePolicyDocuments, inputs.overridePolicyDocuments].map(statementsIn);
  const own = listOf(inputs.statements).map(valuesOf).map(statement);
  const all = [...(sources ?? []), ...own, ...(overrides ?? [])];
  const Statement = all.filter(({ Sid }, index) => !Sid || !all.slice(index + 1).some((later) => later.Sid === Sid));
  const document = {
    Version: textOr(inputs.version, "2012-10-17"),
    Id: answerText(inputs.policyId) ? inputs.policyId : undefined,
    Statement,
  };
  const minifiedJson = JSON.stringify(document);
  return { ...inputs, json: JSON.stringify(document, undefined, 2), minifiedJson, id: hash.slice(0, 10) };
};

function statementsIn(documents: unknown): Values[] {
  return listOf(documents).flatMap((text) => {
    const { Statement } = valuesOf(JSON.parse(textOr(text, "{}")));
    return listOf(Array.isArray(Statement) || Statement === undefined ? Statement : [Statement]).map(valuesOf);
  });
}

function statement(given: Values): Values {
  const sets = { NotAction: given.notActions, Action: given.actions };
  const targets = { NotResource: given.notResources, Resource: given.resources };
  return {
    Sid: answerText(given.sid) ? given.sid : undefined,
    Effect: textOr(given.effect, "Allow"),
    ...collapsed(sets),
    ...collapsed(targets),
    Principal: given.principals === undefined ? undefined : principals(given.principals),
    NotPrincipal: given.notPrincipals === undefined ? undefined : principals(given.notPrincipals),
    Condition: given.conditions === undefined ? undefined : conditions(given.conditions),
  };
}

/** One value stands alone, as the provider writes it; what nobody gave is left out. */
function collapsed(lists: Values): Values {
  const given = Object.entries(lists).filter(([, values]) => listOf(values).length > 0);
  return Object.fromEntries(given.map(([key, values]) => [key, alone(listOf(values))]));
}

function alone(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

function principals(given: unknown): unknown {
  const all = listOf(given).map(valuesOf);
  if (all.some(({ type }) => type === "*")) return "*";
  const types = [...new Set(all.map(({ type }) => textOr(type)))];
  const identifiers = (of: string) =>
    all.filter(({ type }) => type === of).flatMap((principal) => listOf(principal.identifiers));
  return Object.fromEntries(types.map((type) => [type, alone(identifiers(type))]));
}

function conditions(given: unknown): Values {
  const result: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of listOf(given).map(valuesOf)) {
    const of = textOr(test);
    result[of] = { ...result[of], [textOr(variable)]: alone(listOf(values)) };
  }
  return result;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: unknown): Values {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
