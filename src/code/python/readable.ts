import { withoutMagics } from './magics';

/** `0. if`, `1.or`: the grammar takes the word for a member of the number. */
const points = /(?<![\w.])(\d[\d_]*)\.(?=[ \t]*(?:if|else|and|or|for|in|is|not)\b)/g;

/** A text as the grammar takes it, of the same length; the very same string where nothing stands in its way. */
export const asPythonGrammarHas = (text: string): string => withoutMagics(text).replace(points, '$1 ');
