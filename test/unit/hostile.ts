import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';

/**
 * Property tests over hostile inputs stand in files named `*.hostile.test.ts`: each is bounded here, and `npm run fuzz`
 * (`test/launch/fuzz.mjs`) runs them over and over, with a fresh seed each round and as many inputs as the time allows.
 */
export interface Fuzzing {
  /** Of this round. */
  readonly seed: number;
  /** So many times the inputs of an ordinary run, at most. */
  readonly factor: number;
  /** When all of it is to be over, as `Date.now()` counts. */
  readonly until: number;
  /** Milliseconds of each property in a round. */
  readonly each: number;
  /** A file that takes a line of JSON for each property as it begins and as it ends. */
  readonly log: string;
}

const fuzzing: Fuzzing | undefined =
  process.env.GRADIENT_LENS_FUZZ === undefined ? undefined : JSON.parse(process.env.GRADIENT_LENS_FUZZ);

/** What fast-check tells of a property that is over. */
interface Details {
  readonly failed: boolean;
  readonly interrupted: boolean;
  readonly numRuns: number;
  readonly seed: number;
  readonly counterexample: unknown;
  readonly counterexamplePath: string | null;
  readonly errorInstance: unknown;
}

interface Inputs {
  readonly numRuns: number;
  readonly seed?: number;
  readonly interruptAfterTimeLimit?: number;
  reporter(details: Details): void;
}

/** Where inputs that show a fault are kept, whole. */
const KEPT = path.join('out', 'fuzz');
/** Characters that are told of such an input, and of what went wrong with it. */
const MOST_TOLD = 600;

const cut = (text: string, most = MOST_TOLD): string =>
  text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;

/** What is told of a fault: bounded, however long its input is. */
export function faultText(details: Details, input: string, kept: string): string {
  const { numRuns, seed, counterexamplePath, errorInstance: error } = details;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `After ${numRuns} inputs: ${cut(told, 2 * MOST_TOLD)}`,
    `Input: ${cut(input)}`,
    `Seed ${seed}, path "${cut(counterexamplePath ?? '', 60)}"; the whole input and error are in ${kept}`,
  ].join('\n');
}

function keep(test: string, details: Details, input: string): string {
  mkdirSync(KEPT, { recursive: true });
  const name = test
    .replace(/[^\w]+/g, '-')
    .slice(-80)
    .replace(/^-/, '');
  const file = path.join(KEPT, `${name}-${details.seed}.txt`);
  const { seed, counterexamplePath, errorInstance: error } = details;
  const told = error instanceof Error ? error.stack : String(error);
  writeFileSync(file, `${test}\nSeed ${seed}, path "${counterexamplePath}"\n\n${input}\n\n${told}\n`);
  return file;
}

/** Told to whoever runs `npm run fuzz`. */
function tell(line: object): void {
  if (fuzzing !== undefined) appendFileSync(fuzzing.log, `${JSON.stringify(line)}\n`);
}

/** How many inputs a property is tried on, of those that an ordinary run takes. Use it where the property is asserted. */
export function inputs(ordinary: number): Inputs {
  const { testPath = '', currentTestName: name = '' } = expect.getState();
  const file = path.relative('.', testPath);
  tell({ file, name });
  const reporter = (details: Details): void => {
    const { failed, interrupted, numRuns, seed, counterexamplePath } = details;
    // Where the time was over before the first input, nothing has failed.
    if (!failed || (fuzzing !== undefined && interrupted && counterexamplePath === null)) {
      tell({ file, name, inputs: numRuns, faults: 0 });
      return;
    }
    const input = counterexamplePath === null ? 'none that fits was drawn' : fc.stringify(details.counterexample);
    const kept = keep(`${file} ${name}`, details, input);
    tell({ file, name, inputs: numRuns, faults: 1, seed, kept });
    throw new Error(faultText(details, input, kept));
  };
  if (fuzzing === undefined) return { numRuns: ordinary, reporter };
  const { seed, factor, until, each } = fuzzing;
  const interruptAfterTimeLimit = Math.max(1, Math.min(each, until - Date.now()));
  return { numRuns: ordinary * factor, seed, interruptAfterTimeLimit, reporter };
}
