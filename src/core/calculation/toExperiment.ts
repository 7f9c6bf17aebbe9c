import { type ExperimentConfig, limits } from '../experiment/config';
import { layersInWords } from '../format/widths';
import { framework } from '../frameworks/all';
import { writtenInitializer } from '../frameworks/initializerNames';
import { asDrawn } from '../frameworks/layerDefaults';
import { formatInitializer, type Initializer, initializerInWords } from '../initializers/initializer';
import type { FlowConfig } from './config';
import { DIGIT_PIXELS, inputsOf } from './inputs';
import { kernelName } from './predict';

/** What a calculation says of a comparison's networks. Data and training are not its subject. */
export type NetworkSettings = Pick<
  ExperimentConfig,
  'activations' | 'hidden' | 'kernelInitializer' | 'biasInitializer'
>;

export interface FlowExperiment {
  readonly settings: NetworkSettings;
  /** What of the calculation a comparison cannot train, each in some words: "residual connections". */
  readonly notTrained: readonly string[];
}

/** As the framework really draws it: a comparison corrects for every cut-off. */
const kernelOf = ({ framework: id, kernelInitializer }: FlowConfig): Initializer =>
  asDrawn(kernelInitializer ?? framework(id).defaults.kernel.initializer, id);

function biasOf({ framework: id, biasStd }: FlowConfig): Initializer {
  if (biasStd === null) return framework(id).defaults.bias.initializer;
  return biasStd === 0 ? { kind: 'zeros' } : { kind: 'normal', mean: 0, stddev: biasStd };
}

function notTrained(config: FlowConfig): string[] {
  const { candidates, widths, normalisation, dropout, residual } = config;
  const mixed = candidates.some(({ activations }) => activations.some((name) => name !== activations[0]));
  const deepest = limits.hiddenLayers.max;
  return [
    ...(normalisation === 'none' ? [] : [`${normalisation} normalisation`]),
    ...(residual ? ['residual connections'] : []),
    ...(dropout > 0 ? ['dropout'] : []),
    ...(mixed ? ['an activation per layer (the first layer’s is taken for all)'] : []),
    ...(widths.length > deepest ? [`${widths.length} layers (the first ${deepest} are)`] : []),
  ];
}

/**
 * The settings of a comparison that trains the networks of a calculation, and what of them it cannot train: the other way
 * round from `flowOfExperiment`. Every initialiser of a calculation can be drawn.
 */
export function experimentOfFlow(config: FlowConfig): FlowExperiment {
  return {
    settings: {
      activations: [...new Set(config.candidates.map(({ activations }) => activations[0]!))],
      hidden: config.widths.slice(0, limits.hiddenLayers.max),
      kernelInitializer: kernelOf(config),
      biasInitializer: biasOf(config),
    },
    notTrained: notTrained(config),
  };
}

/** "10 × 128"; of many different widths the extremes. */
function layersText(widths: readonly number[]): string {
  const text = layersInWords(widths);
  if (widths.length <= 6 || text.includes('×')) return text;
  return `${widths.length} layers of ${Math.min(...widths)} to ${Math.max(...widths)}`;
}

/** "glorot_uniform", "xavier_uniform_ (glorot_uniform)", "kaiming_uniform_(a=√5) (PyTorch’s default)". */
function kernelText(config: FlowConfig): string {
  const { kernelInitializer, framework: id } = config;
  if (kernelInitializer === null) return `${kernelName(config)} (${framework(id).label}’s default)`;
  const name = initializerInWords(kernelInitializer);
  const own = writtenInitializer(kernelInitializer, id);
  // A name, and no call that says the same numbers again.
  return own === undefined || own === name || /[(,]/.test(own) ? name : `${own} (${name})`;
}

/** What a comparison of a calculation's networks has in common: "10 × 128, glorot_uniform". */
export const networkInWords = (config: FlowConfig): string =>
  `${layersText(experimentOfFlow(config).settings.hidden)}, ${kernelText(config)}`;

/** "From the calculator: 10 × 128, glorot_uniform. Not trained: residual connections." */
export function originSentence(from: string, config: FlowConfig): string {
  const { settings, notTrained } = experimentOfFlow(config);
  const inputs = inputsOf(config);
  const bias = settings.biasInitializer;
  const parts = [
    networkInWords(config),
    ...(bias.kind === 'zeros'
      ? []
      : [config.biasStd === null ? 'its biases too' : `biases ${formatInitializer(bias)}`]),
  ];
  const missing = notTrained.length > 0 ? ` Not trained: ${notTrained.join(', ')}.` : '';
  const images =
    inputs === DIGIT_PIXELS ? '' : ` The images have ${DIGIT_PIXELS} inputs, where its network has ${inputs}.`;
  return `From ${from}: ${parts.join(', ')}.${missing}${images}`;
}
