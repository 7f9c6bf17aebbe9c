import { describe, expect, it } from 'vitest';
import { type FrameworkId, frameworkIds } from '../../../../src/core/frameworks/framework';
import {
  initializerLabel,
  initializerPath,
  initializerSpellings,
  initializerString,
  readInitializer,
  writtenInitializer,
} from '../../../../src/core/frameworks/initializerNames';
import {
  fanModes,
  type Initializer,
  initializerMoments,
  scalingDistributions,
  scalingOf,
  varianceScalingNames,
} from '../../../../src/core/initializers/initializer';

const examples: readonly Initializer[] = [
  { kind: 'zeros' },
  { kind: 'constant', value: 1 },
  { kind: 'constant', value: -0.25 },
  { kind: 'normal', mean: 0, stddev: 0.02 },
  { kind: 'normal', mean: 1, stddev: 1 },
  { kind: 'truncated_normal', mean: 0, stddev: 0.5 },
  { kind: 'truncated_normal', mean: 2, stddev: 0.5 },
  { kind: 'uniform', min: -0.05, max: 0.05 },
  { kind: 'uniform', min: 0, max: 0.1 },
  { kind: 'orthogonal', gain: 1 },
  { kind: 'orthogonal', gain: 1.5 },
  ...varianceScalingNames.map((kind) => ({ kind })),
  ...[1 / 3, 0.5, 1, 2, 4].flatMap((scale) =>
    fanModes.flatMap((mode) =>
      scalingDistributions.map(
        (distribution): Initializer => ({ kind: 'variance_scaling', scale, mode, distribution }),
      ),
    ),
  ),
];

/** What decides about draws; where a framework has one normal of the two, they are one. */
function shapeOf(initializer: Initializer, id: FrameworkId): string {
  const distribution = scalingOf(initializer)?.distribution;
  if (distribution === undefined) return initializer.kind === 'zeros' ? 'constant' : initializer.kind;
  return distribution === 'truncated_normal' && id === 'torch' ? 'untruncated_normal' : distribution;
}

describe('names of initialisers', () => {
  it.each(frameworkIds)('what %s writes is read as the same draws', (id) => {
    let count = 0;
    for (const initializer of examples) {
      const name = writtenInitializer(initializer, id);
      if (name === undefined) continue;
      count += 1;
      const read = readInitializer(name, id);
      expect(read, name).toBeDefined();
      expect(shapeOf(read!, id), name).toBe(shapeOf(initializer, id));
      const [found, expected] = [read!, initializer].map((each) => initializerMoments(each, 40, 30));
      expect(found!.mean, name).toBeCloseTo(expected!.mean, 12);
      expect(found!.variance / (expected!.variance || 1), name).toBeCloseTo(expected!.variance === 0 ? 0 : 1, 4);
    }
    expect(count).toBeGreaterThan(25);
  });

  it.each(frameworkIds)('a scaling is called as %s calls it', (id) => {
    for (const kind of varianceScalingNames) {
      const label = initializerLabel({ kind }, id);
      expect(readInitializer(label, id), label).toEqual({ kind });
    }
    expect(initializerLabel({ kind: 'he_normal' }, 'torch')).toBe('kaiming_normal_');
    expect(initializerLabel({ kind: 'he_normal' }, undefined)).toBe('he_normal');
    expect(initializerLabel({ kind: 'normal', mean: 1, stddev: 1 }, id)).toBe('normal:1,1');
  });

  it('PyTorch’s default is read exactly', () => {
    expect(readInitializer('kaiming_uniform_(a=√5)', 'torch')).toEqual({
      kind: 'variance_scaling',
      scale: 1 / 3,
      mode: 'fan_in',
      distribution: 'uniform',
    });
  });

  it('a name with other numbers elsewhere is read for its framework', () => {
    expect(readInitializer('normal(0.02)', 'jax')).toEqual({ kind: 'normal', mean: 0, stddev: 0.02 });
    expect(readInitializer('normal(0.02)', 'keras')).toEqual({ kind: 'normal', mean: 0.02, stddev: 0.05 });
    expect(readInitializer('normal(0.02)')).toBeUndefined();
  });

  it('every name that a framework has makes an initialiser, or is explained', () => {
    for (const { framework, name, kind, docs } of initializerSpellings) {
      const numbers: Readonly<Record<string, number | string>> = {
        val: 0.5,
        value: 0.5,
        scale: 1,
        mode: 'fan_in',
        distribution: 'uniform',
      };
      const made = kind.make((parameter) => numbers[parameter]);
      expect(made !== undefined || kind.explanation !== undefined, `${framework} ${name}`).toBe(true);
      expect(docs, name).toMatch(/^https:\/\/\S+$/);
    }
  });

  it.each<[string, FrameworkId | undefined]>([
    ['keras.src.initializers.random_initializers.HeNormal', 'keras'],
    ['tensorflow.keras.initializers.HeNormal', 'tf2'],
    ['tensorflow.random_normal_initializer', 'tf2'],
    // TensorFlow 1's has another default.
    ['tensorflow.compat.v1.random_normal_initializer', undefined],
    ['torch.nn.init.kaiming_normal', 'torch'],
    ['flax.nnx.nn.initializers.lecun_normal', 'jax'],
    ['torch.nn.init.he_normal', undefined],
    ['numpy.zeros', undefined],
  ])('%s is of %s', (path, id) => {
    expect(initializerPath(path, 'python')?.framework).toBe(id);
  });

  it('only Keras and its like take strings', () => {
    for (const id of frameworkIds) {
      const takes = initializerString(id, 'zeros') !== undefined;
      expect(takes, id).toBe(['keras', 'tf2', 'tfjs'].includes(id));
    }
  });
});
