/** A value for a text, and the latest ones kept: a slider asks again and again for all candidates. */
export function memo<T>(size: number): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= size) kept.delete(kept.keys().next().value!);
    kept.set(key, made);
    return made;
  };
}
