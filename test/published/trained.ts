import { median } from '../bench/rows';
import type { PrintedRun } from '../bench/terminal';
import { type Published, spread } from './published';

/** Found in the networks that a comparison has trained on MNIST: `npm run bench -- --published --data FOLDER`. */
export interface OfRuns extends Published {
  readonly find: (runs: readonly PrintedRun[]) => number;
}

export interface Comparison {
  /** Of the command `compare`, beside the data. */
  readonly args: string;
  readonly figures: readonly OfRuns[];
}

const roy = 'Roy, How the Sigmoid Activation Function Causes Vanishing Gradients in Deep Neural Networks';
const repeated = 'the same program, repeated in PyTorch 1.13';

const of = (name: string) => (runs: readonly PrintedRun[]) => runs.filter(({ activation }) => activation === name);

/** Median over the seeds, at an epoch from 1. */
const atEpoch = (name: string, epoch: number, what: 'loss' | 'accuracy') => (runs: readonly PrintedRun[]) =>
  median(of(name)(runs).map(({ epochs }) => epochs[epoch - 1]![what]));

const seeds = 'five seeds of a repetition lie in it, and so does the paper';

const paper: Comparison = {
  args: '--epochs 10 --seeds 5',
  figures: [
    {
      source: roy,
      what: 'ReLU, training accuracy at epoch 10',
      ...spread(0.8842, [0.88, 0.89], seeds),
      find: atEpoch('relu', 10, 'accuracy'),
    },
    {
      source: roy,
      what: 'ReLU, training loss at epoch 10',
      ...spread(3.3873, [3.2, 3.7], seeds),
      find: atEpoch('relu', 10, 'loss'),
    },
    {
      source: roy,
      what: 'ReLU, training accuracy at epoch 2',
      ...spread(0.7491, [0.72, 0.8], 'Keras 3.15 gave 0.7718'),
      find: atEpoch('relu', 2, 'accuracy'),
    },
    {
      source: roy,
      what: 'ReLU, training loss at epoch 1',
      ...spread(553.457, [150, 600], 'it swings with the first weights: 196 in Keras 3.15, 250 to 290 in PyTorch'),
      find: atEpoch('relu', 1, 'loss'),
    },
    {
      source: roy,
      what: 'sigmoid, training accuracy at epoch 10, least of five seeds',
      ...spread(0.1031, [0.1, 0.11], 'networks that stay at chance; some seeds creep out'),
      find: (runs) => Math.min(...of('sigmoid')(runs).map(({ epochs }) => epochs[9]!.accuracy)),
    },
    {
      source: roy,
      what: 'sigmoid, training loss at epoch 10, largest of five seeds',
      ...spread(2.3103, [2.302, 2.316], 'ln 10 and what Adam adds'),
      find: (runs) => Math.max(...of('sigmoid')(runs).map(({ epochs }) => epochs[9]!.loss)),
    },
    {
      source: repeated,
      what: 'sigmoid, seeds of five that stay at chance (accuracy below 0.12)',
      ...spread(3, [1, 5], 'five draws of about 0.6'),
      find: (runs) => of('sigmoid')(runs).filter(({ epochs }) => epochs[9]!.accuracy < 0.12).length,
    },
    {
      source: repeated,
      what: 'sigmoid, gradient of the hidden kernel at the first batch',
      ...spread(0, [0, 1e-6], 'exactly 0, and once 1.7e-9'),
      find: (runs) => median(of('sigmoid')(runs).map(({ gradientNorms }) => gradientNorms.first[0]!)),
    },
  ],
};

const glorot: Comparison = {
  args: '--init glorot_uniform --epochs 3',
  figures: [
    {
      source: `${repeated}, with Keras’s default initialiser`,
      what: 'sigmoid, training accuracy at epoch 3',
      ...spread(0.939, [0.93, 0.948], 'seeds differ by less than a hundredth'),
      find: atEpoch('sigmoid', 3, 'accuracy'),
    },
    {
      source: `${repeated}, with Keras’s default initialiser`,
      what: 'ReLU, training accuracy at epoch 3',
      ...spread(0.966, [0.957, 0.975], 'seeds differ by less than a hundredth'),
      find: atEpoch('relu', 3, 'accuracy'),
    },
  ],
};

const tanh: Comparison = {
  args: '--activations tanh --epochs 10',
  figures: [
    {
      source: `${repeated}, with tanh`,
      what: 'tanh, training loss at epoch 10',
      ...spread(2.307, [2.302, 2.316], 'ln 10 and what Adam adds'),
      find: atEpoch('tanh', 10, 'loss'),
    },
  ],
};

const firstOverLast = (name: string) => (runs: readonly PrintedRun[]) =>
  median(of(name)(runs).map(({ gradientNorms: { first } }) => first[0]! / first.at(-1)!));

const ten = '--hidden 128x10 --epochs 2 --seeds 2';
const tenLayers = 'ten hidden layers of 128 in PyTorch 1.13';
const draw = 'another draw of the weights, and no Adam before the first batch';

const deepGlorot: Comparison = {
  args: `${ten} --activations sigmoid,tanh --init glorot_uniform`,
  figures: [
    {
      source: tenLayers,
      what: 'sigmoid, first kernel’s gradient over the output’s at the first batch',
      ...spread(1e-6, [4e-7, 2.5e-6], draw),
      find: firstOverLast('sigmoid'),
    },
    {
      source: tenLayers,
      what: 'tanh, first kernel’s gradient over the output’s at the first batch',
      ...spread(2.7, [1.3, 5.4], draw),
      find: firstOverLast('tanh'),
    },
    {
      source: 'Keras’s Adam, ten hidden layers of 128',
      what: 'sigmoid, training accuracy at epoch 2',
      ...spread(0.119, [0.1, 0.14], 'two seeds gave 0.103 and 0.134; PyTorch’s ε gives 0.19'),
      find: atEpoch('sigmoid', 2, 'accuracy'),
    },
    {
      source: tenLayers,
      what: 'tanh, training accuracy at epoch 2',
      ...spread(0.95, [0.935, 0.965], 'printed with two digits, other seeds'),
      find: atEpoch('tanh', 2, 'accuracy'),
    },
  ],
};

const deepHe: Comparison = {
  args: `${ten} --activations relu --init he_normal`,
  figures: [
    {
      source: tenLayers,
      what: 'ReLU, he_normal, training accuracy at epoch 2',
      ...spread(0.96, [0.945, 0.975], 'printed with two digits, other seeds'),
      find: atEpoch('relu', 2, 'accuracy'),
    },
  ],
};

export const trained: readonly Comparison[] = [paper, glorot, tanh, deepGlorot, deepHe];
