import { type Initializer, scalingOf, TRUNCATED_NORMAL_STDDEV } from '../initializers/initializer';
import type { FrameworkId } from './framework';

/** What a framework's layers start with where the code says nothing, and as it really draws what the code says. */

const within = (limit: number): Initializer => ({ kind: 'uniform', min: -limit, max: limit });

/**
 * The default kernel of dense and convolutional layers, see `src/core/frameworks/initialVariance.ts`; of embeddings U(±0.05)
 * in Keras and TensorFlow.js, N(0, 1) in PyTorch, variance 1/units in Flax; of recurrent layers what dense ones have, but
 * in PyTorch U(±1/√units).
 */
export function defaultKernel(
  framework: FrameworkId,
  kind: 'dense' | 'convolution' | 'embedding' | 'recurrent',
  fanIn: number,
  units: number,
): Initializer {
  if (kind === 'embedding') {
    if (framework === 'torch') return { kind: 'normal', mean: 0, stddev: 1 };
    return framework === 'jax' ? { kind: 'normal', mean: 0, stddev: 1 / Math.sqrt(units) } : within(0.05);
  }
  switch (framework) {
    case 'keras':
    case 'tf2':
      return { kind: 'glorot_uniform' };
    case 'tfjs':
      return asDrawn({ kind: 'glorot_normal' }, framework);
    case 'torch':
      return within(1 / Math.sqrt(kind === 'recurrent' ? units : fanIn));
    case 'jax':
      return { kind: 'lecun_normal' };
  }
}

/** Orthogonal, but in PyTorch. */
export const defaultRecurrentKernel = (framework: FrameworkId, units: number): Initializer =>
  framework === 'torch' ? within(1 / Math.sqrt(units)) : { kind: 'orthogonal', gain: 1 };

/** Zeros, but in PyTorch; a recurrent layer's there as its kernels. */
export const defaultBias = (framework: FrameworkId, fan: number): Initializer =>
  framework === 'torch' ? within(1 / Math.sqrt(fan)) : { kind: 'zeros' };

/** An initialiser as the framework draws it: TensorFlow.js leaves its cut-off normals uncorrected. */
export function asDrawn(initializer: Initializer, framework: FrameworkId): Initializer {
  const scaling = scalingOf(initializer);
  if (framework !== 'tfjs' || scaling?.distribution !== 'truncated_normal') return initializer;
  return { ...scaling, scale: scaling.scale * TRUNCATED_NORMAL_STDDEV ** 2 };
}

/** What a normalisation takes its mean and variance over. */
export type NormalisedOver = 'batch' | 'layer' | 'group' | 'instance' | 'rms';

interface NormalisationDefaults {
  readonly epsilon: number;
  /** Share of a moving average that a step leaves. */
  readonly momentum: number;
  readonly trained: boolean;
}

/** Defaults of the frameworks' normalisations; PyTorch's moving averages take a tenth of each batch. */
export function normalisationDefaults(framework: FrameworkId, over: NormalisedOver): NormalisationDefaults {
  const epsilon = { keras: 1e-3, tf2: 1e-3, tfjs: 1e-3, torch: 1e-5, jax: over === 'batch' ? 1e-5 : 1e-6 }[framework];
  return {
    epsilon: over === 'rms' && framework !== 'torch' ? 1e-6 : epsilon,
    momentum: framework === 'torch' ? 0.9 : 0.99,
    trained: !(over === 'instance' && framework === 'torch'),
  };
}

/** Groups of GroupNorm where the code's number is not known; Keras's and Flax's default. */
export const USUAL_GROUPS = 32;
