/**
 * Whether EventBridge would match an event: every key of the pattern is in the event, and one of its values is one of
 * those listed. Only what patterns here use: plain values, and `prefix`.
 */
export function matches(pattern: unknown, event: unknown): boolean {
  const wanted: unknown = typeof pattern === "string" ? JSON.parse(pattern) : pattern;
  if (Array.isArray(wanted)) {
    const values: unknown[] = Array.isArray(event) ? event : [event];
    return values.some((value) => wanted.some((choice) => equals(choice, value)));
  }
  if (typeof wanted !== "object" || wanted === null) throw new Error(`EventBridge takes lists, not ${String(wanted)}`);
  if (typeof event !== "object" || event === null) return false;
  const has = new Map<string, unknown>(Object.entries(event));
  return Object.entries(wanted).every(([key, inner]) => has.has(key) && matches(inner, has.get(key)));
}

function equals(choice: unknown, value: unknown): boolean {
  if (typeof choice !== "object" || choice === null) return choice === value;
  const [operator, beginning, ...more] = Object.entries(choice).flat() as unknown[];
  if (operator !== "prefix" || typeof beginning !== "string" || more.length > 0) {
    throw new Error(`no comparison that patterns here use: ${JSON.stringify(choice)}`);
  }
  return typeof value === "string" && value.startsWith(beginning);
}

/** What EventBridge sends to a target: the template with the values at its paths. Fails where the event has none. */
export function transformed(transformer: unknown, event: unknown): unknown {
  const { inputPaths, inputTemplate } = transformer as { inputPaths: Record<string, string>; inputTemplate: string };
  const text = inputTemplate.replace(/<([\w-]+)>/g, (_, name: string) => {
    const keys = (inputPaths[name] ?? "").split(".");
    if (keys.shift() !== "$") throw new Error(`no JSON path for <${name}>`);
    const value = keys.reduce((inner: unknown, key) => (inner as Record<string, unknown> | undefined)?.[key], event);
    if (typeof value !== "string") throw new Error(`nothing at ${inputPaths[name] ?? ""}`);
    return value;
  });
  return JSON.parse(text);
}
