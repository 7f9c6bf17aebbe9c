import { type FlowConfig, paperFlow } from './config';

/** A calculation to start from. */
export interface FlowPreset {
  readonly id: string;
  readonly title: string;
  /** One sentence on what it shows. */
  readonly description: string;
  readonly config: FlowConfig;
}

const one = (name: string): FlowConfig['candidates'][number] => ({ activations: [name] });

const deep = (layers: number, width: number): number[] => Array.from({ length: layers }, () => width);

/** What people most often compare, in a framework's defaults. */
const usual = [one('sigmoid'), one('tanh'), one('relu'), one('gelu')];

/** In the order in which a menu shows them; the first is the panel's start. */
export const flowPresets: readonly FlowPreset[] = [
  {
    id: 'paper',
    title: 'The paper: ten layers, sigmoid and tanh',
    description: 'The paper’s 0.25¹⁰ against 1¹⁰, and what really comes through with Keras’s defaults.',
    config: paperFlow,
  },
  {
    id: 'paper-initialiser',
    title: 'The paper’s initialiser: RandomNormal(1, 1)',
    description:
      'One hidden layer on digits: kernels of mean 1 put every pre-activation near +100, where a sigmoid learns nothing.',
    config: {
      ...paperFlow,
      candidates: [one('sigmoid'), one('relu')],
      widths: [128],
      inputs: 784,
      kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 },
      biasStd: 0,
      inputVariance: 0.1,
      data: 'digits',
    },
  },
  {
    id: 'keras',
    title: 'Keras defaults',
    description:
      'glorot_uniform and zero biases: ReLU and GELU lose most of a gradient too, though less than the sigmoid.',
    config: { ...paperFlow, candidates: usual },
  },
  {
    id: 'torch',
    title: 'PyTorch defaults',
    description:
      'kaiming_uniform_(a=√5) has a third of lecun_normal’s variance: the gradient shrinks with every activation.',
    config: { ...paperFlow, framework: 'torch', candidates: usual },
  },
  {
    id: 'tfjs',
    title: 'TensorFlow.js defaults',
    description: 'glorotNormal is cut off at two standard deviations and not corrected: 77 % of the variance is left.',
    config: { ...paperFlow, framework: 'tfjs', candidates: usual },
  },
  {
    id: 'flax',
    title: 'Flax defaults',
    description: 'lecun_normal and zero biases: the same variance as Keras’s where widths are equal.',
    config: { ...paperFlow, framework: 'jax', candidates: usual },
  },
  {
    id: 'residual',
    title: 'Fifty residual layers',
    description: 'x + F(x) passes a gradient back whatever F does; without normalisation it grows instead.',
    config: {
      ...paperFlow,
      candidates: [one('sigmoid'), one('tanh'), one('relu')],
      widths: deep(50, 128),
      residual: true,
    },
  },
  {
    id: 'selu',
    title: 'SELU with LeCun',
    description:
      'SELU is made to keep variance 1 with lecun_normal, also over fifty layers; the gradient grows by 3.5 % a layer.',
    config: {
      ...paperFlow,
      candidates: [one('selu'), one('tanh'), one('relu')],
      widths: deep(50, 128),
      kernelInitializer: { kind: 'lecun_normal' },
    },
  },
];
