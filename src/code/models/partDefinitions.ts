import type { ClassCode, FunctionCode, Part, Span } from '../program/ast';

/** A function, with where in its part a person would look for it. */
export interface FoundFunction {
  readonly code: FunctionCode;
  readonly name: string | undefined;
  readonly at: Span;
  /** The class whose method it is. */
  readonly owner: ClassCode | undefined;
}

export interface FoundClass {
  readonly code: ClassCode;
  readonly name: string | undefined;
  readonly at: Span;
}

export interface FoundAssignment {
  readonly name: string;
  readonly at: Span;
  readonly value: Span;
}

/** What a part of a program defines; places count from its start. */
export interface PartDefinitions {
  readonly functions: readonly FoundFunction[];
  readonly classes: readonly FoundClass[];
  /** Of the module alone. */
  readonly assignments: readonly FoundAssignment[];
}

/** The nodes of a program's tree are plain objects and lists. */
type Node = Readonly<Record<string, unknown>>;

interface Open {
  readonly part: unknown;
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly owner: ClassCode | undefined;
  readonly atModule: boolean;
}

class Walk implements PartDefinitions {
  readonly functions: FoundFunction[] = [];
  readonly classes: FoundClass[] = [];
  readonly assignments: FoundAssignment[] = [];
  private readonly open: Open[] = [];

  constructor({ body }: Part) {
    this.push(body, true);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) this.visit(next);
    this.assignments.sort((a, b) => a.at.from - b.at.from);
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
    const { kind } = part as Node;
    if (kind === 'function' && 'function' in part) {
      this.functionCode(part.function as FunctionCode, name, nameSpan, owner);
    } else if (kind === 'class' && 'class' in part) this.classCode(part.class as ClassCode, name, nameSpan);
    else if (kind === 'assign' || kind === 'assignment') this.assign(part as Node, owner, atModule);
    else if (kind !== 'constant' && kind !== 'name') {
      // Most of a program's tree is this: no list of the values is made.
      for (const key in part) {
        const each = (part as Node)[key];
        if (typeof each === 'object') this.push(each, atModule);
      }
    }
  }

  private assign(part: Node, owner: ClassCode | undefined, atModule: boolean): void {
    const targets = (part.targets ?? [part.target]) as readonly (Node & Span)[];
    const value = part.value as Span;
    for (const target of targets) if (atModule) this.targetNames(target, value, 0);
    const [first] = targets;
    const name = first !== undefined && (first.kind === 'name' || first.kind === 'member') ? first.name : undefined;
    this.push(part.value, atModule, {
      owner,
      ...(typeof name === 'string' ? { name, nameSpan: first! } : {}),
    });
  }

  private targetNames(target: Node & Span, value: Span, depth: number): void {
    if (target.kind === 'name') this.assignments.push({ name: String(target.name), at: target, value });
    const items = target.items;
    if (Array.isArray(items) && depth < 10) for (const item of items) this.targetNames(item, value, depth + 1);
  }

  private functionCode(
    code: FunctionCode,
    name: string | undefined,
    span: Span | undefined,
    owner: ClassCode | undefined,
  ): void {
    this.functions.push({ code, name: code.name ?? name, at: code.nameSpan ?? span ?? code, owner });
    this.push([code.parameters, code.body], false);
  }

  private classCode(code: ClassCode, name: string | undefined, span: Span | undefined): void {
    this.classes.push({ code, name: code.name ?? name, at: code.nameSpan ?? span ?? code });
    this.push(code.body, false, { owner: code });
  }
}

/** What a part of a program defines. */
export const partDefinitions = (part: Part): PartDefinitions => new Walk(part);
