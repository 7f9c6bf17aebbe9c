import { printable } from './printable';

/**
 * What the terminal command prints. Names of files, arguments and code of others are in it: no line may drive a terminal.
 */
const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** Prints lines to the standard output. */
export function print(text: string): void {
  process.stdout.write(`${printableLines(text)}\n`);
}

/** Characters of what is said at once of what is wrong: an argument may have any number, and is quoted in it. */
const MOST_OF_ERROR = 6000;

/** Of a text that is too long its beginning, which says where it is wrong, and its end, which says what is expected. */
const middleCut = (text: string): string =>
  text.length <= MOST_OF_ERROR ? text : `${text.slice(0, MOST_OF_ERROR / 20)} … ${text.slice(-MOST_OF_ERROR / 10)}`;

/** Prints lines to the standard error. */
export function printError(text: string): void {
  process.stderr.write(`${printableLines(middleCut(text))}\n`);
}

/** JSON leaves these as they are, and a terminal obeys some of them. */
const leftByJson = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as JSON, with nothing in it that a terminal obeys. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replace(
    leftByJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Prints one JSON document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`);
}

let failed = false;

/**
 * From here on, an output that is closed or full lets the command end in order. Whoever read it has gone (`| head`), or the
 * terminal was closed: then nothing is said, and what else the command writes is written. On a full disk the command fails.
 */
export function watchOutputs(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (failed || code === 'EPIPE' || code === 'EIO') return;
    failed = true;
    printError(`The standard output cannot be written: ${message}.`);
    // Whatever the command says of its end later on.
    process.once('exit', () => {
      process.exitCode = 1;
    });
  });
  // There is nobody to tell.
  process.stderr.on('error', () => {});
}
