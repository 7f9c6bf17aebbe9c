/** The last of what stands in the order of a text that begins at or before a place; undefined where all of it comes after. */
export function partAt<T extends { readonly from: number }>(parts: readonly T[], place: number): T | undefined {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle]!.from <= place) low = middle + 1;
    else high = middle;
  }
  return parts[low - 1];
}
