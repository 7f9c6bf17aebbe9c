import type { ActivationName } from '../activations/catalogue';
import { type FlowConfig, paperFlow, parseFlowConfig } from '../calculation/config';
import { stackOfConfig } from '../calculation/predict';
import type { Initializer } from '../initializers/initializer';
import type { Model } from '../model/model';
import { activationAfter, type GraphFlow, isUnknownFlow } from '../theory/graph';
import { flowContext, functionOf } from '../theory/graphForward';
import type { DenseLayer, Stack } from '../theory/stack';

/** Values that count as equal: an initialiser's variance may be computed in another order. */
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-300);

const alike = (a: DenseLayer, b: DenseLayer): boolean =>
  a.fanIn === b.fanIn &&
  a.fanOut === b.fanOut &&
  close(a.kernelMean, b.kernelMean) &&
  close(a.kernelVariance, b.kernelVariance) &&
  close(a.biasMean ?? 0, b.biasMean ?? 0) &&
  close(a.biasVariance, b.biasVariance) &&
  a.normalisation === b.normalisation &&
  close(a.keep, b.keep) &&
  a.residual === b.residual;

/**
 * The calculator's settings that show a model: undefined where its numbers would not be the model's, since it is no
 * chain of dense layers, or one whose layers differ in what the calculator has one setting for.
 */
export function modelCalculation(graph: Model, flow: GraphFlow): FlowConfig | undefined {
  if (isUnknownFlow(flow) || flow.stack === undefined) return undefined;
  const { stack, layers } = flow;
  const context = flowContext(graph);
  const activations = layers.map(({ node }): ActivationName => {
    const after = activationAfter(context, node)?.operation;
    return (after?.kind === 'activation' ? functionOf(after.activation)?.name : undefined) ?? 'linear';
  });
  const [first] = stack.layers;
  if (first === undefined) return undefined;
  const config = {
    ...paperFlow,
    framework: graph.framework,
    candidates: [
      { activations: activations.every((name) => name === activations[0]) ? [activations[0]] : activations },
    ],
    widths: stack.layers.map(({ fanOut }) => fanOut),
    inputs: first.fanIn,
    kernelInitializer: kernelOf(graph, layers[0]!.node),
    biasStd: null,
    normalisation: first.normalisation,
    dropout: 1 - first.keep,
    residual: stack.layers.some(({ residual }) => residual),
    inputVariance: stack.inputVariance,
  };
  for (const biasStd of [null, Math.sqrt(first.biasVariance)]) {
    const parsed = parseFlowConfig({ ...config, biasStd });
    if ('config' in parsed && shows(parsed.config, stack)) return parsed.config;
  }
  return undefined;
}

function kernelOf({ nodes }: Model, layer: number): Initializer | null {
  const { operation } = nodes[layer]!;
  return 'kernel' in operation && operation.kernel.kind === 'known' ? operation.kernel.initializer : null;
}

function shows(config: FlowConfig, { layers, inputVariance, inputMean = 0 }: Stack): boolean {
  const made = stackOfConfig(config, config.candidates[0]!);
  return (
    close(made.inputVariance, inputVariance) &&
    (made.inputMean ?? 0) === inputMean &&
    made.layers.length === layers.length &&
    made.layers.every((layer, l) => alike(layer, layers[l]!))
  );
}
