/** A value without what is undefined in it: for AWS, JSON and the engine an absent property and an undefined one are the same. */
export function present<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => present(item)) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, present(item)]])),
  ) as T;
}
