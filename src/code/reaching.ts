import { type Binding, contains } from './scope';

/** A name with more bindings than these that may hold has none that can be told. */
export const mostBindings = 32;

/** The index of the first binding that takes effect after a position. */
function firstAfter(bindings: readonly Binding[], position: number): number {
  let low = 0;
  let high = bindings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bindings[middle]!.at <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True for a binding that says something: not one without a value, nor one for an attempt that binds the name too. */
function tells(bindings: readonly Binding[], { meaning, attempt, at }: Binding): boolean {
  if (meaning.kind === 'declared') return false;
  if (attempt === undefined) return true;
  for (let k = firstAfter(bindings, at) - 1; k >= 0 && bindings[k]!.at > attempt.from; k--) {
    if (contains(attempt, bindings[k]!.at - 1)) return false;
  }
  return true;
}

/** Those before a position, back to the last that has happened for sure, in the order of the text. */
function before(bindings: readonly Binding[], end: number, position: number): { found: Binding[]; sure?: Binding } {
  const found: Binding[] = [];
  for (let k = end - 1; k >= 0 && found.length <= mostBindings; k--) {
    const binding = bindings[k]!;
    if (!tells(bindings, binding)) continue;
    found.push(binding);
    const isSure = binding.block === undefined || contains(binding.block, position);
    if (isSure) return { found: found.reverse(), sure: binding };
  }
  return { found: found.reverse() };
}

/** Those after a position that an earlier round of a loop around both may have left. */
function again(bindings: readonly Binding[], start: number, position: number, sure: Binding | undefined): Binding[] {
  const found: Binding[] = [];
  for (let k = start; k < bindings.length && found.length <= mostBindings; k++) {
    const binding = bindings[k]!;
    const { loop } = binding;
    if (loop === undefined || !contains(loop, position)) break;
    if (sure !== undefined && contains(loop, sure.at - 1)) break;
    if (tells(bindings, binding)) found.push(binding);
  }
  return found;
}

/**
 * The bindings that may hold at a position of their scope: the last that has happened for sure, those after it that may
 * have, and those that an earlier round of a loop may have left. Where none stands before the position: all. Of very
 * many only some, but more than `mostBindings`.
 */
export function reaching(bindings: readonly Binding[], position: number): readonly Binding[] {
  if (bindings.length === 1) return bindings;
  const middle = firstAfter(bindings, position);
  const { found, sure } = before(bindings, middle, position);
  if (found.length > 0) return [...found, ...again(bindings, middle, position, sure)];
  const all = bindings.slice(0, mostBindings + 1).filter((binding) => tells(bindings, binding));
  return all.length > 0 ? all : bindings.slice(-1);
}
