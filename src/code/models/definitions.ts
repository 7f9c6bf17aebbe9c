import type { SourceRange } from '../../core/model/model';
import type { ClassCode, FunctionCode, Program, Span } from '../program/ast';

/** A function of a program, and where a person would look for it. */
export interface FunctionDefinition {
  readonly code: FunctionCode;
  readonly name: string | undefined;
  /** Its name, or all of it. */
  readonly source: SourceRange;
  readonly body: SourceRange;
  /** The class whose method it is. */
  readonly owner: ClassCode | undefined;
}

export interface ClassDefinition {
  readonly code: ClassCode;
  readonly name: string | undefined;
  readonly source: SourceRange;
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

const at = (cell: number, { from, to }: Span): SourceRange => ({ cell, from, to });

/** The parts of a program's tree are plain objects and lists. */
type Part = Readonly<Record<string, unknown>>;

interface Open {
  readonly part: unknown;
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly owner: ClassCode | undefined;
  readonly atModule: boolean;
}

class Walk implements Definitions {
  readonly functions = new Map<FunctionCode, FunctionDefinition>();
  readonly classes = new Map<ClassCode, ClassDefinition>();
  readonly assignments: Assignment[] = [];
  private readonly open: Open[] = [];

  constructor(
    program: Program,
    private readonly cell: number,
  ) {
    this.push(program.body, true);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) this.visit(next);
    this.assignments.sort((a, b) => a.source.from - b.source.from);
  }

  private push(part: unknown, atModule: boolean, more: Partial<Open> = {}): void {
    this.open.push({ part, name: undefined, nameSpan: undefined, owner: undefined, atModule, ...more });
  }

  private visit({ part, name, nameSpan, owner, atModule }: Open): void {
    if (Array.isArray(part)) {
      for (const each of part) this.push(each, atModule, { owner });
      return;
    }
    if (typeof part !== 'object' || part === null) return;
    const { kind } = part as Part;
    if (kind === 'function' && 'function' in part) {
      this.functionCode(part.function as FunctionCode, name, nameSpan, owner);
    } else if (kind === 'class' && 'class' in part) this.classCode(part.class as ClassCode, name, nameSpan);
    else if (kind === 'assign' || kind === 'assignment') this.assign(part as Part, owner, atModule);
    else if (kind !== 'constant' && kind !== 'name') {
      // Most of a program's tree is this: no list of the values is made.
      for (const key in part) {
        const each = (part as Part)[key];
        if (typeof each === 'object') this.push(each, atModule);
      }
    }
  }

  private assign(part: Part, owner: ClassCode | undefined, atModule: boolean): void {
    const targets = (part.targets ?? [part.target]) as readonly (Part & Span)[];
    const value = at(this.cell, part.value as Span);
    for (const target of targets) if (atModule) this.targetNames(target, value, 0);
    const [first] = targets;
    const name = first !== undefined && (first.kind === 'name' || first.kind === 'member') ? first.name : undefined;
    this.push(part.value, atModule, {
      owner,
      ...(typeof name === 'string' ? { name, nameSpan: first! } : {}),
    });
  }

  private targetNames(target: Part & Span, value: SourceRange, depth: number): void {
    if (target.kind === 'name')
      this.assignments.push({ name: String(target.name), source: at(this.cell, target), value });
    const items = target.items;
    if (Array.isArray(items) && depth < 10) for (const item of items) this.targetNames(item, value, depth + 1);
  }

  private functionCode(
    code: FunctionCode,
    name: string | undefined,
    span: Span | undefined,
    owner: ClassCode | undefined,
  ): void {
    this.functions.set(code, {
      code,
      name: code.name ?? name,
      source: at(this.cell, code.nameSpan ?? span ?? code),
      body: at(this.cell, code),
      owner,
    });
    this.push([code.parameters, code.body], false);
  }

  private classCode(code: ClassCode, name: string | undefined, span: Span | undefined): void {
    this.classes.set(code, { code, name: code.name ?? name, source: at(this.cell, code.nameSpan ?? span ?? code) });
    this.push(code.body, false, { owner: code });
  }
}

/** What a program defines. */
export const definitionsOf = (program: Program, cell: number): Definitions => new Walk(program, cell);

const within = (inner: SourceRange, outer: SourceRange): boolean =>
  inner.cell === outer.cell && outer.from <= inner.from && inner.to <= outer.to;

/** The assignment of the module that a place is a part of. */
export const assignmentAround = (definitions: readonly Definitions[], place: SourceRange): Assignment | undefined =>
  definitions.flatMap(({ assignments }) => assignments).find(({ value }) => within(place, value));

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
