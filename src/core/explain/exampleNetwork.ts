import type { FlowConfig } from '../calculation/config';
import type { FrameworkId } from '../frameworks/framework';
import type { FrameworkActivation } from '../frameworks/resolve';
import type { Initializer } from '../initializers/initializer';
import { initializerFigures, type LayerFans } from './initializerFigures';

/** Layers of the network that a hover's numbers are of. */
export const EXAMPLE_LAYERS = 10;
/** Its units a layer where the code does not tell them. */
export const EXAMPLE_WIDTH = 128;
/** Units from which on a layer's own end is taken for the width of hidden layers. */
export const EXAMPLE_NARROW = 32;
const WIDEST = 4096;

export const exampleFans: LayerFans = { fanIn: EXAMPLE_WIDTH, fanOut: EXAMPLE_WIDTH };

/** What the code says of the layer whose output an activation takes. */
export interface LayerBefore {
  /** Null where nothing is written: the framework's default. */
  readonly initializer: Initializer | null;
  /** Undefined where the code does not tell them. */
  readonly fans: LayerFans | undefined;
  /** What its biases start with: null where there are none, undefined for the framework's default. */
  readonly bias: Initializer | null | undefined;
  /** Between the layer and the activation. */
  readonly normalisation: FlowConfig['normalisation'];
}

/**
 * Units of a hidden layer beside it: its own, or of a layer that widens what comes in, as many as come in. A narrow end, as of
 * an output layer or a convolution's kernel, is no width of a hidden layer.
 */
export function widthOf({ fanIn, fanOut }: LayerFans): number {
  const [low, high] = [Math.min(fanIn, fanOut), Math.max(fanIn, fanOut)];
  const width = low >= EXAMPLE_NARROW ? Math.min(low, WIDEST) : Math.min(high, EXAMPLE_WIDTH);
  return Math.max(1, Math.round(width));
}

/** Standard deviation of the biases where it is not the framework's default. */
export function biasDeviation(
  bias: Initializer | null | undefined,
  id: FrameworkId,
  fans: LayerFans,
): number | undefined {
  if (bias === undefined) return undefined;
  return bias === null ? 0 : initializerFigures(bias, id, fans).stddev;
}

/** The settings in which ten layers like one in the code differ from ten of the framework's. */
export function networkLike(layer: LayerBefore | undefined, id: FrameworkId): Partial<FlowConfig> {
  if (layer === undefined) return {};
  const fans = layer.fans ?? exampleFans;
  const width = widthOf(fans);
  const biasStd = biasDeviation(layer.bias, id, fans);
  return {
    ...(layer.initializer === null ? {} : { kernelInitializer: layer.initializer }),
    ...(width === EXAMPLE_WIDTH ? {} : { widths: Array.from({ length: EXAMPLE_LAYERS }, () => width) }),
    ...(biasStd === undefined ? {} : { biasStd }),
    ...(layer.normalisation === 'none' ? {} : { normalisation: layer.normalisation }),
  };
}

/** The calculation that the numbers of an activation's hover are of. */
export const calculationLike = (
  { activation, spelling: { framework } }: FrameworkActivation,
  layer: LayerBefore | undefined,
): Partial<FlowConfig> & { readonly activation: string } => ({
  activation: activation.name,
  framework,
  ...networkLike(layer, framework),
});
