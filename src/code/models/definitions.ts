import type { SourceRange } from '../../core/model/model';
import { type ClassCode, type FunctionCode, type Part, type Place, type Program, sourceAt } from '../program/ast';
import { type PartDefinitions, partDefinitions } from './partDefinitions';

/** A function of a program, and where a person would look for it. */
export interface FunctionDefinition {
  readonly code: FunctionCode;
  readonly name: string | undefined;
  /** Its name, or all of it. */
  readonly source: SourceRange;
  readonly body: SourceRange;
  readonly place: Place;
  /** The class whose method it is. */
  readonly owner: ClassCode | undefined;
}

export interface ClassDefinition {
  readonly code: ClassCode;
  readonly name: string | undefined;
  /** Its name, or all of it. */
  readonly source: SourceRange;
  readonly body: SourceRange;
}

/** Where a name of a module is assigned. */
export interface Assignment {
  readonly name: string;
  readonly source: SourceRange;
  /** What is assigned. */
  readonly value: SourceRange;
}

/** What a program defines, in the order of its text. */
export interface Definitions {
  readonly functions: ReadonlyMap<FunctionCode, FunctionDefinition>;
  readonly classes: ReadonlyMap<ClassCode, ClassDefinition>;
  /** Of the module alone: not those in functions or classes. */
  readonly assignments: readonly Assignment[];
}

const known = new WeakMap<Part, PartDefinitions>();

/** Found once for each part, wherever it stands. */
function definitionsIn(part: Part): PartDefinitions {
  const former = known.get(part);
  if (former !== undefined) return former;
  const made = partDefinitions(part);
  known.set(part, made);
  return made;
}

/** What a program defines, with the places in its text. */
export function definitionsOf({ parts }: Program, cell: number): Definitions {
  const functions = new Map<FunctionCode, FunctionDefinition>();
  const classes = new Map<ClassCode, ClassDefinition>();
  const assignments: Assignment[] = [];
  for (const { from, part } of parts) {
    const place: Place = { cell, from };
    const found = definitionsIn(part);
    for (const { code, name, at, owner } of found.functions) {
      const [source, body] = [sourceAt(place, at), sourceAt(place, code)];
      functions.set(code, { code, name, source, body, place, owner });
    }
    for (const { code, name, at } of found.classes) {
      classes.set(code, { code, name, source: sourceAt(place, at), body: sourceAt(place, code) });
    }
    for (const { name, at, value } of found.assignments) {
      assignments.push({ name, source: sourceAt(place, at), value: sourceAt(place, value) });
    }
  }
  return { functions, classes, assignments };
}

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.cell === outer.cell && outer.from <= inner.from && inner.to <= outer.to;

/** The assignment of the module that a place is a part of. */
export function assignmentAround(definitions: readonly Definitions[], place: SourceRange): Assignment | undefined {
  for (const { assignments } of definitions) {
    const found = assignments.find(({ value }) => within(place, value));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The innermost function in whose body a place is. */
export function functionAround(
  definitions: readonly Definitions[],
  place: SourceRange,
): FunctionDefinition | undefined {
  let found: FunctionDefinition | undefined;
  for (const { functions } of definitions) {
    for (const definition of functions.values()) {
      const { body } = definition;
      if (within(place, body) && (found === undefined || body.from >= found.body.from)) found = definition;
    }
  }
  return found;
}
