import type { SourceRange } from '../../../core/model/model';
import type { CallArguments, ClassValue, Machine, Value } from '../../interpret/values';
import { type FunctionCode, type Parameter, type Place, sourceAt } from '../../program/ast';

/** A number or word that a person filled in for an argument. */
export type Filled = ReadonlyMap<string, number | string | boolean>;

const isOpen = ({ default: usual }: Parameter): boolean => usual === undefined;

const before = (place: Place, { from }: { readonly from: number }): SourceRange => sourceAt(place, { from, to: from });

/** What is given for arguments that the code does not tell: symbols, or what a person filled in for them. */
export class OpenArguments {
  /** Where each symbol was asked for first. */
  readonly symbols = new Map<string, SourceRange>();

  constructor(
    private readonly machine: Machine,
    private readonly filled: Filled,
    /** The file's class of a name. */
    private readonly classOf: (name: string) => ClassValue | undefined = () => undefined,
  ) {}

  private symbol(name: string, source: SourceRange): Value {
    // What a function of JavaScript takes under this name is the library.
    if (name === 'tf' && this.machine.language === 'javascript') return { kind: 'path', path: 'tf' };
    if (!this.symbols.has(name)) this.symbols.set(name, source);
    const value = this.filled.get(name);
    return value === undefined ? { kind: 'unknown', symbols: [name], text: name } : { kind: 'constant', value };
  }

  private argument(parameter: Parameter, place: Place): Value {
    const { target } = parameter;
    const source = sourceAt(place, parameter);
    if (target.kind === 'name') {
      return this.settings(target.name, parameter, place) ?? this.symbol(target.name, source);
    }
    if (target.kind !== 'object') return this.machine.unknown('argument');
    const entries = target.properties.flatMap(({ name, default: usual }) =>
      usual === undefined ? [[name, this.symbol(name, source)] as const] : [],
    );
    return { kind: 'dict', entries: new Map(entries), complete: true };
  }

  /** `config: Settings`: an object of the file's class, as far as that says what its fields are. */
  private settings(name: string, { annotation }: Parameter, place: Place): Value | undefined {
    const type = annotation === undefined ? undefined : this.classOf(annotation.replace(/^(['"])(.*)\1$/, '$2'));
    if (type === undefined || !type.dataclass || type.bases.length > 0) return undefined;
    const args = this.ofFields(type, `${name}.`);
    return this.machine.call(type, args, { source: before(place, { from: 0 }) });
  }

  /** Symbols for all parameters without a default, after those to skip. */
  of(code: FunctionCode, place: Place, skip: number): CallArguments {
    const positional: Value[] = [];
    const named = new Map<string, Value>();
    const parameters = code.parameters.slice(skip).filter(({ rest }) => rest === undefined);
    const last = parameters.findLastIndex((parameter) => isOpen(parameter) && parameter.keywordOnly !== true);
    parameters.forEach((parameter, k) => {
      if (parameter.keywordOnly && parameter.target.kind === 'name') {
        if (isOpen(parameter)) named.set(parameter.target.name, this.argument(parameter, place));
      } else if (k <= last) {
        positional.push(isOpen(parameter) ? this.argument(parameter, place) : { kind: 'constant', value: undefined });
      }
    });
    return { positional, named, complete: true, sources: new Map(), list: before(place, code) };
  }

  /** Symbols for a dataclass's fields without a value; nothing for other classes. */
  ofFields({ code, place, dataclass }: ClassValue, prefix = ''): CallArguments {
    const named = new Map<string, Value>();
    for (const statement of dataclass ? code.body : []) {
      if (statement.kind === 'declare')
        named.set(statement.name, this.symbol(prefix + statement.name, sourceAt(place, statement)));
      const [target] = statement.kind === 'assign' ? statement.targets : [];
      const filled = target?.kind === 'name' && prefix !== '' ? this.filled.get(prefix + target.name) : undefined;
      if (target?.kind === 'name' && filled !== undefined) named.set(target.name, { kind: 'constant', value: filled });
    }
    return { positional: [], named, complete: true, sources: new Map(), list: before(place, code) };
  }
}
