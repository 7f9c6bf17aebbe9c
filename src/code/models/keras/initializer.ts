import type {
  FanMode,
  Initializer,
  ScalingDistribution,
  VarianceScalingName,
} from '../../../core/initializers/initializer';
import type { Initialization, SourceRange } from '../../../core/model/model';
import type { CallArguments, Value } from '../../interpret/values';
import { cutVarianceScaling } from '../tracing/initializer';
import { type Given, givenBy, isNone, numberOf, textOf } from './given';
import { type Moment, spelledAt } from './state';

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const scaling = (kind: VarianceScalingName) => (): Initializer => ({ kind });

const numbers = (given: Given, names: readonly (readonly [string, number])[]): number[] | undefined => {
  const found = names.map(([name, usual]) => (isNone(given.value(name)) ? usual : numberOf(given.value(name))));
  return found.every((each) => each !== undefined) ? found : undefined;
};

const modes: Readonly<Record<string, FanMode>> = { fanin: 'fan_in', fanout: 'fan_out', fanavg: 'fan_avg' };

/** Keras 1 and TensorFlow.js call the truncated one `normal`. */
const distributions: Readonly<Record<string, ScalingDistribution>> = {
  normal: 'truncated_normal',
  truncated_normal: 'truncated_normal',
  untruncated_normal: 'untruncated_normal',
  uniform: 'uniform',
};

/** What VarianceScaling's arguments come to. */
function varianceScaling(given: Given): Initializer | undefined {
  const [scale] = numbers(given, [['scale', 1]]) ?? [];
  const mode = isNone(given.value('mode')) ? 'fanin' : fold(textOf(given.value('mode')) ?? '');
  const distribution = isNone(given.value('distribution')) ? 'truncated_normal' : textOf(given.value('distribution'));
  const known = distributions[distribution ?? ''];
  const fan = modes[mode];
  if (scale === undefined || !(scale >= 0) || known === undefined || fan === undefined) return undefined;
  return cutVarianceScaling(scale, fan, known);
}

/** An initialiser by the parameters that it takes. */
export interface InitializerKind {
  readonly names: readonly string[];
  /** Undefined where an argument is not known, or no initialiser of the catalogue fits. */
  make(given: Given): Initializer | undefined;
}

const normal = (names: readonly string[] = ['mean', 'stddev', 'seed'], stddev = 0.05): InitializerKind => ({
  names,
  make: (given) => {
    const found = numbers(given, [
      ['mean', 0],
      ['stddev', stddev],
    ]);
    return found && { kind: 'normal', mean: found[0]!, stddev: found[1]! };
  },
});

const uniform = (low: string, high: string): InitializerKind => ({
  names: [low, high, 'seed'],
  make: (given) => {
    const found = numbers(given, [
      [low, -0.05],
      [high, 0.05],
    ]);
    return found && { kind: 'uniform', min: found[0]!, max: found[1]! };
  },
});

const plain = (initializer: Initializer): InitializerKind => ({ names: ['seed'], make: () => initializer });

/** Names without case and underscores: `HeNormal`, `he_normal` and tfjs's `heNormal` are one. */
const kinds: Readonly<Record<string, InitializerKind>> = {
  zeros: plain({ kind: 'zeros' }),
  zero: plain({ kind: 'zeros' }),
  ones: plain({ kind: 'constant', value: 1 }),
  one: plain({ kind: 'constant', value: 1 }),
  constant: {
    names: ['value'],
    make: (given) => {
      const found = numbers(given, [['value', 0]]);
      return found && { kind: 'constant', value: found[0]! };
    },
  },
  orthogonal: {
    names: ['gain', 'seed'],
    make: (given) => {
      const found = numbers(given, [['gain', 1]]);
      return found && { kind: 'orthogonal', gain: found[0]! };
    },
  },
  truncatednormal: {
    names: ['mean', 'stddev', 'seed'],
    make: (given) => {
      const [mean, stddev] =
        numbers(given, [
          ['mean', 0],
          ['stddev', 0.05],
        ]) ?? [];
      return mean === undefined || stddev === undefined || stddev < 0
        ? undefined
        : { kind: 'truncated_normal', mean, stddev };
    },
  },
  randomnormal: normal(),
  normal: normal(),
  randomuniform: uniform('minval', 'maxval'),
  uniform: uniform('minval', 'maxval'),
  variancescaling: { names: ['scale', 'mode', 'distribution', 'seed'], make: varianceScaling },
  glorotuniform: { names: ['seed'], make: scaling('glorot_uniform') },
  glorotnormal: { names: ['seed'], make: scaling('glorot_normal') },
  xavieruniform: { names: ['seed'], make: scaling('glorot_uniform') },
  xaviernormal: { names: ['seed'], make: scaling('glorot_normal') },
  heuniform: { names: ['seed'], make: scaling('he_uniform') },
  henormal: { names: ['seed'], make: scaling('he_normal') },
  lecununiform: { names: ['seed'], make: scaling('lecun_uniform') },
  lecunnormal: { names: ['seed'], make: scaling('lecun_normal') },
};

/** An initialiser as an object of the program. */
export interface InitializerData {
  readonly initializer: Initializer | undefined;
}

/** By a name in any of Keras's ways of writing it; undefined where it has none of the catalogue. */
export const kerasInitializer = (name: string): InitializerKind | undefined => {
  const key = fold(name).replace(/initializer$/, '');
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
};

/** A call of one: `HeNormal(seed=1)`, `tf.random_normal_initializer(0, 0.02)`, `tf.initializers.heNormal({})`. */
export function initializerCall(name: string, args: CallArguments, language: 'python' | 'javascript'): InitializerData {
  const kind = kerasInitializer(name);
  if (kind === undefined || !args.complete) return { initializer: undefined };
  return { initializer: kind.make(givenBy(args, kind.names, language)) };
}

/** A string, the name of a function or class, or a path's end. */
function initializerNamed(name: string): Initializer | undefined {
  const noArguments: CallArguments = {
    positional: [],
    named: new Map(),
    complete: true,
    sources: new Map(),
    list: { cell: 0, from: 0, to: 0 },
  };
  return initializerCall(name, noArguments, 'python').initializer;
}

/** What an argument such as `kernel_initializer=` comes to. */
export function initializationOf(given: Given, name: string, { machine }: Moment): Initialization {
  const value: Value | undefined = given.value(name);
  if (isNone(value)) return { kind: 'default' };
  const source: SourceRange = given.source(name);
  const initializer = fromValue(value);
  const spelled = textOf(value) ?? spelledAt(machine, source);
  return initializer ? { kind: 'known', initializer, spelled, source } : { kind: 'unknown', spelled, source };
}

function fromValue(value: Value | undefined): Initializer | undefined {
  if (value?.kind === 'constant') return typeof value.value === 'string' ? initializerNamed(value.value) : undefined;
  if (value?.kind === 'path') return initializerNamed(value.path.slice(value.path.lastIndexOf('.') + 1));
  if (value?.kind === 'foreign' && value.type === 'initializer') return (value.data as InitializerData).initializer;
  return undefined;
}
