import { listInWords } from '../format/list';

/** How many suggestions a message makes. */
const SUGGESTIONS = 3;
/** A beginning of a name is worth completing from this length: "leaky" for LeakyReLU. */
const BEGINNING = 3;

/**
 * The candidates that are near to a text in spelling, case and punctuation aside, the nearest first: a third of its
 * letters wrong at most, or its beginning. None where nothing is near.
 */
export function closest(text: string, candidates: Iterable<string>, count = SUGGESTIONS): string[] {
  const wanted = fold(text);
  const most = Math.max(1, Math.floor(wanted.length / 3));
  return distinct(candidates)
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, fold(candidate)) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The end of a sentence about a name that is not known: "did you mean sigmoid?", or what there is. */
export function meant(text: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const near = closest(text, known);
  return near.length > 0
    ? `did you mean ${listInWords(near, 'or')}?`
    : `expected one of ${distinct(known).join(', ')}.`;
}

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Of spellings that differ in case or punctuation alone, the first is enough. */
function distinct(candidates: Iterable<string>): string[] {
  const first = new Map<string, string>();
  for (const candidate of candidates) {
    const folded = fold(candidate);
    if (!first.has(folded)) first.set(folded, candidate);
  }
  return [...first.values()];
}

const distanceTo = (wanted: string, candidate: string): number =>
  wanted.length >= BEGINNING && candidate.startsWith(wanted)
    ? Number(candidate !== wanted)
    : editDistance(wanted, candidate);

/** Letters to insert, leave out, change or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          row[j]! + 1,
          next[j - 1]! + 1,
          row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
          swapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
