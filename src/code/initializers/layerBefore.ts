import { EXAMPLE_NARROW, type LayerBefore } from '../../core/explain/exampleNetwork';
import type { LayerFans } from '../../core/explain/initializerFigures';
import { fansOf } from '../../core/model/fans';
import type { Model, ModelNode } from '../../core/model/model';
import type { Argument } from '../arguments';
import { frameworkOfCall, type ReadingOptions } from '../codeActivation';
import type { NotebookContext, ParsedDocument } from '../document';
import type { Mention } from '../mentions';
import { alone, type Place } from '../place';
import { agreed } from './besideKernel';
import { initializerOfArgument } from './codeInitializer';
import { known } from './fans';
import { modelsOf } from './textModels';

/** Of a layer whose input is not known its units alone say how wide it is, where it is no narrow end. */
function fansFrom(fanIn: number, units: number): LayerFans | undefined {
  if (fanIn > 0 && units > 0) return { fanIn, fanOut: units };
  return units >= EXAMPLE_NARROW ? { fanIn: units, fanOut: units } : undefined;
}

/** The layer whose output an activation's step takes; undefined where it is none of dense layers and convolutions. */
function layerOf({ nodes, framework }: Model, { inputs }: ModelNode): LayerBefore | undefined {
  let node = nodes[inputs[0] ?? -1];
  let normalisation: LayerBefore['normalisation'] = 'none';
  if (node?.operation.kind === 'normalisation') {
    const { over } = node.operation;
    if (over !== 'batch' && over !== 'layer') return undefined;
    normalisation = over;
    node = nodes[node.inputs[0] ?? -1];
  }
  const operation = node?.operation;
  if (node === undefined || (operation?.kind !== 'dense' && operation?.kind !== 'convolution')) return undefined;
  if (operation.kernel.kind === 'unknown') return undefined;
  const fans = fansOf(node, framework, nodes[node.inputs[0] ?? -1]?.shape);
  return {
    initializer: known(operation.kernel) ?? null,
    fans: fansFrom(fans?.fanIn ?? Number.NaN, fans?.fanOut ?? Number.NaN),
    bias: known(operation.bias),
    normalisation,
  };
}

/** Steps whose activation stands in a range; of those that hold it, such as `F.relu(torch.tanh(x))`, the smallest. */
function stepsAt(models: readonly Model[], cell: number, { from, to }: Mention) {
  const holding = models.flatMap((model) =>
    model.nodes.flatMap((node) => {
      if (node.operation.kind !== 'activation') return [];
      const { source } = node.operation.activation;
      const holds = source.cell === cell && source.from <= from && to <= source.to;
      return holds ? [{ model, node, length: source.to - source.from }] : [];
    }),
  );
  const least = Math.min(...holding.map(({ length }) => length));
  return holding.filter(({ length }) => length === least);
}

/** The models of a text, and the number that the cell in question has in their places. */
export interface ModelsBeside {
  readonly models: readonly Model[];
  readonly cell: number;
}

function inModels(mention: Mention, { models, cell }: ModelsBeside) {
  const steps = stepsAt(models, cell, mention);
  const layers = steps.map(({ model, node }) => layerOf(model, node));
  const [first] = layers;
  if (first === undefined) return { isStep: steps.length > 0, layer: undefined };
  const alike = agreed(layers.map((layer) => layer && { ...layer, fans: undefined }));
  return { isStep: true, layer: alike && first };
}

const isLayer = (callee: string): boolean => /(^|\.)(dense|conv[123]d)$/i.test(callee);

/** The same from the call that the name is an argument of, where no model of the text has it. */
function inCall({ reference }: Mention, place: Omit<Place, 'node'>, options: ReadingOptions): LayerBefore | undefined {
  if (reference.kind !== 'string' || reference.callee === undefined || !isLayer(reference.callee)) return undefined;
  const id = frameworkOfCall(reference.callee, place.document, place.context, options);
  if (id === undefined) return undefined;
  const given = (name: RegExp): Argument | undefined => reference.beside.find((each) => name.test(each.name ?? ''));
  const written = given(/^(kernel_?initializer|init)$/i);
  const initializer = written === undefined ? null : initializerOfArgument(written, id, place, options);
  if (initializer === undefined || given(/^(bias_?initializer|use_?bias)$/i) !== undefined) return undefined;
  const units = /dense$/i.test(reference.callee)
    ? (given(/^(units|output_dim)$/) ?? reference.beside.find(({ position }) => position === 0))?.value
    : undefined;
  const fans = fansFrom(Number.NaN, typeof units === 'number' ? units : Number.NaN);
  return initializer === null && fans === undefined
    ? undefined
    : { initializer, fans, bias: undefined, normalisation: 'none' };
}

/**
 * What the code says of the layer whose output an activation takes; undefined where it says nothing of one.
 *
 * @param beside where the text's models were read already; else they are read
 */
export function layerBefore(
  mention: Mention,
  document: ParsedDocument,
  options: ReadingOptions,
  context: NotebookContext = alone,
  beside: ModelsBeside = { models: modelsOf(document, context, options), cell: context.before.length },
): LayerBefore | undefined {
  const place = { document, context };
  const { isStep, layer } = inModels(mention, beside);
  return isStep ? layer : inCall(mention, place, options);
}
