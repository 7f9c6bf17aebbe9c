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

/** What a node gets from those around it. */
interface Context {
  /** What a function or a class without a name of its own is assigned to. */
  readonly name?: string;
  readonly nameSpan?: Span;
  /** The class in whose body it stands. */
  readonly owner?: ClassCode | undefined;
  readonly atModule: boolean;
}

const inModule: Context = { atModule: true };
const inCode: Context = { atModule: false };

class Walk implements PartDefinitions {
  readonly functions: FoundFunction[] = [];
  readonly classes: FoundClass[] = [];
  readonly assignments: FoundAssignment[] = [];
  /** Nodes to come, and the context of each. */
  private readonly open: object[] = [];
  private readonly contexts: Context[] = [];

  constructor({ body }: Part) {
    this.push(body, inModule);
    for (let next = this.open.pop(); next !== undefined; next = this.open.pop()) this.visit(next, this.contexts.pop()!);
    this.assignments.sort((a, b) => a.at.from - b.at.from);
  }

  private push(part: unknown, context: Context): void {
    if (typeof part !== 'object' || part === null) return;
    // Most of a program's tree is this, and nothing is in it.
    const { kind } = part as Node;
    if (kind === 'constant' || kind === 'name') return;
    this.open.push(part);
    this.contexts.push(context);
  }

  private visit(part: object, context: Context): void {
    const { owner, atModule } = context;
    const plain = atModule ? inModule : inCode;
    if (Array.isArray(part)) {
      const inside = owner === undefined ? plain : { owner, atModule };
      for (const each of part) this.push(each, inside);
      return;
    }
    const { kind } = part as Node;
    if (kind === 'function' && 'function' in part) this.functionCode(part.function as FunctionCode, context);
    else if (kind === 'class' && 'class' in part) this.classCode(part.class as ClassCode, context);
    else if (kind === 'assign' || kind === 'assignment') this.assign(part as Node, context);
    else if (kind === 'member') this.push((part as Node).object, plain);
    else if (kind === 'call') {
      this.push((part as Node).callee, plain);
      this.push((part as Node).arguments, plain);
    }
    // No list of the values is made.
    else for (const key in part) this.push((part as Node)[key], plain);
  }

  private assign(part: Node, { owner, atModule }: Context): void {
    const targets = (part.targets ?? [part.target]) as readonly (Node & Span)[];
    const value = part.value as Span;
    for (const target of targets) if (atModule) this.targetNames(target, value, 0);
    const [first] = targets;
    const name = first !== undefined && (first.kind === 'name' || first.kind === 'member') ? first.name : undefined;
    this.push(part.value, { owner, atModule, ...(typeof name === 'string' ? { name, nameSpan: first! } : {}) });
  }

  private targetNames(target: Node & Span, value: Span, depth: number): void {
    if (target.kind === 'name') this.assignments.push({ name: String(target.name), at: target, value });
    const items = target.items;
    if (Array.isArray(items) && depth < 10) for (const item of items) this.targetNames(item, value, depth + 1);
  }

  private functionCode(code: FunctionCode, { name, nameSpan, owner }: Context): void {
    this.functions.push({ code, name: code.name ?? name, at: code.nameSpan ?? nameSpan ?? code, owner });
    this.push([code.parameters, code.body], inCode);
  }

  private classCode(code: ClassCode, { name, nameSpan }: Context): void {
    this.classes.push({ code, name: code.name ?? name, at: code.nameSpan ?? nameSpan ?? code });
    this.push(code.body, { owner: code, atModule: false });
  }
}

/** What a part of a program defines. */
export const partDefinitions = (part: Part): PartDefinitions => new Walk(part);
