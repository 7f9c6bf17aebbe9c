import type { Outcome } from './changes';
import type { Host } from './host';
import { type Completion, none, type Run } from './run';
import { isInPlace } from './unknown';
import { type Foreign, foreignIn, isNothing, type Value } from './values';

/** Code of which nobody knows whether it runs, and what it leaves behind. */

const ends = (completion: Completion): boolean => completion?.kind === 'return' || completion?.kind === 'raise';

/** Runs two branches of which nobody knows which one it is, and joins what they leave behind. */
export function either(run: Run, first: () => Completion, second: () => Completion): Completion {
  let [a, b]: [Completion, Completion] = [undefined, undefined];
  const { changes } = run;
  const outcomes = run.inDoubt((): [Outcome, Outcome] => [
    changes.attempt(() => {
      a = first();
    }),
    changes.attempt(() => {
      b = second();
    }),
  ]);
  const join = (p: Value | undefined, q: Value | undefined) => merge(run, p, q);
  const [x, y] = [a as Completion, b as Completion];
  if (ends(x) && ends(y)) {
    changes.join(...outcomes, join);
    if (x?.kind === 'return' && y?.kind === 'return') {
      return { kind: 'return', value: join(x.value, y.value) ?? none };
    }
    return x?.kind === 'return' ? x : y;
  }
  // A branch that has left changes nothing for the code that goes on.
  if (x?.kind === 'return') run.frame.returned.push(x.value);
  if (y?.kind === 'return') run.frame.returned.push(y.value);
  if (ends(x)) changes.take(outcomes[1]);
  else if (ends(y)) changes.take(outcomes[0]);
  else changes.join(...outcomes, join);
  return undefined;
}

/** Code that may or may not run, and whose results are joined with what was before. */
export const perhaps = (run: Run, code: () => Completion): Completion => either(run, code, () => undefined);

/** Either of two values, of which nobody knows which one it is. */
export function merge(host: Host, a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  if (a.kind === 'constant' && b.kind === 'constant' && a.value === b.value) return a;
  const [first, second] = [foreignIn(a), foreignIn(b)];
  if (first !== undefined && second !== undefined && first.library === second.library) return merged(host, a, b, first);
  if (first !== undefined) return merged(host, a, b, first);
  if (second !== undefined) return merged(host, b, a, second);
  if (a.kind === 'list' && b.kind === 'list') {
    const longer = a.items.length >= b.items.length ? a : b;
    const shorter = longer === a ? b : a;
    // Lists of lists of lists, and so on, have no end of places.
    host.step(1 + (longer.items.length >> 4));
    // What both have at a place, or either of it: a width of one of them is not known to be the other's.
    const items = longer.items.map((item, k) => merge(host, item, shorter.items[k]) ?? item);
    return { ...longer, items, complete: false };
  }
  if (isNothing(a) && !isPlainOrCalled(b)) return b;
  if (isNothing(b) && !isPlainOrCalled(a)) return a;
  return host.unknown(textOfEither(a, b), [a, b]);
}

const merged = (host: Host, a: Value, b: Value, { library }: Foreign): Value => library.merge?.(a, b, host) ?? a;

/** A number or a function that may be nothing at all is neither: what it does to the code after it is open. */
const isPlainOrCalled = ({ kind }: Value): boolean =>
  kind === 'constant' || kind === 'path' || kind === 'function' || kind === 'bound';

function textOfEither(a: Value, b: Value): string {
  if (a.kind === 'unknown') return a.text;
  return a.kind === 'path' && b.kind === 'path' && isInPlace(a.path) ? a.path : 'either';
}
