import type { Transport } from './channel';

/**
 * VS Code carries a webview's messages as JSON (bytes aside), which makes null of NaN and ∞, as a diverging network has
 * them. On such a way they travel by their names.
 */
const KEY = '$number';
const names = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** Lists and plain objects; bytes and series are left alone. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** No message of a contract is nested as deep; what is goes on as it came, and is refused there. */
const DEEPEST = 64;

function replaced(value: unknown, replace: (value: unknown) => unknown, depth = 0): unknown {
  const own = replace(value);
  if (!Object.is(own, value) || depth === DEEPEST) return own;
  if (Array.isArray(value)) {
    const items = value.map((item) => replaced(item, replace, depth + 1));
    return items.some((item, i) => !Object.is(item, value[i])) ? items : value;
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, replaced(item, replace, depth + 1)] as const);
  return entries.some(([key, item]) => !Object.is(item, value[key])) ? Object.fromEntries(entries) : value;
}

const packed = (message: unknown): unknown =>
  replaced(message, (value) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [KEY]: String(value) } : value,
  );

const unpacked = (message: unknown): unknown =>
  replaced(message, (value) => {
    if (!isPlain(value)) return value;
    const name = value[KEY];
    return typeof name === 'string' && names.has(name) && Object.keys(value).length === 1 ? names.get(name) : value;
  });

/** A transport whose messages pass through JSON on their way. */
export const overJson = (transport: Transport): Transport => ({
  post: (message) => transport.post(packed(message)),
  listen: (receive) => transport.listen((message) => receive(unpacked(message))),
});
