import { snakeCase } from '../../format/cases';
import type { FanMode, Initializer, ScalingDistribution, VarianceScalingName } from '../../initializers/initializer';
import {
  cutScaling,
  explained,
  type FrameworkInitializers,
  IDENTITY,
  type InitializerArguments,
  type InitializerKind,
  normalKind,
  numberOf,
  numeral,
  orthogonalKind,
  uniformKind,
  wordOf,
} from '../initializerKinds';

const modes: Readonly<Record<string, FanMode>> = { fanin: 'fan_in', fanout: 'fan_out', fanavg: 'fan_avg' };

/** Keras 1 and TensorFlow.js call the truncated one `normal`. */
const distributions: Readonly<Record<string, ScalingDistribution>> = {
  normal: 'truncated_normal',
  truncated_normal: 'truncated_normal',
  untruncated_normal: 'untruncated_normal',
  uniform: 'uniform',
};

/** What VarianceScaling's arguments come to; TensorFlow.js writes `fanIn`. */
function varianceScaling(given: InitializerArguments): Initializer | undefined {
  const scale = numberOf(given, 'scale', 1);
  const mode = modes[(wordOf(given, 'mode', 'fan_in') ?? '').toLowerCase().replace('_', '')];
  const distribution = distributions[wordOf(given, 'distribution', 'truncated_normal') ?? ''];
  if (scale === undefined || !(scale >= 0) || distribution === undefined || mode === undefined) return undefined;
  return cutScaling(scale, mode, distribution);
}

const seeded = (initializer: Initializer): InitializerKind => ({ names: ['seed'], make: () => initializer });
const scaled = (kind: VarianceScalingName) => seeded({ kind });
const normal = normalKind(['mean', 'stddev', 'seed'], ['mean', 0], ['stddev', 0.05]);
const uniform = uniformKind(['minval', 'maxval', 'seed'], ['minval', -0.05], ['maxval', 0.05]);
const zeros = seeded({ kind: 'zeros' });
const ones = seeded({ kind: 'constant', value: 1 });

/** The classes of Keras, tf.keras and TensorFlow.js. */
export const kerasClasses = {
  Zeros: zeros,
  Ones: ones,
  Constant: {
    names: ['value'],
    make: (given) => {
      const value = numberOf(given, 'value', 0);
      return value === undefined ? undefined : { kind: 'constant', value };
    },
  },
  RandomNormal: normal,
  RandomUniform: uniform,
  TruncatedNormal: normalKind(['mean', 'stddev', 'seed'], ['mean', 0], ['stddev', 0.05], 'truncated_normal'),
  VarianceScaling: { names: ['scale', 'mode', 'distribution', 'seed'], make: varianceScaling },
  GlorotUniform: scaled('glorot_uniform'),
  GlorotNormal: scaled('glorot_normal'),
  HeNormal: scaled('he_normal'),
  HeUniform: scaled('he_uniform'),
  LecunNormal: scaled('lecun_normal'),
  LecunUniform: scaled('lecun_uniform'),
  Orthogonal: orthogonalKind(['gain', 'seed'], 'gain'),
  Identity: explained(IDENTITY),
} satisfies Record<string, InitializerKind>;

const aliases = { normal: 'RandomNormal', uniform: 'RandomUniform', one: 'Ones', zero: 'Zeros' } as const;

/** The classes under all names that Keras has for them, and the class that each stands for. */
const classOf: ReadonlyMap<string, keyof typeof kerasClasses> = new Map([
  ...(Object.keys(kerasClasses) as (keyof typeof kerasClasses)[]).flatMap((name) => [
    [name, name] as const,
    [snakeCase(name), name] as const,
  ]),
  ...Object.entries(aliases),
]);

const items: Readonly<Record<string, InitializerKind>> = Object.fromEntries(
  [...classOf].map(([name, known]) => [name, kerasClasses[known]]),
);

function written(initializer: Initializer): string {
  switch (initializer.kind) {
    case 'zeros':
      return 'zeros';
    case 'constant':
      return initializer.value === 1 ? 'ones' : `Constant(${numeral(initializer.value)})`;
    case 'normal':
      return `RandomNormal(${numeral(initializer.mean)}, ${numeral(initializer.stddev)})`;
    case 'truncated_normal':
      return `TruncatedNormal(${numeral(initializer.mean)}, ${numeral(initializer.stddev)})`;
    case 'uniform':
      return `RandomUniform(${numeral(initializer.min)}, ${numeral(initializer.max)})`;
    case 'orthogonal':
      return initializer.gain === 1 ? 'orthogonal' : `Orthogonal(${numeral(initializer.gain)})`;
    case 'variance_scaling': {
      const { scale, mode, distribution } = initializer;
      return `VarianceScaling(${numeral(scale)}, "${mode}", "${distribution}")`;
    }
    default:
      return initializer.kind;
  }
}

/** Of Keras and tf.keras: strings, functions and classes have the same names. @param page of a class */
export function kerasInitializers(modules: readonly string[], page: (name: string) => string): FrameworkInitializers {
  const docs = (name: string) => page(classOf.get(name)!);
  return {
    shelves: [
      { form: 'string', modules: [], items, docs },
      { form: 'function', modules, items, docs },
    ],
    besides: { xavieruniform: kerasClasses.GlorotUniform, xaviernormal: kerasClasses.GlorotNormal },
    written,
    scaling: (name) => name,
    cutsOff: true,
    family: 'Keras',
  };
}

export const initializers: FrameworkInitializers = kerasInitializers(
  ['keras.initializers'],
  (name) => `https://keras.io/api/layers/initializers/#${name.toLowerCase()}-class`,
);
