import { activation, activationEntryNames, findActivation } from '../activations/catalogue';
import { type ExperimentConfig, limits, type OptimizerName, optimizerNames } from '../experiment/config';
import { formatInteger } from '../format/numbers';
import { readInitializer } from '../frameworks/initializerNames';
import { formatInitializer, initializerForms, initializerInWords, parseInitializer } from '../initializers/initializer';

/** A value of an axis: a number, or a name as a configuration writes it (`sigmoid`, `normal:0,1`, `adam`). */
export type AxisValue = number | string;

interface Range {
  readonly min: number;
  readonly max: number;
}

interface AxisBase {
  /** As a plot or a table is headed with it. */
  readonly label: string;
  /** The configuration that has this value. */
  apply(config: ExperimentConfig, value: AxisValue): ExperimentConfig;
}

interface NumberAxis extends AxisBase {
  readonly kind: 'number';
  readonly range: Range;
  readonly whole: boolean;
  /** How values of a range lie, and how a plot spaces them: with equal steps, or with equal ratios. */
  readonly spacing: 'equal steps' | 'equal ratios';
}

interface NameAxis extends AxisBase {
  readonly kind: 'name';
  /** The canonical name; undefined where it is none. */
  read(text: string): string | undefined;
  readonly expected: string;
  /** Whether names of this axis hold commas outside of brackets, so that they are parted by semicolons or spaces. */
  readonly commas: boolean;
}

const numbers = (
  label: string,
  range: Range,
  spacing: NumberAxis['spacing'],
  apply: (config: ExperimentConfig, value: number) => ExperimentConfig,
  whole = true,
): NumberAxis => ({
  kind: 'number',
  label,
  range,
  whole,
  spacing,
  apply: (config, value) => apply(config, Number(value)),
});

/** The settings that a sweep can go along, by the names that the terminal takes. */
export const axes = {
  depth: numbers('hidden layers', limits.hiddenLayers, 'equal steps', (config, depth) => ({
    ...config,
    hidden: Array.from({ length: depth }, (_, l) => config.hidden[Math.min(l, config.hidden.length - 1)]!),
  })),
  width: numbers('units of a hidden layer', limits.width, 'equal ratios', (config, width) => ({
    ...config,
    hidden: config.hidden.map(() => width),
  })),
  lr: numbers(
    'learning rate',
    limits.learningRate,
    'equal ratios',
    (config, learningRate) => ({ ...config, learningRate }),
    false,
  ),
  batch: numbers('batch size', limits.batchSize, 'equal ratios', (config, batchSize) => ({ ...config, batchSize })),
  epochs: numbers('epochs', limits.epochs, 'equal steps', (config, epochs) => ({ ...config, epochs })),
  init: {
    kind: 'name',
    label: 'kernel initialiser',
    read: (text) => {
      const initializer = readInitializer(text);
      return initializer && formatInitializer(initializer);
    },
    expected: `${initializerForms}, parted by semicolons`,
    commas: true,
    apply: (config, value) => ({
      ...config,
      kernelInitializer: parseInitializer(String(value)) ?? config.kernelInitializer,
    }),
  },
  optimizer: {
    kind: 'name',
    label: 'optimiser',
    read: (text) => optimizerNames.find((name) => name === text),
    expected: optimizerNames.join(', '),
    commas: false,
    apply: (config, value) => ({ ...config, optimizer: value as OptimizerName }),
  },
  activation: {
    kind: 'name',
    label: 'activation',
    read: (text) => findActivation(text)?.name,
    expected: activationEntryNames.join(', '),
    commas: false,
    apply: (config, value) => ({ ...config, activations: [String(value)] }),
  },
  seed: numbers('seed', limits.seed, 'equal steps', (config, seed) => ({ ...config, seed, seeds: 1 })),
} as const satisfies Readonly<Record<string, NumberAxis | NameAxis>>;

export type AxisName = keyof typeof axes;
export const axisNames = Object.keys(axes) as AxisName[];
export const isAxisName = (name: string): name is AxisName => Object.hasOwn(axes, name);

/** A setting with the values that it takes, in the order in which they are shown. */
export interface Axis {
  readonly setting: AxisName;
  readonly values: readonly AxisValue[];
}

/** Values of one axis. */
export const MOST_VALUES = 200;

/** Why a value cannot be one of a setting, as a sentence; undefined where it can. */
export function valueProblem(setting: AxisName, value: AxisValue): string | undefined {
  const axis: NumberAxis | NameAxis = axes[setting];
  if (axis.kind === 'name') {
    const read = typeof value === 'string' ? axis.read(value) : undefined;
    return read === value ? undefined : `${setting} is "${value}"; expected ${axis.expected}.`;
  }
  const { min, max } = axis.range;
  const fits = typeof value === 'number' && value >= min && value <= max && (!axis.whole || Number.isInteger(value));
  if (fits) return undefined;
  const kind = axis.whole ? 'a whole number' : 'a number';
  return `${setting} is ${typeof value === 'string' ? `"${value}"` : value}; expected ${kind} from ${axis.whole ? formatInteger(min) : min} to ${axis.whole ? formatInteger(max) : max}.`;
}

/** `5..20:4` as its parts. */
const RANGE = /^([^.:](?:[^.:]|\.(?!\.))*)\.\.([^:]+?)(?::(\d{1,4}))?$/;

/**
 * Reads an axis as people write it: `depth=1..20`, `width=16,64,256`, `lr=1e-4..1e-1:7`, `activation=sigmoid,relu`,
 * `init=glorot_uniform;normal:0,1`. A range is every whole number of it, or so many values: with equal steps, or of
 * widths, batch sizes and learning rates with equal ratios.
 *
 * @returns the axis, or a sentence that says what was found and what was expected
 */
export function readAxis(text: string): Axis | { readonly problem: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  if (at < 0 || !isAxisName(name)) {
    return {
      problem: `"${text.slice(0, 60)}" is no setting with values; expected one of ${axisNames.join(', ')}, for instance depth=1..20.`,
    };
  }
  const axis: NumberAxis | NameAxis = axes[name];
  const list = text.slice(at + 1).trim();
  const values = axis.kind === 'number' ? readNumbers(name, axis, list) : readNames(name, axis, list);
  if ('problem' in values) return values;
  if (values.length === 0) return { problem: `${name} has no values; expected some, for instance depth=1..20.` };
  if (values.length > MOST_VALUES)
    return { problem: `${name} has ${formatInteger(values.length)} values; expected at most ${MOST_VALUES}.` };
  if (new Set<AxisValue>(values).size < values.length)
    return { problem: `${name} names a value twice; expected different ones.` };
  for (const value of values) {
    const problem = valueProblem(name, value);
    if (problem !== undefined) return { problem };
  }
  return { setting: name, values };
}

type Values<T> = readonly T[] | { readonly problem: string };

function readNumbers(name: AxisName, axis: NumberAxis, list: string): Values<number> {
  const range = RANGE.exec(list);
  if (range) return readRange(name, axis, range);
  const parts = partsOf(list, /[,;\s]+/);
  const wrong = parts.find((part) => part === '' || Number.isNaN(Number(part)));
  if (wrong !== undefined)
    return { problem: `${name}: "${wrong.slice(0, 60)}" is not a number; expected a list or a range, 1,2,4 or 1..20.` };
  return parts.map(Number);
}

/** More than a range may have need not be listed to be refused. */
const partsOf = (list: string, between: RegExp): string[] =>
  list.split(between, MOST_VALUES + 1).map((part) => part.trim());

function readRange(
  name: AxisName,
  { whole, spacing }: NumberAxis,
  [found, from, to, values]: RegExpExecArray,
): Values<number> {
  const [first, last] = [Number(from), Number(to)];
  if (!(first < last)) return { problem: `${name}: "${found.slice(0, 60)}" is no range; expected one such as 1..20.` };
  if (values === undefined) {
    if (!whole) return { problem: `${name}: "${found}" says not how many values; expected for instance ${found}:5.` };
    const count = Math.floor(last - first) + 1;
    return Array.from({ length: Math.min(count, MOST_VALUES + 1) }, (_, i) => first + i);
  }
  const count = Number(values);
  if (count < 2) return { problem: `${name}: "${found}" has ${count} values; expected two or more.` };
  const at = (i: number): number => {
    const share = i / (count - 1);
    if (i === 0) return first;
    if (i === count - 1) return last;
    const value = spacing === 'equal ratios' ? first * (last / first) ** share : first + (last - first) * share;
    return whole ? Math.round(value) : Number(value.toPrecision(6));
  };
  const all = Array.from({ length: Math.min(count, MOST_VALUES + 1) }, (_, i) => at(i));
  // Of few whole numbers some would come twice.
  return whole ? [...new Set(all)] : all;
}

function readNames(name: AxisName, axis: NameAxis, list: string): Values<string> {
  const names: string[] = [];
  for (const part of axis.commas ? partsOf(list, /[;\s]+/) : partsOf(list, /[,;](?![^()]*\))/)) {
    const read = axis.read(part);
    if (read === undefined)
      return { problem: `${name}: "${part.slice(0, 60)}" is not known; expected ${axis.expected}.` };
    names.push(read);
  }
  return names;
}

/** As people call a value. */
export function valueInWords(setting: AxisName, value: AxisValue): string {
  if (setting === 'activation') return activation(String(value)).label;
  const initializer = setting === 'init' ? parseInitializer(String(value)) : undefined;
  return initializer === undefined ? String(value) : initializerInWords(initializer);
}

/** The text that {@link readAxis} reads back: "depth=1,2,3". */
export const writeAxis = ({ setting, values }: Axis): string =>
  `${setting}=${values.join((axes[setting] as NumberAxis | NameAxis).kind === 'name' ? ';' : ',')}`;
