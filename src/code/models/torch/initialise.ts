import type { Initializer } from '../../../core/initializers/initializer';
import type { CallArguments, Value } from '../../interpret/values';
import { type Given, givenBy, isNone, numberOf, textOf } from '../keras/given';
import type { InitializerKind } from '../keras/initializer';
import { varianceScaling } from '../tracing/initializer';
import { doubtOf, type Moment } from '../tracing/step';
import { lastPart, type Parameter, parameterIn, readingOf } from './state';

/** torch.nn.init, and the methods of a tensor that fill it. */

const numberIn = (given: Given, name: string, usual: number): number | undefined =>
  given.value(name) === undefined ? usual : numberOf(given.value(name));

/** torch.nn.init.calculate_gain */
export function gainOf(nonlinearity: string, parameter: number | undefined): number | undefined {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
    case 'identity':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'conv_transpose1d':
    case 'conv_transpose2d':
    case 'conv_transpose3d':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + (parameter ?? 0.01) ** 2));
    case 'selu':
      return 3 / 4;
    default:
      return undefined;
  }
}

const kaiming = (shape: 'uniform' | 'normal'): InitializerKind => ({
  names: ['tensor', 'a', 'mode', 'nonlinearity', 'generator'],
  make: (given) => {
    const slope = numberIn(given, 'a', 0);
    const nonlinearity = given.value('nonlinearity') === undefined ? 'leaky_relu' : textOf(given.value('nonlinearity'));
    const mode = given.value('mode') === undefined ? 'fan_in' : textOf(given.value('mode'));
    const gain = slope === undefined || nonlinearity === undefined ? undefined : gainOf(nonlinearity, slope);
    if (gain === undefined || (mode !== 'fan_in' && mode !== 'fan_out')) return undefined;
    return varianceScaling(gain ** 2, mode, shape);
  },
});

const xavier = (shape: 'uniform' | 'normal'): InitializerKind => ({
  names: ['tensor', 'gain', 'generator'],
  make: (given) => {
    const gain = numberIn(given, 'gain', 1);
    return gain === undefined ? undefined : varianceScaling(gain ** 2, 'fan_avg', shape);
  },
});

const normal = (names: readonly string[], mean: string, deviation: string): InitializerKind => ({
  names,
  make: (given) => {
    const [center, stddev] = [numberIn(given, mean, 0), numberIn(given, deviation, 1)];
    return center === undefined || stddev === undefined || stddev < 0
      ? undefined
      : { kind: 'normal', mean: center, stddev };
  },
});

const uniform = (names: readonly string[], low: string, high: string): InitializerKind => ({
  names,
  make: (given) => {
    const [min, max] = [numberIn(given, low, 0), numberIn(given, high, 1)];
    return min === undefined || max === undefined || min > max ? undefined : { kind: 'uniform', min, max };
  },
});

const filled = (names: readonly string[]): InitializerKind => ({
  names,
  make: (given) => {
    const value = numberOf(given.value('val') ?? given.value('value'));
    return value === undefined ? undefined : constantOf(value);
  },
});

const constantOf = (value: number): Initializer => (value === 0 ? { kind: 'zeros' } : { kind: 'constant', value });
const always = (initializer: Initializer | undefined): InitializerKind => ({
  names: ['tensor'],
  make: () => initializer,
});

/** N(mean, std) cut off at `a` and `b`, which are values and no multiples of std: most code leaves them far out. */
const truncated: InitializerKind = {
  names: ['tensor', 'mean', 'std', 'a', 'b', 'generator'],
  make: (given) => {
    const [mean, stddev] = [numberIn(given, 'mean', 0), numberIn(given, 'std', 1)];
    const [low, high] = [numberIn(given, 'a', -2), numberIn(given, 'b', 2)];
    if (mean === undefined || stddev === undefined || low === undefined || high === undefined) return undefined;
    if (stddev < 0) return undefined;
    const [below, above] = [mean - low, high - mean].map((reach) => reach / stddev) as [number, number];
    // Beyond four standard deviations lies 0.1 % of the variance.
    if (Math.min(below, above) >= 4) return { kind: 'normal', mean, stddev };
    const atTwo = Math.abs(below - 2) < 1e-9 && Math.abs(above - 2) < 1e-9;
    return atTwo ? { kind: 'truncated_normal', mean, stddev } : undefined;
  },
};

const functions: Readonly<Record<string, InitializerKind>> = {
  kaiming_uniform: kaiming('uniform'),
  kaiming_normal: kaiming('normal'),
  xavier_uniform: xavier('uniform'),
  xavier_normal: xavier('normal'),
  normal: normal(['tensor', 'mean', 'std', 'generator'], 'mean', 'std'),
  uniform: uniform(['tensor', 'a', 'b', 'generator'], 'a', 'b'),
  constant: filled(['tensor', 'val']),
  zeros: always({ kind: 'zeros' }),
  ones: always({ kind: 'constant', value: 1 }),
  trunc_normal: truncated,
  eye: always(undefined),
  dirac: always(undefined),
  sparse: always(undefined),
  orthogonal: {
    names: ['tensor', 'gain'],
    make: (given) => {
      const gain = numberIn(given, 'gain', 1);
      return gain === undefined ? undefined : { kind: 'orthogonal', gain };
    },
  },
};

const methods: Readonly<Record<string, InitializerKind>> = {
  normal_: normal(['mean', 'std'], 'mean', 'std'),
  uniform_: uniform(['from', 'to'], 'from', 'to'),
  fill_: filled(['value']),
  zero_: always({ kind: 'zeros' }),
};

/** By its name in torch.nn.init, with or without the underscore at its end; undefined where it is none. */
export function torchInitializer(name: string): InitializerKind | undefined {
  const known = name.replace(/_$/, '');
  return Object.hasOwn(functions, known) ? functions[known] : undefined;
}

/** A method of a tensor that fills it: `normal_`. */
export const torchFillMethod = (name: string): InitializerKind | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;

function fill(parameter: Parameter, filler: InitializerKind, args: CallArguments, { machine, site }: Moment): void {
  const initializer =
    args.complete && doubtOf(machine) <= parameter.doubt
      ? filler.make(givenBy(args, filler.names, 'python'))
      : undefined;
  const spelled = machine.text(site.source);
  parameter.initialization = initializer
    ? { kind: 'known', initializer, spelled, source: site.source }
    : { kind: 'unknown', spelled, source: site.source };
}

/** `nn.init.kaiming_normal_(layer.weight, …)`: what it fills; undefined for another function. */
export function initCall(path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!/^torch\.nn\.init\./.test(path)) return undefined;
  const name = lastPart(path).replace(/_$/, '');
  const tensor = args.positional[0] ?? args.named.get('tensor');
  const parameter = parameterIn(tensor);
  if (parameter === undefined) return tensor;
  fill(parameter, Object.hasOwn(functions, name) ? functions[name]! : always(undefined), args, moment);
  return tensor;
}

const changing: ReadonlySet<string> = new Set(
  'add_ sub_ mul_ div_ clamp_ clamp_min_ clamp_max_ addcmul_ addcdiv_ lerp_ copy_ erfinv_ renorm_ set_'.split(' '),
);

/** A step of an optimiser or of a moving average: what is computed from gradients or from other weights. */
const isTraining = (args: CallArguments, { machine }: Moment): boolean =>
  readingOf(machine).trained || /\.(data|grad)\b|\bgrad\b/.test(machine.text(args.list));

/** `weight.data.normal_(0, 0.02)`: true where it is such a method. */
export function fillMethod(parameter: Parameter, name: string, args: CallArguments, moment: Moment): boolean {
  if (Object.hasOwn(methods, name)) {
    fill(parameter, methods[name]!, args, moment);
    return true;
  }
  if (!changing.has(name)) return false;
  const other = name === 'copy_' ? parameterIn(args.positional[0]) : undefined;
  if (other !== undefined) parameter.initialization = other.initialization;
  else if (!isTraining(args, moment)) setUnknown(parameter, moment);
  return true;
}

/** What a tensor that a function draws has: `nn.Parameter(torch.randn(3, 4) * 0.02)`. */
export function setUnknown(parameter: Parameter, { machine, site }: Moment): void {
  parameter.initialization = { kind: 'unknown', spelled: machine.text(site.source), source: site.source };
}

export { isNone };
