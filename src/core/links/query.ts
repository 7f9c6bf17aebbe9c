/** The query of a link: `key=value` pairs that mail, slides and Markdown leave as they are. */

/** Nobody shares more than this; what is longer is not taken apart. Characters. */
export const LONGEST_LINK = 16_000;

/** Encodes what ends a link somewhere, brackets among it, and leaves the marks that lists are made of. */
const encoded = (value: string): string =>
  encodeURIComponent(value)
    .replace(/[()'!*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(2C|3A|3B)/g, (escaped) => decodeURIComponent(escaped));

export const writeQuery = (pairs: readonly (readonly [key: string, value: string])[]): string =>
  pairs.map(([key, value]) => `${key}=${encoded(value)}`).join('&');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export type Query = { readonly pairs: ReadonlyMap<string, string> } | { readonly problem: string };

/**
 * The pairs of a query, or a sentence. VS Code hands queries on decoded, browsers do not: no value has a `%` or a `&` of
 * its own, so that both are read alike. What VS Code adds for itself is passed over.
 */
export function readQuery(text: string, known: readonly string[]): Query {
  const pairs = new Map<string, string>();
  for (const part of text.split('&').filter(Boolean)) {
    const at = part.indexOf('=');
    const key = decoded(at < 0 ? part : part.slice(0, at));
    if (/^(windowId$|vscode-)/.test(key)) continue;
    if (!known.includes(key)) {
      return { problem: `The link has a setting “${key.slice(0, 40)}”; expected ${known.join(', ')}.` };
    }
    if (pairs.has(key)) return { problem: `The link says “${key}” twice; expected it once.` };
    pairs.set(key, at < 0 ? '' : decoded(part.slice(at + 1)).trim());
  }
  return { pairs };
}

/** A number where the text is one; else the text, for the check to name. */
export const numberOrText = (text: string): number | string =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
