import { type Initializer, scalingOf } from '../initializers/initializer';
import { framework } from './all';
import type { FrameworkId } from './framework';
import type { LayerDefaults } from './layerShelf';
import type { Cell, LayerSignature } from './layerSignature';

/** What a framework's layers start with where the code says nothing, and as it really draws what the code says. */

/** Kinds of layers that have defaults of their own. */
export type DefaultedKind = 'dense' | 'convolution' | 'embedding' | 'recurrent';

const startsLike: Readonly<Partial<Record<LayerSignature['kind'], DefaultedKind>>> = {
  dense: 'dense',
  denseGeneral: 'dense',
  bilinear: 'dense',
  convolution: 'convolution',
  embedding: 'embedding',
  recurrent: 'recurrent',
};

/** The kind whose defaults a layer has; undefined for one without a kernel of its own. */
export const defaultedKind = ({ kind }: Pick<LayerSignature, 'kind'>): DefaultedKind | undefined => startsLike[kind];

const defaultsOf = (of: FrameworkId | LayerDefaults): LayerDefaults =>
  typeof of === 'string' ? framework(of).defaults : of;

/**
 * @param of a framework, or the defaults of a library that is built on one
 * @param units of a recurrent layer
 * @param cell of a recurrent layer
 */
export function defaultKernel(
  of: FrameworkId | LayerDefaults,
  kind: DefaultedKind,
  units: number,
  cell: Cell = 'simple',
): Initializer {
  const { embedding, kernel, recurrent } = defaultsOf(of);
  if (kind === 'embedding') return embedding;
  if (kind !== 'recurrent') return kernel.initializer;
  return recurrent.alike ? recurrent.kernel(units, cell) : (recurrent.input?.(cell) ?? kernel.initializer);
}

/** Its fan-in is the kernel's. @param units of a recurrent layer */
export function defaultBias(of: FrameworkId | LayerDefaults, kind: DefaultedKind, units: number): Initializer {
  const defaults = defaultsOf(of);
  return kind === 'recurrent' && defaults.recurrent.alike
    ? defaults.recurrent.kernel(units, 'simple')
    : defaults.bias.initializer;
}

/** An initialiser as the framework draws it: TensorFlow.js leaves its cut-off normals uncorrected. */
export function asDrawn(initializer: Initializer, id: FrameworkId): Initializer {
  const scaling = scalingOf(initializer);
  const { truncatedShare } = framework(id);
  if (truncatedShare === 1 || scaling?.distribution !== 'truncated_normal') return initializer;
  return { ...scaling, scale: scaling.scale * truncatedShare };
}

/** Groups of GroupNorm where the code's number is not known; Keras's and Flax's default. */
export const USUAL_GROUPS = 32;
