import stringWidth from 'string-width';

// Escapes, and marks that turn the direction of what follows: somebody's file must not drive a terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text of somebody's file on one line of a terminal: control characters as pictures of the same length, tabs as spaces. */
export const printable = (text: string): string =>
  text.replace(control, (mark) => {
    const code = mark.charCodeAt(0);
    if (code === 9) return ' ';
    if (code < 32) return String.fromCharCode(0x2400 + code);
    return code === 127 ? '\u2421' : '\ufffd';
  });

/** Columns that a text takes in a terminal. */
export const widthOf = (text: string): number => stringWidth(text);
