import { celu, elu, selu } from './elu';
import type { ActivationEntry } from './entry';
import { numeral } from './formula';
import type { ActivationFunction, Parameters } from './function';
import { gelu } from './gelu';
import { exponential, linear, step } from './linear';
import { meant } from './nearest';
import { leakyRelu, relu, relu6, rrelu, threshold } from './relu';
import { hardShrink, softShrink, tanhShrink } from './shrink';
import { hardSigmoid, logSigmoid, sigmoid, sparseSigmoid } from './sigmoid';
import { hardSilu, mish, silu } from './silu';
import { softplus, sparsePlus, squareplus } from './softplus';
import { erf, hardTanh, softsign, tanh } from './tanh';

/** Every function, in the order in which lists show them. snake_case, as Keras writes it. */
const entries = {
  sigmoid,
  tanh,
  relu,
  relu6,
  leaky_relu: leakyRelu,
  rrelu,
  threshold,
  elu,
  celu,
  selu,
  gelu,
  silu,
  mish,
  softplus,
  softsign,
  hard_sigmoid: hardSigmoid,
  hard_silu: hardSilu,
  hard_tanh: hardTanh,
  log_sigmoid: logSigmoid,
  soft_shrink: softShrink,
  hard_shrink: hardShrink,
  tanh_shrink: tanhShrink,
  squareplus,
  sparse_plus: sparsePlus,
  sparse_sigmoid: sparseSigmoid,
  erf,
  exponential,
  step,
  linear,
} satisfies Record<string, ActivationEntry>;

/** A function of the catalogue, its parameters free. */
export type ActivationEntryName = keyof typeof entries;
export const activationEntryNames = Object.keys(entries) as readonly ActivationEntryName[];

export const isActivationEntryName = (x: string): x is ActivationEntryName => Object.hasOwn(entries, x);
export const activationEntry = (name: ActivationEntryName): ActivationEntry => entries[name];

/**
 * A function with its parameters, as text: `relu`, `leaky_relu(negative_slope=0.3)`, `gelu(approximate=tanh)`.
 * Parameters at their default are left out and the rest stand in the entry's order, so that one function has one name.
 */
export type ActivationName = string;

/** A named activation. */
export interface Activation extends ActivationFunction {
  readonly name: ActivationName;
  readonly entry: ActivationEntryName;
  /** All of them, also those at their default. */
  readonly parameters: Parameters;
}

/** @throws RangeError where a parameter is outside its rule, or is not one of the entry's */
export function createActivation(entry: ActivationEntryName, parameters: Parameters = {}): Activation {
  const { parameters: rules, create } = activationEntry(entry);
  const made = create(parameters);
  const all = Object.fromEntries(Object.entries(rules).map(([key, rule]) => [key, parameters[key] ?? rule.default]));
  const written = Object.entries(all).filter(([key, value]) => value !== rules[key]!.default);
  const list = written.map(([key, value]) => `${key}=${value}`).join(', ');
  return { ...made, name: list ? `${entry}(${list})` : entry, entry, parameters: all };
}

/** What lists offer: every function with its defaults, and the variants that frameworks have as their own default. */
export const activationNames: readonly ActivationName[] = [
  'sigmoid',
  'tanh',
  'relu',
  'relu6',
  'leaky_relu',
  'leaky_relu(negative_slope=0.01)',
  'leaky_relu(negative_slope=0.3)',
  'elu',
  'celu',
  'selu',
  'gelu',
  'gelu(approximate=tanh)',
  'silu',
  'mish',
  'softplus',
  'softsign',
  'hard_sigmoid',
  'hard_sigmoid(slope=0.2)',
  'hard_silu',
  'hard_tanh',
  'log_sigmoid',
  'soft_shrink',
  'hard_shrink',
  'tanh_shrink',
  'squareplus',
  'sparse_plus',
  'sparse_sigmoid',
  'rrelu',
  'threshold',
  'erf',
  'exponential',
  'step',
  'linear',
];

/**
 * Spellings that only one framework uses, and that mean something else there than their snake_case twin: they are
 * matched letter by letter before case is ignored. tfjs's hardSigmoid has slope 0.2, its leakyReLU layer 0.3.
 */
const exactAliases: Readonly<Record<string, ActivationName>> = {
  hardSigmoid: 'hard_sigmoid(slope=0.2)',
  leakyReLU: 'leaky_relu(negative_slope=0.3)',
};

/** Names that differ in more than case, underscores and brackets. */
const aliases: Readonly<Record<string, ActivationName>> = {
  logistic: 'sigmoid',
  swish: 'silu',
  hard_swish: 'hard_silu',
  gelu_new: 'gelu(approximate=tanh)',
  gelu_tanh: 'gelu(approximate=tanh)',
  gelu_erf: 'gelu',
  identity: 'linear',
  exp: 'exponential',
};

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const byFolded: ReadonlyMap<string, ActivationName> = new Map([
  ...Object.entries(aliases).map(([alias, name]) => [fold(alias), name] as const),
  ...activationEntryNames.map((name) => [fold(name), name] as const),
]);

const cache = new Map<string, Activation | undefined>();

/**
 * Reads a name as people and frameworks write it: `relu`, `ReLU`, `HardTanh`, `swish`, `gelu_new`,
 * `leaky_relu(0.3)`, `leaky_relu_0.3`, `LeakyReLU(negative_slope=0.3)`. Without a parameter, a name means Keras 3's
 * function of that name. Undefined where the name, or a parameter, is not known or out of range.
 */
export function findActivation(text: string): Activation | undefined {
  const key = text.trim();
  if (!cache.has(key)) {
    // Texts come from outside: the memory that they may take is bounded.
    if (cache.size > 500) cache.clear();
    cache.set(key, read(key));
  }
  return cache.get(key);
}

const WITH_ARGUMENTS = /^([A-Za-z]\w*)\s*\(([^()]*)\)$/;
const WITH_NUMBER = /^([A-Za-z]\w*?)_(\d[\d./]*)$/;

function read(text: string): Activation | undefined {
  const whole = named(text);
  if (whole) return whole;
  const [, name, list] = WITH_ARGUMENTS.exec(text) ?? WITH_NUMBER.exec(text) ?? [];
  if (name === undefined || list === undefined) return undefined;
  const base = named(name);
  if (!base) return undefined;
  const names = Object.keys(base.parameters);
  const parameters: Record<string, number | string> = { ...base.parameters };
  for (const [position, part] of list
    .split(',')
    .filter((each) => each.trim())
    .entries()) {
    const [key, value] = part.includes('=') ? part.split('=', 2) : [names[position], part];
    if (key === undefined || value === undefined || !names.includes(key.trim())) return undefined;
    parameters[key.trim()] = toValue(value.trim());
  }
  try {
    return createActivation(base.entry, parameters);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function named(text: string): Activation | undefined {
  const name = Object.hasOwn(exactAliases, text) ? exactAliases[text]! : byFolded.get(fold(text));
  if (name === undefined || /[()]/.test(text)) return undefined;
  return isActivationEntryName(name) ? createActivation(name) : read(name);
}

/** "0.3", "1/6" and "Infinity" as numbers, and words as they are. */
function toValue(text: string): number | string {
  const [top, bottom, ...more] = text.split('/');
  const value = bottom === undefined ? Number(text) : more.length > 0 ? Number.NaN : Number(top) / Number(bottom);
  return text === '' || Number.isNaN(value) ? text : value;
}

/**
 * What people read: "ReLU", "leaky ReLU 0.2". Different functions read differently: a parameter that the label leaves out
 * stands behind it. A name that is not known is left as it is.
 */
export function labelOf(name: ActivationName): string {
  const found = findActivation(name);
  if (found === undefined) return name;
  const { label, entry, parameters } = found;
  const rules = activationEntry(entry).parameters;
  const unsaid = Object.entries(parameters).filter(([key, value]) => {
    const text = typeof value === 'number' ? numeral(value) : value;
    return value !== rules[key]!.default && !label.includes(text);
  });
  return unsaid.length === 0 ? label : `${label} (${unsaid.map(([key, value]) => `${key}=${value}`).join(', ')})`;
}

/** True for names in the one form in which a config holds them, see {@link ActivationName}. */
export const isActivationName = (text: string): boolean => findActivation(text)?.name === text;

/** As {@link findActivation}; throws a RangeError that names the nearest names where there is none. */
export function activation(name: string): Activation {
  const found = findActivation(name);
  if (found) return found;
  const [near] = name.split('(');
  const known = named(near ?? '');
  throw new RangeError(
    known
      ? `activation "${name}" has a parameter that is not known or out of range; expected ${describeParameters(known)}.`
      : `activation "${name}" is not known; ${meant(near ?? '', activationEntryNames)}`,
  );
}

const describeParameters = ({ name, entry }: Activation): string => {
  const names = Object.keys(activationEntry(entry).parameters);
  return names.length > 0 ? `${entry}(${names.map((each) => `${each}=…`).join(', ')})` : `${name} without parameters`;
};

/**
 * A unit whose mean |φ′| lies below this counts as saturated: `share` of the maximum of |φ′|. 0 for the exponential,
 * whose derivative has no maximum, so that it never counts as saturated.
 */
export function saturationThreshold(activation: ActivationFunction, share = 0.01): number {
  const max = activation.derivativeMax.value;
  return Number.isFinite(max) ? share * max : 0;
}
