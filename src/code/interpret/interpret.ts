import type { FunctionCode } from '../program/ast';
import { inOneGo, type Steps } from '../steps';
import { objectLibrary } from './builtins/objects';
import { type Cell, Interpreter } from './interpreter';
import type { LibraryRoots } from './run';
import type { Environment, FunctionValue, Machine } from './values';

/** What a program leaves behind. The machine can be called on. */
export interface Interpreted {
  readonly machine: Machine;
  /** Names of the module after the run. */
  readonly module: Environment;
  /** Functions that ran at least once, methods too; it grows. */
  readonly called: ReadonlySet<FunctionCode>;
  /** The last value that each function's code had, those inside others too; it grows. */
  readonly functions: ReadonlyMap<FunctionCode, FunctionValue>;
  /** The share of the steps that is left to call on with; where there are none, what came after may be missing. */
  left(): number;
  /** What a library does with what is left behind; undefined where it takes too many steps. */
  attempt<T>(run: () => T): T | undefined;
}

export interface InterpretingOptions {
  readonly symbols?: ReadonlyMap<string, number | string | boolean>;
}

/**
 * Runs a program on values that may be unknown; see {@link Library} for what frameworks' names mean. It ends after a
 * bounded number of steps, and throws nothing.
 */
export const interpret = (
  cells: readonly Cell[],
  libraries: readonly LibraryRoots[],
  options: InterpretingOptions = {},
): Interpreted => inOneGo(interpreting(cells, libraries, options));

/** The same in steps. */
export function* interpreting(
  cells: readonly Cell[],
  libraries: readonly LibraryRoots[],
  options: InterpretingOptions = {},
): Steps<Interpreted> {
  const interpreter = new Interpreter(
    cells,
    [...libraries, { roots: [], library: objectLibrary }],
    options.symbols ?? new Map(),
  );
  yield* interpreter.run(cells);
  return {
    machine: interpreter,
    module: interpreter.module,
    called: interpreter.called,
    functions: interpreter.functions,
    left: () => interpreter.left,
    attempt: (run) => interpreter.attempt(run),
  };
}
