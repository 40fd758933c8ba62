import { isMap, type Values } from "../graph/read";

/** An expression that AWS would not evaluate, or that comes to nothing. */
export class QueryError extends Error {}

type Compiled = { readonly evaluate: (input: unknown, bindings: Record<string, unknown>) => Promise<unknown> };

const COMPILED = new Map<string, Compiled>();

/**
 * Fills what a state says: each text `{% ... %}` is an expression of JSONata, with `$states` and the variables of the
 * execution. One that comes to nothing is an error, as in AWS.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export async function evaluate(template: unknown, variables: Values): Promise<unknown> {
  if (typeof template === "string") return evaluateText(template, variables);
  if (Array.isArray(template)) return Promise.all(template.map((item: unknown) => evaluate(item, variables)));
  if (!isMap(template)) return template;
  const entries = await Promise.all(
    Object.entries(template).map(async ([key, value]) => [key, await evaluate(value, variables)] as const),
  );
  return Object.fromEntries(entries);
}

async function evaluateText(text: string, variables: Values): Promise<unknown> {
  const [, expression] = /^{%([\s\S]*)%}$/.exec(text) ?? [];
  if (expression === undefined) return text;
  const compiled = COMPILED.get(expression) ?? (await compile(expression));
  COMPILED.set(expression, compiled);
  let value: unknown;
  try {
    value = await compiled.evaluate(undefined, { ...variables });
  } catch (error) {
    throw new QueryError(messageOf(error));
  }
  if (value === undefined) throw new QueryError(`${expression.trim()} comes to nothing`);
  // Sequences of JSONata carry marks of their own.
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Loaded with the first expression: most rehearsals have none. */
async function compile(expression: string): Promise<Compiled> {
  const { default: jsonata } = await import("jsonata");
  try {
    return jsonata(expression);
  } catch (error) {
    throw new QueryError(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return isMap(error) && typeof error.message === "string" ? error.message : String(error);
}
