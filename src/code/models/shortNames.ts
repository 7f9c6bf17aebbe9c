import { excerpt } from '../../core/format/excerpt';
import type { Model } from '../../core/model/model';

/** Characters of what a model's code calls something: no name that a person reads is longer. */
const MOST_OF_NAME = 100;

/** What stands between backticks in sentences has none of its own. */
const ordinary = /^[^`\s\p{C}](?:[^`\s\p{C}]| (?! ))*$/u;

const short = (name: string): string =>
  name.length <= MOST_OF_NAME && ordinary.test(name) ? name : excerpt(name, MOST_OF_NAME).replaceAll('`', '’');

/** Names that a person's answers are found by: they stay as the code has them. */
const kept: ReadonlySet<string> = new Set(['symbols']);

function shortened<T>(value: T): T {
  if (typeof value === 'string') return short(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, each] of Object.entries(value)) {
    const own = kept.has(key) ? each : shortened(each);
    if (own === each) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    copy[key] = own;
  }
  return (copy ?? value) as T;
}

/**
 * A model whose texts (names, types, what its code writes for activations, initialisers and losses) fit into a sentence, whatever
 * the code holds: on one line, and of bounded length. The very same object where they do already.
 */
export const withShortNames = (graph: Model): Model => shortened(graph);
