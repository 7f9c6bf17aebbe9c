import type { Reading } from '../kit/draftField';

const MOST = 65_536;
const MOST_SIZES = 5;

/** "28, 28, 1" or "28 × 28 × 1" as sizes. */
export function readShape(text: string): Reading<number[]> {
  const sizes = text
    .split(/[\s,×x*]+/)
    .filter((part) => part !== '')
    .map(Number);
  const isShape =
    sizes.length > 0 && sizes.length <= MOST_SIZES && sizes.every((n) => Number.isInteger(n) && n >= 1 && n <= MOST);
  return isShape
    ? { value: sizes }
    : { problem: `“${text}” is no shape; expected sizes such as 28, 28, 1, without the batch and channels last.` };
}
