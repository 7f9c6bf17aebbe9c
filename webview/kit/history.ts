/** Values that were shown before, so that any change can be taken back. */
export interface History<T> {
  readonly past: readonly { readonly value: T; readonly label: string }[];
  readonly present: T;
  /** What the latest change touched and when it came: a drag is one change. */
  readonly key: string;
  readonly at: number;
}

const KEPT = 100;
/** Milliseconds within which changes of the same thing count as one. */
const SAME_CHANGE = 1500;

export const startHistory = <T>(present: T): History<T> => ({ past: [], present, key: '', at: 0 });

/**
 * Shows another value.
 *
 * @param key what is changed: changes of the same thing in a row are one; empty for what is a change by itself
 * @param label names the change where it is taken back
 * @param dragged whether it belongs to the change before, however long that rested: the pointer has been held down since
 */
export function change<T>(
  history: History<T>,
  present: T,
  key: string,
  label: string,
  now: number,
  dragged = false,
): History<T> {
  const goesOn = key !== '' && key === history.key && (dragged || now - history.at < SAME_CHANGE);
  const past = goesOn ? history.past : [...history.past, { value: history.present, label }].slice(-KEPT);
  return { past, present, key, at: now };
}

/** The value before; the same history where there is none. */
export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  return last === undefined ? history : { past: history.past.slice(0, -1), present: last.value, key: '', at: 0 };
}
