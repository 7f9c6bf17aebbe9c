/** Characters of somebody's code, or of a name in it, that a sentence quotes. */
const MOST = 60;

/** Space of any kind, and what drives a terminal or a page rather than being read; not the space that holds a number together. */
const blank = /(?:(?!\u00a0)[\s\p{Cc}\p{Zl}\p{Zp}])+/gu;
/** What draws nothing, or turns what follows round. */
const unseen = /\p{Cf}/gu;
/** Halves of a character. */
const half = /\p{Cs}/gu;

/** Nothing to be done, which is nearly always so. */
const plain = /^(?:[!-~]| (?! ))*$/;

/**
 * Somebody's code as a sentence quotes it: on one line, without marks that are not seen, and cut off where it is long. Takes as
 * long for a text of megabytes as for a short one.
 *
 * @param most characters, of which the last is … where something was cut off
 */
export function excerpt(text: string, most = MOST): string {
  if (text.length <= most && plain.test(text)) return text;
  const start = text.slice(0, 4 * most);
  const line = start.replace(blank, ' ').replace(unseen, '').replace(half, '\ufffd').trim();
  if (line.length <= most && start.length === text.length) return line;
  // Never half of a character.
  return `${line.slice(0, most - 1).replace(half, '')}…`;
}

/** "a, b, c": a list of which there may be any number, as far as a sentence can have it. */
export const few = (items: readonly string[], most = 3): string =>
  `${items
    .slice(0, most)
    .map((each) => excerpt(each))
    .join(', ')}${items.length > most ? ', …' : ''}`;

/** A label in which VS Code draws no icon for `$(name)`: between the two stands what holds words together and is not seen. */
export const withoutIcons = (text: string): string => text.replaceAll('$(', '$\u2060(');
