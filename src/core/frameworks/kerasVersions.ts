import type { Spelling } from './framework';
import { isAlways, publicPath } from './paths';
import { pathSpelling } from './spellings';

/** The same paths of Keras lead to its version 2, which is TensorFlow's here, or to 3. */

/** Paths that lead to Keras 2 whatever is installed beside it. */
export const isAlwaysKeras2 = (path: string): boolean => isAlways(path, 'tf2');

/** What a path of Keras is in its two versions; undefined for a path of anything else. */
export function kerasSpellings(
  path: string,
): { readonly two: Spelling | undefined; readonly three: Spelling | undefined } | undefined {
  const [, rest] = /^(?:tf\.)?keras\.(.+)$/.exec(publicPath(path)) ?? [];
  if (rest === undefined) return undefined;
  return { two: pathSpelling(`tf.keras.${rest}`, 'python'), three: pathSpelling(`keras.${rest}`, 'python') };
}
