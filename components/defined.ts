/** The entries of a map that have a value: AWS takes a key without one for a mistake. */
export function defined<T>(values: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, T][] => (value === undefined ? [] : [[key, value]])),
  );
}
