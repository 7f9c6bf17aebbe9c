import { isBuiltinType } from './builtinTypes';
import { filledText, joinedText, repeatedItems, repeatedText } from './growth';
import { compareCounts, countPlus, joinedLists, looseAt, looseList, spreadList } from './looseLists';
import { type ConstantValue, constant, type DictValue, type ListValue, list, type Value } from './values';

/** Arithmetic, comparison and truth on values that are known; undefined where the answer is not. */

const isConstant = (value: Value): value is ConstantValue => value.kind === 'constant';

/** Booleans count as 0 and 1 in Python; not here, where nobody adds them. */
const numberOf = (value: Value): number | undefined =>
  isConstant(value) && typeof value.value === 'number' ? value.value : undefined;

export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;

export const wholeOf = (value: Value | undefined): number | undefined => {
  const x = value === undefined ? undefined : numberOf(value);
  return x !== undefined && Number.isInteger(x) ? x : undefined;
};

export const realOf = (value: Value | undefined): number | undefined =>
  value === undefined ? undefined : numberOf(value);

function calculated(operator: string, a: number, b: number, python: boolean): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return python && b === 0 ? undefined : a / b;
    case '//':
      return b === 0 ? undefined : Math.floor(a / b);
    case '%':
      if (b === 0) return undefined;
      return python ? a - b * Math.floor(a / b) : a % b;
    case '**':
      return a ** b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    default:
      return undefined;
  }
}

/** An argument that a list is added to is one too. */
const asList = (value: Value, other: Value): Value =>
  value.kind === 'unknown' && value.symbols.length > 0 && other.kind === 'list' ? spreadList(value, other.of) : value;

function onLists(operator: string, one: Value, other: Value): Value | undefined {
  const [left, right] = operator === '+' ? [asList(one, other), asList(other, one)] : [one, other];
  if (operator === '+' && left.kind === 'list' && right.kind === 'list') return joinedLists(left, right);
  if (operator !== '*') return undefined;
  const [sequence, times] = left.kind === 'list' ? [left, wholeOf(right)] : [right, wholeOf(left)];
  if (sequence.kind !== 'list') return undefined;
  if (times === undefined) {
    const [only] = sequence.items;
    return only !== undefined && sequence.complete && sequence.items.length === 1
      ? looseList([only], sequence.of, [0], undefined)
      : undefined;
  }
  const items = repeatedItems(sequence.items, times);
  return items === undefined ? undefined : list(items, sequence.of, sequence.complete);
}

/** Lengths of which nobody knows more than how much shorter strides made one than the other. */
function ratioOfLengths(left: Value, right: Value): Value | undefined {
  const [a, b] = [left, right].map((value) => (value.kind === 'unknown' ? value.strides : undefined));
  return a !== undefined && a.of === b?.of ? constant(b.by / a.by) : undefined;
}

/** `a + b` and its like. */
export function binary(operator: string, left: Value, right: Value, python: boolean): Value | undefined {
  const template = python && operator === '%' ? textOf(left) : undefined;
  if (template !== undefined) return formatted(template, right);
  if (left.kind === 'list' || right.kind === 'list') return onLists(operator, left, right);
  if (operator === '|' && left.kind === 'dict' && right.kind === 'dict') {
    return {
      kind: 'dict',
      entries: new Map([...left.entries, ...right.entries]),
      complete: left.complete && right.complete,
    };
  }
  if (!isConstant(left) || !isConstant(right)) {
    return operator === '/' ? ratioOfLengths(left, right) : countPlus(operator, left, right);
  }
  const [a, b] = [left.value, right.value];
  if (typeof a === 'number' && typeof b === 'number') {
    const value = calculated(operator, a, b, python);
    return value === undefined || Number.isNaN(value) ? undefined : constant(value);
  }
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return joinedText([a, b]);
  if (operator === '+' && !python && (typeof a === 'string' || typeof b === 'string'))
    return joinedText([`${a}`, `${b}`]);
  if (operator === '*' && typeof a === 'string' && typeof b === 'number') return repeatedText(a, b);
  if (operator === '*' && typeof b === 'string' && typeof a === 'number') return repeatedText(b, a);
  return undefined;
}

/** Characters that a number is filled up to. */
const WIDEST = 1000;

/** `'block%d' % n`, `'%s_%d' % (name, n)`; undefined for a form of which nobody can tell the text. */
function formatted(template: string, value: Value): Value | undefined {
  const values = value.kind === 'list' && value.of === 'tuple' ? [...value.items] : [value];
  const form = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d+))?([a-zA-Z])|\()/g;
  const text = filledText(template, form, ([all, flags, width, digits, letter]) => {
    if (all === '%%') return '%';
    const next = values.shift();
    const held = next !== undefined && isConstant(next) ? next.value : undefined;
    const written = writtenAs(letter, held, digits);
    const isKnown = (flags === '' || flags === '0') && Number(width || 0) <= WIDEST;
    if (written === undefined || !isKnown) return undefined;
    return written.padStart(Number(width || 0), flags === '0' ? '0' : ' ');
  });
  return values.length === 0 ? text : undefined;
}

function writtenAs(form: string | undefined, value: unknown, digits: string | undefined): string | undefined {
  if (form === 's' && digits === undefined) {
    return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value))
      ? String(value)
      : undefined;
  }
  if (typeof value !== 'number') return undefined;
  if (form === 'd' || form === 'i') return String(Math.trunc(value));
  return form === 'f' || form === 'F' ? value.toFixed(Number(digits ?? 6)) : undefined;
}

/** Whether a test takes a value for true. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'list':
      return value.items.length > (value.loose?.length ?? 0) ? true : value.complete ? false : undefined;
    case 'dict':
      return value.entries.size > 0 ? true : value.complete ? false : undefined;
    case 'function':
    case 'class':
    case 'instance':
    case 'bound':
    case 'path':
      return true;
    case 'foreign':
      return value.type === 'tensor' ? undefined : true;
    default:
      return undefined;
  }
}

/** True for what is certainly no None, null or undefined. */
const isSomething = (value: Value): boolean => value.kind !== 'constant' && value.kind !== 'unknown';

/** What frameworks' names mean is never None: `act is not None` of `act=nn.relu` is known. */
const isFrameworks = (path: string): boolean => /^(torch|flax|jax|keras|tensorflow|tf_keras)\./.test(path);

/** Whether something imported may be a constant. */
const mayBe = (value: Value, { value: other }: Value & { kind: 'constant' }): boolean =>
  value.kind === 'path' && !(isFrameworks(value.path) && (other === null || other === undefined));

/** Whether both are the length of what comes from the same, by the same strides. */
const isSameLength = (left: Value, right: Value): boolean => {
  const [a, b] = [left, right].map((value) => (value.kind === 'unknown' ? value.strides : undefined));
  return a !== undefined && a.of === b?.of && a.by === b.by;
};

export function same(left: Value, right: Value): boolean | undefined {
  const counts = compareCounts(left, right);
  if (counts !== undefined) return counts === 'equal';
  const ofTypes = isBuiltinType(left, right) ?? isBuiltinType(right, left);
  if (ofTypes !== undefined) return ofTypes;
  if (left === right && left.kind !== 'unknown') return true;
  if (isSameLength(left, right)) return true;
  if (isConstant(left) && isConstant(right)) return left.value === right.value;
  if (isConstant(left) && isSomething(right)) return mayBe(right, left) ? undefined : false;
  if (isConstant(right) && isSomething(left)) return mayBe(left, right) ? undefined : false;
  if (left.kind === 'list' && right.kind === 'list' && left.complete && right.complete) {
    if (left.items.length !== right.items.length) return false;
    return sameItems(left.items, right.items);
  }
  if (left.kind === 'path' && right.kind === 'path') return left.path === right.path;
  if (left.kind === 'class' && right.kind === 'class') return false;
  return undefined;
}

function sameItems(left: readonly Value[], right: readonly Value[]): boolean | undefined {
  let answer: boolean | undefined = true;
  for (let k = 0; k < left.length; k++) {
    const [a, b] = [left[k]!, right[k]!];
    // A list of the same a thousand times over.
    if (k > 0 && a === left[k - 1] && b === right[k - 1]) continue;
    const found = same(a, b);
    if (found === false) return false;
    if (found === undefined) answer = undefined;
  }
  return answer;
}

function contains(item: Value, container: Value): boolean | undefined {
  if (container.kind === 'dict') {
    if (item.kind !== 'constant' || item.value === undefined) return undefined;
    return container.entries.has(item.value) || (container.complete ? false : undefined);
  }
  if (container.kind === 'list') {
    const each = container.items.map((other) => same(item, other));
    if (each.includes(true)) return true;
    return each.includes(undefined) || !container.complete ? undefined : false;
  }
  const [inner, outer] = [textOf(item), textOf(container)];
  return inner === undefined || outer === undefined ? undefined : outer.includes(inner);
}

/** `<`, `<=`; with `more`, `>` and `>=`. */
const less = (operator: string, found: 'less' | 'equal' | 'more', wanted: 'less' | 'more' = 'less'): boolean =>
  found === wanted || (found === 'equal' && operator.endsWith('='));

const not = (answer: boolean | undefined): boolean | undefined => (answer === undefined ? undefined : !answer);

/** One link of a comparison. */
export function compare(operator: string, left: Value, right: Value): boolean | undefined {
  switch (operator) {
    case '==':
    case '===':
    case 'is':
      return same(left, right);
    case '!=':
    case '!==':
    case 'is not':
      return not(same(left, right));
    case 'in':
      return contains(left, right);
    case 'not in':
      return not(contains(left, right));
  }
  const counts = compareCounts(left, right);
  if (counts !== undefined) return operator.startsWith('<') ? less(operator, counts) : less(operator, counts, 'more');
  if (!isConstant(left) || !isConstant(right)) return undefined;
  const [a, b] = [left.value, right.value];
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return undefined;
  switch (operator) {
    case '<':
      return a! < b!;
    case '>':
      return a! > b!;
    case '<=':
      return a! <= b!;
    case '>=':
      return a! >= b!;
    default:
      return undefined;
  }
}

/** A part of a list or text, as Python and JavaScript count: negative from the end. */
export function sliced<T>(
  items: readonly T[],
  start: number | undefined,
  stop: number | undefined,
  step = 1,
): T[] | undefined {
  if (step === 0 || !Number.isInteger(step)) return undefined;
  const n = items.length;
  const place = (x: number | undefined, usual: number): number =>
    x === undefined ? usual : Math.max(step > 0 ? 0 : -1, Math.min(step > 0 ? n : n - 1, x < 0 ? x + n : x));
  const from = place(start, step > 0 ? 0 : n - 1);
  const to = stop === undefined ? (step > 0 ? n : -1) : place(stop, 0);
  const result: T[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) result.push(items[i]!);
  return result;
}

/** `a[i]` of what the interpreter itself holds. */
export function indexed(object: Value, index: Value): Value | undefined {
  if (object.kind === 'dict') {
    if (index.kind !== 'constant' || index.value === undefined) return undefined;
    return object.entries.get(index.value);
  }
  const at = wholeOf(index);
  if (at === undefined) return undefined;
  if (object.kind === 'list' && object.loose !== undefined) return looseAt(object, at);
  if (object.kind === 'list') return object.complete || at >= 0 ? object.items.at(at) : undefined;
  const text = textOf(object);
  const character = text?.at(at);
  return character === undefined ? undefined : constant(character);
}

/** Keys that a dict can hold here. */
export const keyOf = (value: Value): string | number | boolean | null | undefined =>
  value.kind === 'constant' ? value.value : undefined;

export const dictOf = (entries: Iterable<readonly [string | number | boolean | null, Value]>): DictValue => ({
  kind: 'dict',
  entries: new Map(entries),
  complete: true,
});

/** The items of a value that the interpreter itself holds. */
export function ownItems(value: Value): ListValue | undefined {
  if (value.kind === 'list') return value;
  if (value.kind === 'dict')
    return list(
      [...value.entries.keys()].map((key) => constant(key)),
      'list',
      value.complete,
    );
  const text = textOf(value);
  return text === undefined ? undefined : list([...text].map((character) => constant(character)));
}

/** False for a list or a dict that may have more items than are known. */
export const isWhole = (value: Value | undefined): boolean =>
  (value?.kind !== 'list' && value?.kind !== 'dict') || value.complete;

/** A set: each item once, where items can be told apart. */
export function setOf(items: readonly Value[], complete: boolean): ListValue {
  const kept = new Map<unknown, Value>();
  for (const item of items) kept.set(item.kind === 'constant' ? item.value : item, item);
  const told = [...kept.values()].every(({ kind }) => kind === 'constant' || kind === 'path' || kind === 'class');
  return list([...kept.values()], 'set', complete && (told || kept.size < 2));
}
