import type { SourceRange } from '../../core/model/model';
import type { Constant } from '../expressionTypes';

/** A program as the interpreter takes it: one form for Python and JavaScript, made from their syntax trees. */

/** Offsets from the start of the part of the program in which it stands. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where a part of a program begins: in a cell of a notebook (a file is cell 0), at an offset of its text. */
export interface Place {
  readonly cell: number;
  readonly from: number;
}

/** A piece of a part, in the text of its cell. */
export const sourceAt = ({ cell, from }: Place, span: Span): SourceRange => ({
  cell,
  from: from + span.from,
  to: from + span.to,
});

export type Expression = Span &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly object: Expression; readonly name: string; readonly property: Span }
    /** `a[i]`, `a[1:3]`, `a[:, 0]`. */
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
    | { readonly kind: 'slice'; readonly start?: Expression; readonly stop?: Expression; readonly step?: Expression }
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly arguments: readonly Argument[];
        readonly construct: boolean;
      }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
    | { readonly kind: 'spread'; readonly value: Expression }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    /** Arithmetic, bits and `@`; operators as written, `===` as `==`, `&&` as `and`, `||` as `or`, `??` as itself. */
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    /** `a < b <= c` is one comparison in Python. */
    | { readonly kind: 'comparison'; readonly operators: readonly string[]; readonly operands: readonly Expression[] }
    | {
        readonly kind: 'choice';
        readonly test: Expression;
        readonly consequence: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'function'; readonly function: FunctionCode }
    | { readonly kind: 'class'; readonly class: ClassCode }
    | {
        readonly kind: 'comprehension';
        readonly of: 'list' | 'set' | 'generator' | 'dict';
        readonly element: Expression;
        /** Of a dict: the key; `element` is the value. */
        readonly key?: Expression;
        readonly clauses: readonly ComprehensionClause[];
      }
    /** Text with parts that are computed: f-strings, templates. */
    | { readonly kind: 'format'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'assignment'; readonly target: Target; readonly operator?: string; readonly value: Expression }
    | { readonly kind: 'this' | 'super' }
    /** Whatever else, broken code included. */
    | { readonly kind: 'other'; readonly text: string }
  );

export interface Argument extends Span {
  readonly value: Expression;
  /** `units=10`; `…args` and `*args` are a `spread` expression, `**kwargs` one with `double`. */
  readonly name?: string;
  readonly double?: boolean;
}

export interface DictEntry extends Span {
  /** Undefined for a spread. */
  readonly key?: Expression;
  readonly value: Expression;
}

export interface ComprehensionClause {
  readonly target: Target;
  readonly over: Expression;
  readonly tests: readonly Expression[];
}

/** What can be assigned to. */
export type Target = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'member'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
    | { readonly kind: 'sequence'; readonly items: readonly Target[]; readonly rest?: number }
    /** JavaScript's `{units, layers: n = 2}`. */
    | {
        readonly kind: 'object';
        readonly properties: readonly {
          readonly name: string;
          readonly target: Target;
          readonly default?: Expression;
        }[];
        readonly rest?: Target;
      }
    | { readonly kind: 'other' }
  );

export interface Parameter extends Span {
  readonly target: Target;
  readonly default?: Expression;
  /** `*args`, `**kwargs`, `...rest`. */
  readonly rest?: 'positional' | 'keywords';
  readonly keywordOnly?: boolean;
  /** As written: `int`. */
  readonly annotation?: string;
}

export interface FunctionCode extends Span {
  /** Undefined for lambdas and arrows. */
  readonly name: string | undefined;
  readonly nameSpan?: Span;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  /** Arrows keep `this`. */
  readonly arrow: boolean;
  /** `yield` stands in it, or it is `async`. */
  readonly generator: boolean;
}

export interface ClassCode extends Span {
  readonly name: string | undefined;
  readonly nameSpan?: Span;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expression[];
  /** Functions are methods; assignments class attributes; annotated names without a value are dataclass fields. */
  readonly body: readonly Statement[];
}

export type Statement = Span &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | {
        readonly kind: 'assign';
        readonly targets: readonly Target[];
        readonly value: Expression;
        readonly operator?: string;
      }
    /** `x: int`, JavaScript's `let x;`: declared without a value. */
    | { readonly kind: 'declare'; readonly name: string; readonly annotation?: string }
    | { readonly kind: 'import'; readonly bindings: readonly ImportBinding[]; readonly star?: string }
    | { readonly kind: 'function'; readonly function: FunctionCode; readonly static?: 'static' | 'class' | 'getter' }
    | { readonly kind: 'class'; readonly class: ClassCode }
    | {
        readonly kind: 'if';
        readonly test: Expression;
        readonly consequence: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Target;
        readonly over: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    /** JavaScript's `for (…;…;…)` has its parts; `while` only a test. */
    | {
        readonly kind: 'while';
        readonly before: readonly Statement[];
        readonly test: Expression | undefined;
        readonly update: readonly Statement[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'with';
        readonly items: readonly { readonly value: Expression; readonly target?: Target }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly (readonly Statement[])[];
        readonly otherwise: readonly Statement[];
        readonly finally: readonly Statement[];
      }
    | { readonly kind: 'return'; readonly value?: Expression }
    | { readonly kind: 'raise' | 'break' | 'continue' | 'pass' }
    | { readonly kind: 'delete'; readonly targets: readonly Target[] }
    | { readonly kind: 'global'; readonly names: readonly string[]; readonly nonlocal: boolean }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
  );

export interface ImportBinding extends Span {
  readonly name: string;
  /** Absolute dotted path as `src/code` has it elsewhere: `torch.nn.functional`; undefined for the project's own files. */
  readonly path: string | undefined;
}

/**
 * A statement of a text that stands in no other, lowered; several where it comes to several. All places in it count from
 * its own start, so that it is the same wherever it stands.
 */
export interface Part {
  readonly body: readonly Statement[];
}

export interface PlacedPart {
  /** Where it begins in the text. */
  readonly from: number;
  readonly part: Part;
}

/** One text, lowered, in the order of the text. */
export interface Program {
  readonly language: 'python' | 'javascript';
  readonly parts: readonly PlacedPart[];
}
