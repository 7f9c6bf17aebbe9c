import type { ActivationName } from '../activations/catalogue';
import { startingWith } from '../model/build';
import type { Model } from '../model/model';
import { stackModel } from '../model/stack';
import type { ExperimentConfig } from './config';

/** What the data of a run say of its networks: components of an input, and classes to tell apart. */
export interface ExperimentData {
  readonly inputs: number;
  readonly classes: number;
}

/**
 * The network that a comparison trains with one of its activations: its hidden layers and a linear output. Functions and
 * draws are the catalogue's own, which are Keras's.
 */
export function modelOfExperiment(
  {
    hidden,
    kernelInitializer,
    biasInitializer,
  }: Pick<ExperimentConfig, 'hidden' | 'kernelInitializer' | 'biasInitializer'>,
  activation: ActivationName,
  { inputs, classes }: ExperimentData,
): Model {
  const weights = { kernel: startingWith(kernelInitializer), bias: startingWith(biasInitializer) };
  return stackModel({
    name: activation,
    framework: 'keras',
    inputs,
    layers: hidden.map((units) => ({ units, activation, ...weights })),
    output: { units: classes, ...weights },
  });
}
