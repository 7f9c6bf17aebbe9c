import type { SourceRange } from '../../core/model/model';
import { type ClassCode, type FunctionCode, type Part, type Place, type Program, sourceAt } from '../program/ast';
import { partAt } from '../program/partAt';
import type { Steps } from '../steps';
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

/** What a part of a program defines. */
interface PartFound {
  /** Where the part begins. */
  readonly from: number;
  readonly functions: readonly FunctionDefinition[];
  readonly assignments: readonly Assignment[];
}

/** What a program defines, in the order of its text. */
export interface Definitions {
  readonly cell: number;
  readonly parts: readonly PartFound[];
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

/** What a program defines, with the places in its text; a part of it a step. */
export function* definitionsOf(program: Program, cell: number): Steps<Definitions> {
  const functions = new Map<FunctionCode, FunctionDefinition>();
  const classes = new Map<ClassCode, ClassDefinition>();
  const parts: PartFound[] = [];
  for (const { from, part } of program.parts) {
    const place: Place = { cell, from };
    const found = definitionsIn(part);
    for (const { code, name, at } of found.classes) {
      classes.set(code, { code, name, source: sourceAt(place, at), body: sourceAt(place, code) });
    }
    const own = found.functions.map(({ code, name, at, owner }): FunctionDefinition => {
      return { code, name, source: sourceAt(place, at), body: sourceAt(place, code), place, owner };
    });
    for (const each of own) functions.set(each.code, each);
    const assignments = found.assignments.map(({ name, at, value }): Assignment => {
      return { name, source: sourceAt(place, at), value: sourceAt(place, value) };
    });
    parts.push({ from, functions: own, assignments });
    yield;
  }
  return { cell, parts, functions, classes, assignments: parts.flatMap((each) => each.assignments) };
}

/** The part of a program that a place is in. */
const partAround = (definitions: readonly Definitions[], { cell, from }: SourceRange): PartFound | undefined =>
  partAt(definitions.find((each) => each.cell === cell)?.parts ?? [], from);

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.cell === outer.cell && outer.from <= inner.from && inner.to <= outer.to;

/** The assignment of the module that a place is a part of. */
export const assignmentAround = (definitions: readonly Definitions[], place: SourceRange): Assignment | undefined =>
  partAround(definitions, place)?.assignments.find(({ value }) => within(place, value));

/** The innermost function in whose body a place is. */
export function functionAround(
  definitions: readonly Definitions[],
  place: SourceRange,
): FunctionDefinition | undefined {
  let found: FunctionDefinition | undefined;
  for (const definition of partAround(definitions, place)?.functions ?? []) {
    const { body } = definition;
    if (within(place, body) && (found === undefined || body.from >= found.body.from)) found = definition;
  }
  return found;
}
