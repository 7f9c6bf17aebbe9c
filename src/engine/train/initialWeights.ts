import { drawWeights, type Initializer } from '../../core/initializers/initializer';
import { createRandom } from '../../core/math/random';
import type { Initialization, Model } from '../../core/model/model';
import { denseLayers } from '../../core/model/stack';
import type { DenseWeights } from './denseTraining';

/** An initialiser of a stack that was configured: all are known there. */
function knownInitializer(initialization: Initialization | null): Initializer {
  if (initialization?.kind === 'known') return initialization.initializer;
  throw new RangeError(`a layer starts with ${initialization?.kind ?? 'no'} weights; expected an initialiser.`);
}

/**
 * The weights that a stack of dense layers starts from: drawn from the seed and the layer's place alone, so that every
 * activation of a seed starts from the same.
 *
 * @throws RangeError for a model with other sizes or initialisers than known ones
 */
export const initialWeights = (model: Model, seed: number): DenseWeights[] =>
  denseLayers(model).map(({ fanIn, fanOut, kernel, bias }, l) => ({
    fanIn,
    fanOut,
    kernel: drawWeights(knownInitializer(kernel), fanIn * fanOut, fanIn, fanOut, createRandom(seed, `kernel ${l}`)),
    bias: drawWeights(knownInitializer(bias), fanOut, fanIn, fanOut, createRandom(seed, `bias ${l}`)),
  }));
