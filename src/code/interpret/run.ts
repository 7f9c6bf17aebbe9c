import type { SourceRange } from '../../core/model/model';
import type { Expression, FunctionCode, Place, Span, Statement, Target } from '../program/ast';
import type { Changes } from './changes';
import type { Host } from './host';
import {
  type CallArguments,
  type ClassValue,
  constant,
  type Environment,
  type FunctionValue,
  type Library,
  type Site,
  type Value,
} from './values';

/** What the parts of the interpreter share while a program runs: its state, and the ways from one part into another. */

/** How a block of statements ends early. */
export type Completion =
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue' | 'raise' }
  | undefined;

/** A call under way. */
export interface Frame {
  /** Of the part of the program that runs. */
  readonly place: Place;
  readonly function: FunctionValue | undefined;
  readonly self: Value | undefined;
  /** Names of the function. */
  readonly scope: Environment | undefined;
  /** What branches that may have run have returned already. */
  readonly returned: Value[];
  /** Names that `global` and `nonlocal` take from elsewhere. */
  readonly elsewhere: Map<string, Environment>;
}

/** A library, and the first parts of the paths that it answers for. */
export interface LibraryRoots {
  readonly roots: readonly string[];
  readonly library: Library;
}

export interface Run extends Host {
  readonly python: boolean;
  readonly libraries: readonly LibraryRoots[];
  /** Names of the module. */
  readonly module: Environment;
  /** Classes and functions of the module whose names have others by now, in the order in which they were defined. */
  readonly formerly: Map<string, (ClassValue | FunctionValue)[]>;
  /** Whether the program has run: what runs then is looked into afterwards. */
  readonly isOver: boolean;
  readonly changes: Changes;
  /** Functions that ran at least once. */
  readonly called: Set<FunctionCode>;
  /** The last value that a function's code had. */
  readonly functions: Map<FunctionCode, FunctionValue>;
  /** How a function of a class is bound: `@property` and its like. */
  readonly how: WeakMap<FunctionValue, 'static' | 'class' | 'getter'>;
  /** Of which class a scope is the body. */
  readonly owners: WeakMap<Environment, ClassValue>;
  /** Modules of which all names were imported. */
  readonly stars: string[];
  /** Calls under way, the outermost first. */
  readonly frames: Frame[];
  /** The innermost call. */
  readonly frame: Frame;
  /** Steps that were taken, nodes and layers that were made so far. */
  readonly progress: { readonly steps: number; readonly made: number };
  /** Steps that one loop may take. */
  patience: number;
  /** Runs code of which it is not known whether it runs. */
  inDoubt<T>(run: () => T): T;
  at(span: Span): SourceRange;
  /** The text of a part of the code that runs, shortened. */
  written(span: Span): string;
  /** An argument that the code does not tell, or what was filled in for it. */
  symbol(name: string): Value;
  libraryOf(path: string): Library | undefined;
  statement(statement: Statement, scope: Environment): Completion;
  block(statements: readonly Statement[], scope: Environment): Completion;
  /** @param assignedTo the name that the value is about to get */
  expression(expression: Expression, scope: Environment, assignedTo?: string): Value;
  assign(target: Target, value: Value, scope: Environment): void;
  /** A call from within the run; one from outside has a budget of its own. */
  callValue(callee: Value, args: CallArguments, site: Site): Value;
}

/** Of the text that something unknown keeps. */
export const LONGEST_TEXT = 60;

export const none = constant(null);

export const environment = (parent: Environment | undefined): Environment => ({ names: new Map(), parent });

/** A call in a part of the program; without a function the code of a module or a class. */
export const frameIn = (place: Place, self?: Value, callee?: FunctionValue, scope?: Environment): Frame => ({
  place,
  function: callee,
  self,
  scope,
  returned: [],
  elsewhere: new Map(),
});
