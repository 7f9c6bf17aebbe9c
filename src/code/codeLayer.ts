import type { LayerFans } from '../core/explain/initializerFigures';
import { hasDefaults, type LayerMention } from '../core/explain/layerHover';
import { defaultBias, defaultedKind, defaultKernel } from '../core/frameworks/layerDefaults';
import { type LayerAtPath, layerAtPath } from '../core/frameworks/layers';
import { frameworkOfPath } from '../core/frameworks/paths';
import type { Initializer } from '../core/initializers/initializer';
import { fansOf, numberOf } from '../core/model/fans';
import { isSamePlace, type Model } from '../core/model/model';
import type { Argument } from './arguments';
import { frameworkOfCall, type ReadingOptions } from './codeActivation';
import { codeLanguage, type NotebookContext, type ParsedDocument } from './document';
import { agreed, besideLayer } from './initializers/besideKernel';
import { initializerOfArgument } from './initializers/codeInitializer';
import { known } from './initializers/fans';
import { layerPlaces } from './initializers/modelPlaces';
import { type Mention, mentionAt } from './mentions';
import { alone, type Place } from './place';
import type { Range } from './syntax';

/** A layer in somebody's code. */
export interface CodeLayer {
  readonly range: Range;
  readonly mention: LayerMention;
  /** The models that have it, and which of their steps it makes. */
  readonly places: readonly { readonly graph: Model; readonly layers: readonly number[] }[];
}

function namedBy({ reference }: Mention, place: Omit<Place, 'node'>, options: ReadingOptions): LayerAtPath | undefined {
  if (reference.kind !== 'path') return undefined;
  const language = codeLanguage(place.document);
  for (const path of [reference.path, ...(reference.alternatives ?? [])]) {
    const id = frameworkOfPath(path, language);
    const found = id && layerAtPath(id, path);
    if (found === undefined || !hasDefaults(found.signature)) continue;
    // Paths of tf.keras lead to Keras 3 where that is installed.
    return { ...found, framework: frameworkOfCall(path, place.document, place.context, options) ?? found.framework };
  }
  return undefined;
}

/** Arguments by the names of parameters; Keras's in JavaScript are in camelCase. */
function argumentNamed(given: readonly Argument[], parameters: readonly string[]) {
  const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
  return (...names: string[]): Argument | undefined =>
    given.find(({ name, position }) => {
      const own = name ?? (position === undefined ? undefined : parameters[position]);
      return own !== undefined && names.some((each) => plain(each) === plain(own));
    });
}

type Told = Pick<LayerMention, 'kernel' | 'bias' | 'fans' | 'units' | 'kept'>;

const numberIn = (argument: Argument | undefined): number =>
  typeof argument?.value === 'number' && argument.value > 0 ? argument.value : Number.NaN;

/** What the call alone says. */
function fromCall(mention: Mention, named: LayerAtPath, place: Omit<Place, 'node'>, options: ReadingOptions): Told {
  const { signature, framework: id } = named;
  const argument = argumentNamed(mention.called ? mention.arguments : [], signature.parameters);
  const there = mention.origin === undefined ? place : { ...place, document: mention.origin.document };
  const initializer = (given: Argument | undefined): Initializer | null | undefined =>
    given === undefined ? null : initializerOfArgument(given, id, there, options);
  const isOff = argument('bias', 'use_bias', 'with_bias')?.value === false;
  const units = numberIn(
    argument('units', 'out_features', 'features', 'hidden_size', 'hidden_features', 'output_size'),
  );
  const kept = argument('decay_rate')?.value;
  return {
    kernel: initializer(
      argument('kernel_initializer', 'kernel_init', 'embeddings_initializer', 'embedding_init', 'w_init', 'w_i_init'),
    ),
    ...(typeof kept === 'number' ? { kept } : {}),
    bias: isOff ? null : (initializer(argument('bias_initializer', 'bias_init', 'b_init')) ?? undefined),
    fans: fansOfCall(signature.kind, argument, units),
    units,
  };
}

function fansOfCall(kind: string, argument: ReturnType<typeof argumentNamed>, units: number): LayerFans[] {
  const told = (fanIn: number, fanOut: number): LayerFans[] =>
    Number.isInteger(fanIn) && Number.isInteger(fanOut) ? [{ fanIn, fanOut }] : [];
  switch (kind) {
    case 'dense':
    case 'denseGeneral':
    case 'bilinear':
      return told(numberIn(argument('in_features', 'in1_features', 'input_dim')), units);
    case 'recurrent':
      return told(numberIn(argument('input_size', 'in_features', 'input_dim')), units);
    case 'embedding':
      return told(
        numberIn(argument('num_embeddings', 'input_dim', 'vocab_size')),
        numberIn(argument('embedding_dim', 'features', 'output_dim', 'embedding_size', 'embed_dim')),
      );
    default:
      return [];
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const isFirst = <T>(each: T, k: number, all: readonly T[]): boolean =>
  all.findIndex((other) => isSame(other, each)) === k;

/** What the models say, which follow more of the code: sizes, and initialisers that are applied later. */
function fromModels(places: CodeLayer['places']): Told | undefined {
  const all = places.flatMap(({ graph, layers }) => layers.map((id) => ({ graph, node: graph.nodes[id]! })));
  const weighted = all.filter(({ node }) => 'kernel' in node.operation);
  if (weighted.length === 0) return undefined;
  const kernels = weighted.map(({ node: { operation } }) =>
    'kernel' in operation && operation.kernel.kind !== 'unknown' ? (known(operation.kernel) ?? null) : undefined,
  );
  const fans = weighted.flatMap(({ graph, node }) => {
    const found = fansOf(node, graph.framework, graph.nodes[node.inputs[0] ?? -1]?.shape);
    return found !== undefined && found.fanIn > 0 && found.fanOut > 0
      ? [{ fanIn: found.fanIn, fanOut: found.fanOut }]
      : [];
  });
  const units = weighted.map(({ node: { operation } }) =>
    'units' in operation ? numberOf(operation.units) : Number.NaN,
  );
  return {
    kernel: agreed(kernels),
    bias: agreed(weighted.map(({ node: { operation } }) => ('bias' in operation ? known(operation.bias) : undefined))),
    fans: fans.filter(isFirst),
    units: units[0]!,
  };
}

/** Where models have a library's own defaults, as if the code said them, the code says nothing. */
function withDefaults(told: Told, { library, signature }: LayerAtPath): Told {
  const kind = defaultedKind(signature);
  if (library === undefined || kind === undefined) return told;
  return {
    ...told,
    kernel: isSame(told.kernel, defaultKernel(library.defaults, kind, told.units)) ? null : told.kernel,
    bias: isSame(told.bias, defaultBias(library.defaults, kind, told.units)) ? undefined : told.bias,
  };
}

/** The cell and the place of the call that makes what a mention names. */
function madeAt(mention: Mention, document: ParsedDocument, { before, after }: NotebookContext) {
  const { origin } = mention;
  const cells = [...before, document, ...after];
  return { cell: cells.indexOf(origin?.document ?? document), range: origin ?? mention };
}

/** A layer's name in a text, and what is called there. */
export interface LayerName {
  readonly mention: Mention;
  readonly named: LayerAtPath;
}

/** The name of a layer at an offset; undefined where there is none whose defaults are known. */
export function layerNameAt(
  document: ParsedDocument,
  offset: number,
  options: ReadingOptions,
  context: NotebookContext = alone,
): LayerName | undefined {
  const mention = mentionAt(document, offset, context);
  const named = mention && namedBy(mention, { document, context }, options);
  return mention && named && { mention, named };
}

/**
 * The layer that a name makes, as its call and the models of the text tell it.
 *
 * @param models of the text
 * @param numberOfCell that cells have in the models' places, by their numbers among the cells of code
 */
export function layerOf(
  { mention, named }: LayerName,
  place: Omit<Place, 'node'>,
  options: ReadingOptions,
  models: readonly Model[],
  numberOfCell: (cell: number) => number = (cell) => cell,
): CodeLayer {
  const { cell, range } = madeAt(mention, place.document, place.context);
  const places = layerPlaces(models, numberOfCell(cell), range, defaultedKind(named.signature) ?? named.signature.kind);
  const told = withDefaults(fromModels(places) ?? fromCall(mention, named, place, options), named);
  const [first] = places;
  const layer = first?.layers[0];
  const beside = first && layer !== undefined ? besideLayer(first.graph, first.graph.nodes[layer]!) : undefined;
  const { from, to } = mention;
  return {
    range: { from, to },
    places,
    mention: {
      framework: named.framework,
      library: named.library,
      name: named.name,
      signature: named.signature,
      docs: named.docs,
      ...told,
      ...(beside === undefined ? {} : { beside }),
    },
  };
}

/** The call whose callee ends with the name at an offset: `self.fc1(x)`, on `fc1`. */
export function callNamedAt(
  { tree }: ParsedDocument,
  offset: number,
): { readonly name: Range; readonly call: Range } | undefined {
  const name = [1, -1]
    .map((side) => tree.resolveInner(offset, side as 1 | -1))
    .find((node) => node.name === 'VariableName' || node.name === 'PropertyName');
  const callee = name?.parent?.name === 'MemberExpression' && name.parent.to === name.to ? name.parent : name;
  const call = callee?.parent;
  if (name === undefined || call?.name !== 'CallExpression' || call.from !== callee?.from) return undefined;
  return { name: { from: name.from, to: name.to }, call: { from: call.from, to: call.to } };
}

/**
 * The layer that a call applies, where the models say which it is: in a loop over a list, or out of a function that makes
 * it. Undefined where it applies several.
 *
 * @param used see {@link callNamedAt}
 */
export function layerAppliedAt(
  { name, call }: NonNullable<ReturnType<typeof callNamedAt>>,
  { document, context }: Omit<Place, 'node'>,
  options: ReadingOptions,
  models: readonly Model[],
  numberOfCell: (cell: number) => number = (cell) => cell,
): CodeLayer | undefined {
  const cells = [...context.before, document, ...context.after];
  const here = numberOfCell(context.before.length);
  const sources = models.flatMap(({ nodes }) =>
    nodes.flatMap(({ applied, source }) =>
      applied?.cell === here && applied.from === call.from && applied.to === call.to ? [source] : [],
    ),
  );
  const [source] = sources;
  if (source === undefined || !sources.every((each) => isSamePlace(each, source))) return undefined;
  const at = cells.findIndex((_, k) => numberOfCell(k) === source.cell);
  const made = cells[at];
  // The name that is called there ends before the brackets.
  const callee = made?.tree.resolveInner(source.from, 1);
  if (made === undefined || callee === undefined) return undefined;
  let whole = callee;
  while (whole.parent !== null && whole.parent.from === source.from && whole.parent.to <= source.to)
    whole = whole.parent;
  const end = whole.getChild('ArgList')?.from;
  const place = { document: made, context: { before: cells.slice(0, at), after: cells.slice(at + 1) } };
  const found = end === undefined ? undefined : layerNameAt(made, end - 1, options, place.context);
  return found && { ...layerOf(found, place, options, models, numberOfCell), range: name };
}
