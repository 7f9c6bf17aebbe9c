import { withoutMagics } from './magics';

/** `0. if`, `1.or`: the grammar takes the word for a member of the number. */
const points = /(?<![\w.])(\d[\d_]*)\.(?=[ \t]*(?:if|else|and|or|for|in|is|not)\b)/g;

/** `with tf.GradientTape() as self.tape:`: the grammar knows names alone there. */
const tapes = /^[ \t]*(?:async[ \t]+)?with\b[^\n]*?\bas[ \t]+\w+\.[\w.]+[ \t]*[:,]/gm;
const targets = /(?<=\bas[ \t]+)\w+(?:\.\w+)+(?=[ \t]*[:,])/g;

const withNames = (line: string): string => line.replace(targets, (target) => target.replaceAll('.', '_'));

/** A text as the grammar takes it, of the same length; the very same string where nothing stands in its way. */
export const asPythonGrammarHas = (text: string): string =>
  withoutMagics(text).replace(points, '$1 ').replace(tapes, withNames);
