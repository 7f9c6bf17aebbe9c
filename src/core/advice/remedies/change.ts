import type { ActivationName } from '../../activations/catalogue';
import type { Initializer } from '../../initializers/initializer';

/**
 * What a remedy changes of a network or of its training, as plain data: what is left out stays. `settings.ts` says of each
 * what it is in words, and how a model, a calculation and a run take it.
 */
export interface Change {
  /** Of all hidden layers. */
  readonly activation?: ActivationName;
  /** Of the hidden layers' kernels: one for all, or one for each layer that has an activation. */
  readonly kernelInitializers?: readonly Initializer[];
  /** Between each hidden layer and its activation. */
  readonly normalisation?: 'batch' | 'layer';
  /** Around each hidden layer that is as wide as what it receives. */
  readonly residual?: true;
  /** How many are left; the first ones stay. */
  readonly hiddenLayers?: number;
  readonly learningRate?: number;
}
