/** Runs `make` at the first call and gives its result at every call. */
export function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    const [first = make()] = made;
    made[0] = first;
    return first;
  };
}
