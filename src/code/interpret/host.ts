import type { CallArguments, DictValue, ListValue, Machine, Site, Value } from './values';

/** What the built-in functions and methods ask of the interpreter. */
export interface Host extends Machine {
  /** Counts a statement, an expression or a call, or work that is as much; leaves the run where there was too much. */
  step(count?: number): void;
  /** What a loop would go through; undefined where that is not known. */
  items(value: Value, count?: number): readonly Value[] | undefined;
  /** Changes a list; in code that may not run, the change can be taken back. */
  changeList(target: ListValue, change: (items: Value[]) => void): void;
  /** Sets an entry, or takes it out where there is no value. */
  changeDict(target: DictValue, key: string | number | boolean | null, value: Value | undefined): void;
  /** Calls with positional arguments alone. */
  apply(callee: Value, positional: readonly Value[], site: Site): Value;
  setMember(object: Value, name: string, value: Value): void;
  isInstance(value: Value, type: Value): boolean | undefined;
  /** A plain object with attributes: a namespace, the result of a parser. */
  namespace(attributes: ReadonlyMap<string, Value>, name: string, site: Site): Value;
}

/** A function or method that the interpreter knows by itself. */
export type Builtin = (args: CallArguments, host: Host, site: Site) => Value | undefined;
