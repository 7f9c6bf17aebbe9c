import { fanModes, type Initializer, type ScalingDistribution } from '../../../core/initializers/initializer';
import type { Initialization } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import { type Given, givenBy, isNone, numberOf, textOf } from '../keras/given';
import type { InitializerKind } from '../keras/initializer';
import { cutVarianceScaling } from '../tracing/initializer';
import type { Moment } from '../tracing/step';
import { foreign, lastPart } from './state';

/** jax.nn.initializers, and Flax's names for it. */

/** An initialiser as an object of the program. */
interface InitializerData {
  readonly initializer: Initializer | undefined;
}

const module = /^(jax\.nn|flax\.linen|flax\.(experimental\.)?nnx|flax\.nn)(\.nn)?\.initializers\.(\w+)$/;

const numberIn = (given: Given, name: string, usual: number): number | undefined =>
  isNone(given.value(name)) ? usual : numberOf(given.value(name));

/** Axes other than the usual ones give other fans. */
const plainAxes = (given: Given): boolean =>
  ['in_axis', 'out_axis', 'batch_axis'].every((name) => given.value(name) === undefined);

const axes = ['in_axis', 'out_axis', 'batch_axis', 'dtype'];

const scaled = (kind: `${'glorot' | 'he' | 'lecun'}_${'uniform' | 'normal'}`): InitializerKind => ({
  names: axes,
  make: (given) => (plainAxes(given) ? { kind } : undefined),
});

const distributions: Readonly<Record<string, ScalingDistribution>> = {
  truncated_normal: 'truncated_normal',
  normal: 'untruncated_normal',
  uniform: 'uniform',
};

function varianceScaling(given: Given): Initializer | undefined {
  const scale = numberOf(given.value('scale'));
  const mode = fanModes.find((each) => each === textOf(given.value('mode')));
  const distribution = distributions[textOf(given.value('distribution')) ?? ''];
  if (scale === undefined || mode === undefined || distribution === undefined || !plainAxes(given)) return undefined;
  return cutVarianceScaling(Number(scale.toPrecision(12)), mode, distribution);
}

const constantOf = (value: number): Initializer => (value === 0 ? { kind: 'zeros' } : { kind: 'constant', value });
const always = (initializer: Initializer): InitializerKind => ({ names: [], make: () => initializer });

const factories: Readonly<Record<string, InitializerKind>> = {
  glorot_uniform: scaled('glorot_uniform'),
  glorot_normal: scaled('glorot_normal'),
  xavier_uniform: scaled('glorot_uniform'),
  xavier_normal: scaled('glorot_normal'),
  he_uniform: scaled('he_uniform'),
  he_normal: scaled('he_normal'),
  kaiming_uniform: scaled('he_uniform'),
  kaiming_normal: scaled('he_normal'),
  lecun_uniform: scaled('lecun_uniform'),
  lecun_normal: scaled('lecun_normal'),
  variance_scaling: { names: ['scale', 'mode', 'distribution', ...axes], make: varianceScaling },
  normal: {
    names: ['stddev', 'dtype'],
    make: (given) => {
      const stddev = numberIn(given, 'stddev', 0.01);
      return stddev === undefined || stddev < 0 ? undefined : { kind: 'normal', mean: 0, stddev };
    },
  },
  truncated_normal: {
    names: ['stddev', 'dtype', 'lower', 'upper'],
    make: (given) => {
      const stddev = numberIn(given, 'stddev', 0.01);
      const cut = numberIn(given, 'lower', -2) === -2 && numberIn(given, 'upper', 2) === 2;
      return stddev === undefined || stddev < 0 || !cut ? undefined : { kind: 'truncated_normal', mean: 0, stddev };
    },
  },
  uniform: {
    names: ['scale', 'dtype'],
    make: (given) => {
      const max = numberIn(given, 'scale', 0.01);
      return max === undefined || max < 0 ? undefined : { kind: 'uniform', min: 0, max };
    },
  },
  constant: {
    names: ['value', 'dtype'],
    make: (given) => {
      const value = numberOf(given.value('value'));
      return value === undefined ? undefined : constantOf(value);
    },
  },
  orthogonal: {
    names: ['scale', 'column_axis', 'dtype'],
    make: (given) => {
      const gain = numberIn(given, 'scale', 1);
      return gain === undefined || given.value('column_axis') !== undefined ? undefined : { kind: 'orthogonal', gain };
    },
  },
  zeros_init: always({ kind: 'zeros' }),
  ones_init: always({ kind: 'constant', value: 1 }),
};

/** Initialisers themselves, which need no call. */
const functions: Readonly<Record<string, Initializer>> = {
  zeros: { kind: 'zeros' },
  ones: { kind: 'constant', value: 1 },
};

/** By its name in jax.nn.initializers: one that is called for an initialiser, or one itself. */
export function jaxInitializer(name: string): InitializerKind | undefined {
  if (Object.hasOwn(functions, name)) return always(functions[name]!);
  return Object.hasOwn(factories, name) ? factories[name] : undefined;
}

/** True for a path among the initialisers. */
export const isInitializerPath = (path: string): boolean => module.test(path);

/** `nn.initializers.he_normal()`; undefined for another path. */
export function initializerCall(path: string, args: CallArguments): Value | undefined {
  if (!module.test(path)) return undefined;
  const name = lastPart(path);
  if (Object.hasOwn(functions, name)) return undefined;
  const kind = Object.hasOwn(factories, name) ? factories[name] : undefined;
  const initializer = args.complete ? kind?.make(givenBy(args, kind.names, 'python')) : undefined;
  return foreign('initializer', { initializer } satisfies InitializerData);
}

/** What a value that is an initialiser draws; undefined where nobody knows. */
export function initializerIn(value: Value | undefined): Initializer | undefined {
  if (value?.kind === 'path' && module.test(value.path)) {
    const name = lastPart(value.path);
    return Object.hasOwn(functions, name) ? functions[name] : undefined;
  }
  return value?.kind === 'foreign' && value.type === 'initializer'
    ? (value.data as InitializerData).initializer
    : undefined;
}

/** What an argument such as `kernel_init=` comes to. */
export function initializationOf(given: Given, name: string, { machine }: Moment): Initialization {
  const value = given.value(name);
  if (isNone(value)) return { kind: 'default' };
  const source = given.source(name);
  const initializer = initializerIn(value);
  const written = machine.text(source);
  const spelled = written.replace(/^\w+\s*=\s*/, '');
  return initializer ? { kind: 'known', initializer, spelled, source } : { kind: 'unknown', spelled, source };
}
