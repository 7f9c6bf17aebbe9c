import * as tf from '@tensorflow/tfjs-core';
import { namesOf, probeColumns } from '../../core/runs/columns';

type ProbeColumns = typeof probeColumns;
export type UnitColumn = {
  [K in keyof ProbeColumns]: ProbeColumns[K]['per'] extends 'hidden layer' ? K : never;
}[keyof ProbeColumns];

/** The columns of a probe that look at a layer's units, in their order. */
export const unitColumns = namesOf(probeColumns).filter(
  (name): name is UnitColumn => probeColumns[name].per === 'hidden layer',
);

/** Pre-activations of a layer and φ′ there, [any, units]. */
export interface Activated {
  readonly z: tf.Tensor2D;
  /** Undefined where the layer has no activation. */
  readonly derivative: tf.Tensor2D | undefined;
  /** Mean |φ′| below this is saturated. */
  readonly saturated: number;
}

/** What the units of a layer do on a batch; the caller disposes of the scalars. */
export function unitProbe({ z, derivative, saturated }: Activated): Readonly<Record<UnitColumn, tf.Scalar>> {
  const preActivationMean: tf.Scalar = tf.mean(z);
  const squares = tf.square(tf.sub<tf.Tensor>(z, preActivationMean));
  const preActivationStddev = tf.sqrt(tf.mean<tf.Scalar>(squares));
  const moments = { preActivationMean, preActivationStddev };
  if (derivative === undefined) {
    return { meanDerivative: tf.scalar(1), saturatedShare: tf.scalar(0), deadShare: tf.scalar(0), ...moments };
  }
  const perUnit = tf.mean(tf.abs(derivative), 0);
  const share = (units: tf.Tensor) => tf.mean<tf.Scalar>(tf.cast(units, 'float32'));
  return {
    meanDerivative: tf.mean<tf.Scalar>(derivative),
    saturatedShare: share(tf.less(perUnit, saturated)),
    deadShare: share(tf.equal(perUnit, 0)),
    ...moments,
  };
}

/** What the units of some layers do on a batch, [columns, layers]; the caller disposes of it. */
export const probeUnits = (layers: readonly Activated[]): tf.Tensor2D =>
  tf.tidy(() => {
    if (layers.length === 0) return tf.zeros([unitColumns.length, 0]);
    const probes = layers.map((layer) => {
      const probe = unitProbe(layer);
      return tf.stack(unitColumns.map((name) => probe[name]));
    });
    return tf.stack(probes, 1) as tf.Tensor2D;
  });
