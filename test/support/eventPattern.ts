/**
 * Whether EventBridge would match an event: every key of the pattern is in the event, and one of its values is one of
 * those listed. Only what patterns here use: plain values, no `prefix` or `anything-but`.
 */
export function matches(pattern: unknown, event: unknown): boolean {
  const wanted: unknown = typeof pattern === "string" ? JSON.parse(pattern) : pattern;
  if (Array.isArray(wanted)) {
    const values: unknown[] = Array.isArray(event) ? event : [event];
    return values.some((value) => wanted.includes(value));
  }
  if (typeof wanted !== "object" || wanted === null) throw new Error(`EventBridge takes lists, not ${String(wanted)}`);
  if (typeof event !== "object" || event === null) return false;
  const has = new Map<string, unknown>(Object.entries(event));
  return Object.entries(wanted).every(([key, inner]) => has.has(key) && matches(inner, has.get(key)));
}
