import type { Host } from '../host';
import { textOf } from '../operations';
import {
  type CallArguments,
  type ClassValue,
  constant,
  type Foreign,
  type Library,
  type Machine,
  type Site,
  type Value,
} from '../values';

/** Objects that the interpreter makes itself: `super()`, partials, command-line parsers. */

interface SuperData {
  readonly self: Value | undefined;
  readonly owner: ClassValue | undefined;
}

interface PartialData {
  readonly callee: Value;
  readonly args: CallArguments;
}

/** Options of a parser, with their defaults; undefined for one that the command line must give. */
interface ParserData {
  readonly options: Map<string, Value | undefined>;
}

/** What `super()` needs of the interpreter. */
interface SuperHost extends Host {
  superMethod(self: Value, owner: ClassValue | undefined, name: string, args: CallArguments, site: Site): Value;
}

const made = (type: string, data: object): Foreign => ({ kind: 'foreign', library: objectLibrary, type, data });

export const superOf = (self: Value | undefined, owner: ClassValue | undefined): Foreign =>
  made('super', { self, owner } satisfies SuperData);

/** `functools.partial(f, …)`; its first argument is the callee. */
export const partialOf = (callee: Value, args: CallArguments): Foreign =>
  made('partial', { callee, args } satisfies PartialData);

export const parserOf = (): Foreign => made('parser', { options: new Map() } satisfies ParserData);

function joined(kept: CallArguments, args: CallArguments): CallArguments {
  return {
    ...args,
    positional: [...kept.positional.slice(1), ...args.positional],
    named: new Map([...kept.named, ...args.named]),
    complete: kept.complete && args.complete,
    sources: new Map([...kept.sources, ...args.sources]),
  };
}

/** What a method of a parser is called in Python, and in JavaScript's `argparse` since its second version. */
const parserMethods: ReadonlyMap<string, string> = new Map([
  ['addArgument', 'add_argument'],
  ['parseArgs', 'parse_args'],
]);

/** Words of an option: arguments with names in Python, an object behind the names in JavaScript. */
function optionWords({ positional, named }: CallArguments): ReadonlyMap<unknown, Value> {
  const last = positional.at(-1);
  return last?.kind === 'dict' ? last.entries : named;
}

/** `--hidden-size` is read as `hidden_size`. */
function addOption(parser: ParserData, args: CallArguments): void {
  const words = optionWords(args);
  const names = args.positional
    .flatMap((value) => (value.kind === 'list' ? value.items : [value]))
    .map(textOf)
    .filter((name) => name !== undefined);
  const name =
    textOf(words.get('dest')) ?? (names.find((each) => each.startsWith('--')) ?? names[0])?.replace(/^-+/, '');
  if (name === undefined) return;
  const flag = textOf(words.get('action'));
  const usual =
    words.get('default') ??
    words.get('defaultValue') ??
    (flag === 'store_true' || flag === 'storeTrue'
      ? constant(false)
      : flag === 'store_false' || flag === 'storeFalse'
        ? constant(true)
        : undefined);
  parser.options.set(name.replaceAll('-', '_'), usual);
}

function parse({ options }: ParserData, machine: Machine, site: Site): Value {
  const attributes = new Map<string, Value>();
  const prefix = site.assignedTo ?? 'args';
  for (const [name, usual] of options) {
    const symbol = `${prefix}.${name}`;
    attributes.set(name, usual ?? { kind: 'unknown', symbols: [symbol], text: symbol });
  }
  return (machine as Host).namespace(attributes, 'Namespace', site);
}

function parserMethod(parser: ParserData, name: string, args: CallArguments, site: Site, machine: Machine): Value {
  switch (name) {
    case 'add_argument':
      addOption(parser, args);
      return constant(null);
    case 'set_defaults':
      for (const [option, usual] of optionWords(args)) parser.options.set(String(option), usual);
      return constant(null);
    case 'add_argument_group':
    case 'add_mutually_exclusive_group':
      return made('parser', parser);
    case 'parse_args':
      return parse(parser, machine, site);
    case 'parse_known_args':
      return { kind: 'list', of: 'tuple', items: [parse(parser, machine, site)], complete: false };
    default:
      return machine.unknown(name);
  }
}

/** The interpreter's own library. */
export const objectLibrary: Library = {
  call: () => undefined,
  invoke({ type, data }, args, site, machine) {
    if (type !== 'partial') return undefined;
    const { callee, args: kept } = data as PartialData;
    return machine.call(callee, joined(kept, args), site);
  },
  member: (object, name) => ({ kind: 'bound', object, name }),
  method({ type, data }, name, args, site, machine) {
    if (type === 'super') {
      const { self, owner } = data as SuperData;
      return self === undefined ? undefined : (machine as SuperHost).superMethod(self, owner, name, args, site);
    }
    if (type !== 'parser') return undefined;
    const parser = data as ParserData;
    return parserMethod(parser, parserMethods.get(name) ?? name, args, site, machine);
  },
};
