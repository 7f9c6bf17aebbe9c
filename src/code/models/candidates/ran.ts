import type { ClassValue, FunctionValue, Machine, Value } from '../../interpret/values';
import type { FunctionCode } from '../../program/ast';
import type { Definitions } from '../definitions';
import type { ModelFramework } from '../framework';
import type { Recorder } from '../recorder';

/** What an interpreted program leaves behind. */
export interface Ran {
  readonly machine: Machine;
  /** Names of the module after the run. */
  readonly names: ReadonlyMap<string, Value>;
  /** Functions that ran at least once; it grows. */
  readonly called: ReadonlySet<FunctionCode>;
  /** Of all functions whose definition ran, also inside others; it grows. */
  readonly functions: ReadonlyMap<FunctionCode, FunctionValue>;
  readonly definitions: readonly Definitions[];
  readonly frameworks: readonly ModelFramework[];
  readonly recorder: Recorder;
  /** The share of the steps that is left to follow code with. */
  left(): number;
  /** What a framework tells of what is left behind; undefined where it takes too many steps. */
  attempt<T>(run: () => T): T | undefined;
}

/** Classes that a class builds on are followed so far. */
const DEEPEST = 20;

export function baseFramework(ran: Ran, value: ClassValue, depth = 0): ModelFramework | undefined {
  for (const base of value.bases) {
    if (base.kind === 'path') {
      const found = ran.frameworks.find((each) => each.modelBase(base.path));
      if (found !== undefined) return found;
    }
    const inherited = base.kind === 'class' && depth < DEEPEST ? baseFramework(ran, base, depth + 1) : undefined;
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}

/** The framework whose model a class is; of one whose base is in a file that is not here, once an object was made. */
export function frameworkOf(ran: Ran, value: ClassValue): ModelFramework | undefined {
  const adopted = ran.recorder.firstOf.get(value)?.foreign?.library;
  return baseFramework(ran, value) ?? ran.frameworks.find(({ library }) => library === adopted);
}

/** The first of the definitions' cells that has one. */
export function definitionIn<T>(ran: Ran, find: (definitions: Definitions) => T | undefined): T | undefined {
  for (const each of ran.definitions) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The classes that the module's names hold, and those of its objects: `export default Model = new Model()` takes a name away. */
export const classesIn = ({ names }: Ran): ClassValue[] => [
  ...new Set(
    [...names.values()].flatMap((value) =>
      value.kind === 'class' ? [value] : value.kind === 'instance' ? [value.class] : [],
    ),
  ),
];
