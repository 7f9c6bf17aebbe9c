import { type ExperimentConfig, paperConfig } from './config';

/** A comparison worth starting from. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** One line: what it shows. */
  readonly description: string;
  /** What it asks, as the end of a line that begins with its title. */
  readonly question: string;
  readonly config: ExperimentConfig;
}

export const presets: readonly Preset[] = [
  {
    id: 'paper',
    title: "The paper's experiment",
    description: 'One hidden layer of 128 with kernels drawn around 1: the sigmoid saturates at once, ReLU learns.',
    question: 'is it the sigmoid, or its start?',
    config: paperConfig,
  },
  {
    id: 'paper-glorot',
    title: 'The paper with glorot_uniform',
    description:
      "The same network with Keras's default kernels: the sigmoid learns too, so the initialiser was to blame.",
    question: 'does the sigmoid learn now?',
    config: { ...paperConfig, kernelInitializer: { kind: 'glorot_uniform' } },
  },
  {
    id: 'deep-sigmoid',
    title: 'Deep sigmoid, 10 × 128',
    description:
      'Ten hidden layers: here depth itself makes the gradient of a sigmoid vanish, while tanh and ReLU pass it on.',
    question: 'does depth alone stop it?',
    config: {
      ...paperConfig,
      activations: ['sigmoid', 'tanh', 'relu'],
      hidden: Array.from({ length: 10 }, () => 128),
      kernelInitializer: { kind: 'glorot_uniform' },
      epochs: 3,
    },
  },
  {
    id: 'relu-family',
    title: 'The ReLU family',
    description: 'ReLU, leaky ReLU, ELU and GELU in a network of six layers: which units die, and what a leak changes.',
    question: 'which units die, does a leak help?',
    config: {
      ...paperConfig,
      activations: ['relu', 'leaky_relu', 'elu', 'gelu'],
      hidden: Array.from({ length: 6 }, () => 128),
      kernelInitializer: { kind: 'he_normal' },
      epochs: 3,
    },
  },
];

/** The preset whose settings these are, whatever the data, seeds and backend. */
export function presetOf(config: ExperimentConfig): Preset | undefined {
  const decisive = ({
    data: _data,
    seed: _seed,
    seeds: _seeds,
    backend: _backend,
    ...rest
  }: ExperimentConfig): string =>
    JSON.stringify(rest, Object.keys(rest).sort().concat(['kind', 'mean', 'stddev', 'value', 'min', 'max']));
  return presets.find((preset) => decisive(preset.config) === decisive(config));
}
