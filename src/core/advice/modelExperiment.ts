import type { ActivationName } from '../activations/catalogue';
import { experimentOfFlow, type NetworkSettings, networkInWords, originSentence } from '../calculation/toExperiment';
import { limits } from '../experiment/config';
import { listInWords } from '../format/list';
import { layersInWords } from '../format/widths';
import { asDrawn, defaultBias, defaultKernel } from '../frameworks/layerDefaults';
import { type Initializer, initializerInWords } from '../initializers/initializer';
import { type Initialization, isKnown, type Model, type ModelNode, type Operation } from '../model/model';
import { activationAfter, type GraphFlow, hiddenLayers } from '../theory/graph';
import { flowContext, functionOf, labelOf } from '../theory/graphForward';
import { modelCalculation } from './modelCalculation';

/** A model of somebody's code as a comparison trains it. */
export interface ModelExperiment {
  readonly settings: NetworkSettings;
  /** What all its networks have in common: "10 × 128, glorot_uniform". */
  readonly network: string;
  /** Where it comes from, and what of it is not trained, as sentences. */
  readonly origin: string;
}

type Dense = Extract<Operation, { kind: 'dense' }>;

/** What a comparison leaves out without another network coming of it. */
const shaping: ReadonlySet<Operation['kind']> = new Set(['input', 'dense', 'activation', 'flatten', 'rearrange']);

/** Steps that a comparison cannot train yet, as people call them. */
const missing: Partial<Record<Operation['kind'], string>> = {
  dropout: 'dropout',
  add: 'residual connections',
  multiply: 'products of layers',
  concatenate: 'concatenations',
  scale: 'scaling',
};

function missingIn(node: ModelNode): string[] {
  const { operation } = node;
  if (shaping.has(operation.kind)) return [];
  if (operation.kind === 'normalisation') return [`${operation.over} normalisation`];
  return [missing[operation.kind] ?? labelOf(node)];
}

/**
 * The comparison that trains a model's hidden layers: a stack of dense layers that start as they do, with one activation
 * and one initialiser.
 *
 * @returns a sentence where it is no stack of dense layers, or its widths are not told
 */
export function modelExperiment(graph: Model, flow: GraphFlow): ModelExperiment | { readonly problem: string } {
  const calculation = modelCalculation(graph, flow);
  if (calculation !== undefined) {
    return {
      settings: experimentOfFlow(calculation).settings,
      network: networkInWords(calculation),
      origin: originSentence(graph.name, calculation),
    };
  }
  const hidden = hiddenLayers(graph).map((id) => graph.nodes[id]!);
  const other = hidden.find(({ operation }) => operation.kind !== 'dense');
  if (hidden.length === 0) return { problem: `no hidden layer with weights is known in ${graph.name}.` };
  if (other !== undefined) {
    return {
      problem: `the comparison trains stacks of dense layers, and ${graph.name} has ${labelOf(other)}, which is none. Its gradient flow can be opened.`,
    };
  }
  const layers = hidden.map(({ operation }) => operation as Dense);
  const untold = layers.findIndex(({ units }) => !isKnown(units));
  if (untold >= 0)
    return { problem: `the width of ${labelOf(hidden[untold]!)} is not told by the code of ${graph.name}.` };
  return stackExperiment(graph, hidden, layers);
}

function stackExperiment(graph: Model, hidden: readonly ModelNode[], layers: readonly Dense[]): ModelExperiment {
  const context = flowContext(graph);
  const activations = hidden.map(({ id }): ActivationName => {
    const after = activationAfter(context, id)?.operation;
    return (after?.kind === 'activation' ? functionOf(after.activation)?.name : undefined) ?? 'linear';
  });
  const kernels = layers.map(({ kernel }) => kernelOf(graph, kernel));
  const [activation, kernel] = [activations[0]!, kernels[0]!];
  const widths = layers.map(({ units }) => units as number);
  const deepest = limits.hiddenLayers.max;
  const widest = limits.width.max;
  const notTrained = [
    ...firstOf([...new Set(graph.nodes.flatMap(missingIn))]),
    ...(layers.some(({ kernel }) => kernel.kind === 'unknown') ? ['an initialiser that is not known'] : []),
    ...(activations.every((name) => name === activation)
      ? []
      : ['an activation per layer (the first layer’s is taken for all)']),
    ...(kernels.every((each) => JSON.stringify(each) === JSON.stringify(kernel))
      ? []
      : ['an initialiser per layer (the first layer’s is taken for all)']),
    ...(widths.length > deepest ? [`${widths.length} layers (the first ${deepest} are)`] : []),
    ...(widths.some((width) => width > widest) ? [`more than ${widest} units in a layer`] : []),
  ];
  const settings: NetworkSettings = {
    activations: [activation],
    hidden: widths.slice(0, deepest).map((width) => Math.min(width, widest)),
    kernelInitializer: kernel,
    biasInitializer: biasOf(graph, layers[0]!.bias),
  };
  const network = `${layersInWords(settings.hidden)}, ${initializerInWords(kernel)}`;
  const left = notTrained.length === 0 ? '' : ` Not trained: ${listInWords(notTrained)}.`;
  return { settings, network, origin: `From ${graph.name}: ${network}.${left}`.replaceAll('`', '') };
}

const MOST_NAMED = 5;

/** Not more than fit into a sentence. */
const firstOf = (names: readonly string[]): string[] =>
  names.length <= MOST_NAMED
    ? [...names]
    : [...names.slice(0, MOST_NAMED - 1), `${names.length - MOST_NAMED + 1} others`];

/** An initialiser that is not known counts as the framework's default. */
function kernelOf({ framework }: Model, kernel: Initialization): Initializer {
  const own = kernel.kind === 'known' ? kernel.initializer : defaultKernel(framework, 'dense', Number.NaN);
  return asDrawn(own, framework);
}

function biasOf({ framework }: Model, bias: Initialization | null): Initializer {
  if (bias === null) return { kind: 'zeros' };
  return bias.kind === 'known' ? bias.initializer : defaultBias(framework, 'dense', Number.NaN);
}
