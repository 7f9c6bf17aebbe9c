/** A value that is made when it is first asked for: what a module brings along costs nothing where nobody uses it. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
