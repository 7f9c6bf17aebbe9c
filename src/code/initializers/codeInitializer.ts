import type { SyntaxNode } from '@lezer/common';
import type { InitializerMention, InitializerRole } from '../../core/explain/initializerHover';
import { excerpt } from '../../core/format/excerpt';
import type { FrameworkId } from '../../core/frameworks/framework';
import {
  type InitializerSpelling,
  initializerMethod,
  initializerPath,
  initializerString,
} from '../../core/frameworks/initializerNames';
import { isAlwaysKeras2 } from '../../core/frameworks/kerasVersions';
import type { Initializer } from '../../core/initializers/initializer';
import type { ActivationSlot } from '../activationString';
import { type Argument, argumentsOf } from '../arguments';
import { frameworkOfCall, type ReadingOptions } from '../codeActivation';
import type { NotebookContext, ParsedDocument } from '../document';
import { codeLanguage } from '../document';
import { expressionOf } from '../expression';
import { frameworksIn } from '../frameworks';
import { handedOver } from '../handedOver';
import type { CallArguments, Value } from '../interpret/values';
import { versionsIn } from '../kerasVersion';
import { type Mention, mentionAt, type Reference } from '../mentions';
import { constantsOf, givenBy } from '../models/given';
import { alone, at, type Place } from '../place';
import type { Range } from '../syntax';
import { besideArgument } from './besideKernel';
import { type Filled, filledLayers, filledParameter } from './fans';
import { anyInitializerSlot } from './slot';

/** An initialiser in somebody's code. */
export interface CodeInitializer {
  readonly range: Range;
  readonly mention: InitializerMention;
}

type StringReference = Reference & { readonly kind: 'string' };

/** The leaf of the tree at a mention. */
const leafOf = (document: ParsedDocument, { from }: Range): SyntaxNode => document.tree.resolveInner(from, 1);

/** The tensor whose method a mention is. */
function objectOf(place: Place): Place | undefined {
  const member = place.node.parent;
  const expression = member === null ? undefined : expressionOf(place.document, member);
  return expression?.kind === 'member' ? { ...place, node: expression.object } : undefined;
}

const isParameter = (object: Place | undefined): boolean =>
  object !== undefined && /\.(weight|bias)(_\w+)?(\.data)?$/.test(object.document.text.slice(0, object.node.to));

/** Which Keras an initialiser is of: TensorFlow's is as the person has it, and Keras on its own as the text says. */
function frameworkOfInitializer(found: FrameworkId, path: string, place: Place, options: ReadingOptions): FrameworkId {
  if (isAlwaysKeras2(path)) return found;
  const versions = versionsIn(place.document, place.context, options);
  if (found === 'tf2') return versions.tensorflowKeras === 3 ? 'keras' : 'tf2';
  return found === 'keras' && versions.standaloneKeras === 2 ? 'tf2' : found;
}

function namedBy(mention: Mention, place: Place, options: ReadingOptions): InitializerSpelling | undefined {
  const { document, context } = place;
  const language = codeLanguage(document);
  const { reference } = mention;
  switch (reference.kind) {
    case 'path':
      for (const path of [reference.path, ...(reference.alternatives ?? [])]) {
        const found = initializerPath(path, language);
        if (found === undefined) continue;
        return { ...found, framework: frameworkOfInitializer(found.framework, path, place, options) };
      }
      return undefined;
    case 'string': {
      if (reference.names !== 'initializer') return undefined;
      const id = frameworkOfCall(reference.callee, document, context, options);
      return id === undefined ? undefined : initializerString(id, reference.text);
    }
    case 'method':
      if (!isParameter(objectOf(place))) return undefined;
      for (const id of frameworksIn(document, context)) {
        const found = initializerMethod(id, reference.name);
        if (found !== undefined) return found;
      }
      return undefined;
  }
}

/** Arguments that draw nothing else: seeds, types, and the tensor that is filled. */
const besides: ReadonlySet<string> = new Set(['tensor', 'seed', 'generator', 'dtype', 'rng', 'name']);

interface Reading {
  readonly known: ReadonlyMap<string, Value>;
  readonly written: readonly string[];
  readonly problems: readonly string[];
}

/** The arguments by their names; what is not a constant counts as left out, and is told. */
function reading(names: readonly string[], given: readonly Argument[], incomplete: boolean): Reading {
  const known = new Map<string, Value>();
  const written: string[] = [];
  const problems: string[] = [];
  for (const { name, position, value, text } of given) {
    const parameter = name ?? names[position ?? names.length];
    if (parameter === undefined || besides.has(parameter)) continue;
    const shown = `${excerpt(parameter)}=${excerpt(text)}`;
    written.push(shown);
    if (value === undefined) {
      problems.push(`${shown} cannot be told from the code; the numbers are for its default.`);
    } else known.set(parameter, { kind: 'constant', value });
  }
  if (incomplete) problems.push('Further arguments cannot be told from the code.');
  return { known, written, problems };
}

function argumentsBy(known: ReadonlyMap<string, Value>): CallArguments {
  return { positional: [], named: known, complete: true, sources: new Map(), list: { cell: 0, from: 0, to: 0 } };
}

function roleByName(keyword: string | undefined): InitializerRole {
  const name = keyword?.toLowerCase() ?? '';
  if (name.includes('bias')) return 'bias';
  return /gamma|beta|embed|alpha|moving|scale|pos/.test(name) ? 'other' : 'kernel';
}

/** The first argument of the call that a mention calls, where it stands in the same text. */
function firstArgument(place: Place, given: readonly Argument[]): Place | undefined {
  const tensor = given.find(({ name, position }) => name === 'tensor' || position === 0);
  if (tensor === undefined) return undefined;
  let node: SyntaxNode | null = place.document.tree.resolveInner(tensor.from, 1);
  while (node !== null && node.to < tensor.to) node = node.parent;
  return node === null ? undefined : { ...place, node };
}

/** The arguments of the call that an initialiser is handed to. */
function argumentsBeside(slot: StringReference | ActivationSlot | undefined, place: Place): readonly Argument[] {
  if (slot === undefined) return [];
  if ('beside' in slot) return slot.beside;
  return slot.call === undefined ? [] : argumentsOf(at(place, slot.call)).arguments;
}

function filledBy(mention: Mention, named: InitializerSpelling, place: Place, options: ReadingOptions): Filled {
  const { document, context } = place;
  const inModels = filledLayers(document, context, mention, options);
  if (named.form === 'fill' || named.form === 'method') {
    const tensor = named.form === 'fill' ? firstArgument(place, mention.arguments) : objectOf(place);
    const outside = tensor === undefined ? { role: undefined, fans: [] } : filledParameter(tensor);
    const fans = inModels.fans.length > 0 ? inModels.fans : outside.fans;
    return { ...inModels, role: inModels.role ?? outside.role ?? 'kernel', fans };
  }
  const { reference } = mention;
  const slot = reference.kind === 'string' ? reference : anyInitializerSlot(handedOver(place));
  const beside =
    inModels.role === undefined ? besideArgument(argumentsBeside(slot, place), place, options) : inModels.beside;
  return { ...inModels, role: inModels.role ?? roleByName(slot?.keyword), beside };
}

/** What is written at an offset, by itself. */
function writtenAt(document: ParsedDocument, offset: number, options: ReadingOptions, context: NotebookContext) {
  const mention = mentionAt(document, offset, context);
  if (mention === undefined) return undefined;
  const place: Place = { document, context, node: leafOf(document, mention) };
  const named = namedBy(mention, place, options);
  if (named === undefined) return undefined;
  const { names } = named.kind;
  const read = reading(names, mention.called ? mention.arguments : [], mention.incomplete);
  return { mention, place, named, read, byCall: made(named, read.known, document) };
}

const made = (
  { kind }: InitializerSpelling,
  known: ReadonlyMap<string, Value>,
  document: ParsedDocument,
): Initializer | undefined => kind.make(constantsOf(givenBy(argumentsBy(known), kind.names, codeLanguage(document))));

/** What an argument such as `kernel_initializer=` draws by itself; undefined where that cannot be told. */
export function initializerOfArgument(
  { from, to, value }: Argument,
  id: FrameworkId,
  { document, context }: Omit<Place, 'node'>,
  options: ReadingOptions,
): Initializer | undefined {
  if (typeof value === 'string') {
    const named = initializerString(id, value);
    return named && made(named, new Map(), document);
  }
  let node: SyntaxNode | null = document.tree.resolveInner(from, 1);
  while (node !== null && node.to < to) node = node.parent;
  if (node === null) return undefined;
  const expression = expressionOf(document, node);
  const end = expression.kind === 'call' ? expression.callee.to : to;
  const there = writtenAt(document, end, options, context);
  return there?.read.problems.length === 0 ? there.byCall : undefined;
}

/**
 * The initialiser at an offset, with the fans of the layers that it fills as far as the models of the text tell them;
 * undefined where there is none, or none of a framework.
 */
export function initializerAt(
  document: ParsedDocument,
  offset: number,
  options: ReadingOptions,
  context: NotebookContext = alone,
): CodeInitializer | undefined {
  const there = writtenAt(document, offset, options, context);
  if (there === undefined) return undefined;
  const { mention, place, named, byCall } = there;
  const { written, problems } = there.read;
  const explanation = named.kind.explanation;
  const { role = 'kernel', fans, bias, beside, initializer: inModel } = filledBy(mention, named, place, options);
  // What the whole model tells goes before what the call alone does.
  const initializer = problems.length > 0 ? (inModel ?? byCall) : byCall;
  const told = problems.length > 0 && inModel !== undefined ? [] : problems;
  const misfit = 'What these arguments draw is not known here; the documentation says what they may be.';
  const { from, to } = mention;
  return {
    range: { from, to },
    mention: {
      framework: named.framework,
      library: named.library,
      name: named.name,
      written,
      initializer,
      explanation,
      role,
      fans,
      bias,
      beside,
      problems: initializer === undefined && explanation === undefined ? [...told, misfit] : told,
      docs: named.docs,
    },
  };
}
