import { cutScaling, type InitializerArguments, type InitializerKind } from '../../../core/frameworks/initializerKinds';
import { type FanMode, fanModes, type ScalingDistribution } from '../../../core/initializers/initializer';

/** `hk.initializers`, as far as they draw what has a name here. */

const number = (given: InitializerArguments, name: string, usual: number): number | undefined => {
  const value = given(name);
  return value === undefined ? usual : typeof value === 'number' ? value : undefined;
};

const normal = (kind: 'normal' | 'truncated_normal'): InitializerKind => ({
  names: ['stddev', 'mean'],
  make: (given) => {
    const [stddev, mean] = [number(given, 'stddev', 1), number(given, 'mean', 0)];
    return stddev === undefined || mean === undefined ? undefined : { kind, mean, stddev };
  },
});

const distributions: Readonly<Record<string, ScalingDistribution>> = {
  truncated_normal: 'truncated_normal',
  normal: 'untruncated_normal',
  uniform: 'uniform',
};

const kinds: Readonly<Record<string, InitializerKind>> = {
  Constant: {
    names: ['constant'],
    make: (given) => {
      const value = given('constant');
      return typeof value !== 'number' ? undefined : value === 0 ? { kind: 'zeros' } : { kind: 'constant', value };
    },
  },
  RandomNormal: normal('normal'),
  TruncatedNormal: normal('truncated_normal'),
  RandomUniform: {
    names: ['minval', 'maxval'],
    make: (given) => {
      const [min, max] = [number(given, 'minval', 0), number(given, 'maxval', 1)];
      return min === undefined || max === undefined || min > max ? undefined : { kind: 'uniform', min, max };
    },
  },
  VarianceScaling: {
    names: ['scale', 'mode', 'distribution'],
    make: (given) => {
      const scale = number(given, 'scale', 1);
      const mode: FanMode | undefined = fanModes.find((each) => each === (given('mode') ?? 'fan_in'));
      const distribution = distributions[String(given('distribution') ?? 'truncated_normal')];
      if (scale === undefined || mode === undefined || distribution === undefined) return undefined;
      return cutScaling(scale, mode, distribution);
    },
  },
  Orthogonal: {
    names: ['scale'],
    make: (given) => {
      const gain = number(given, 'scale', 1);
      return gain === undefined ? undefined : { kind: 'orthogonal', gain };
    },
  },
};

/** The initialiser that a path of Haiku makes; undefined for another path. */
export function haikuInitializer(path: string): InitializerKind | undefined {
  const name = /^haiku\.initializers\.(\w+)$/.exec(path)?.[1];
  return name !== undefined && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}
