import { meaning } from '../words/glossary';
import { paperInFull } from '../words/paper';

const fans = `Fan-in: ${meaning('fanIn')}. Fan-out: ${meaning('fanOut')}.`;

/** What says more to who rests on it: the clause with the fans, and the paper where it is named. */
const words: readonly (readonly [found: RegExp, title: string])[] = [
  [/^[^:]*\bfan-in\b[^:]*(?=:)/, fans],
  [/\bthe paper’s/, paperInFull],
];

/** Markdown of a hover whose words of the field say what they mean, each the first time. */
export const titled = (text: string): string =>
  words.reduce((all, [found, title]) => all.replace(found, (word) => `<span title="${title}">${word}</span>`), text);
