/** The `count` candidates that are fewest edits away from a text, case and punctuation aside, the nearest first. */
export function closest(text: string, candidates: Iterable<string>, count: number): string[] {
  const wanted = fold(text);
  // Of spellings that differ in case or punctuation alone, the first is enough.
  const distinct = new Map([...candidates].reverse().map((candidate) => [fold(candidate), candidate]));
  return [...distinct.values()]
    .reverse()
    .map((candidate) => ({ candidate, distance: editDistance(wanted, fold(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
