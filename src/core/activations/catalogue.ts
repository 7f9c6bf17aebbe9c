import { celu, elu, selu } from './elu';
import type { ActivationFunction } from './function';
import { gelu, geluTanh } from './gelu';
import { exponential, linear } from './linear';
import { leakyRelu, relu, relu6 } from './relu';
import { hardShrink, softShrink, tanhShrink } from './shrink';
import { hardSigmoid, logSigmoid, sigmoid, sparseSigmoid } from './sigmoid';
import { hardSilu, mish, silu } from './silu';
import { softplus, sparsePlus, squareplus } from './softplus';
import { hardTanh, softsign, tanh } from './tanh';

/** Every activation by its name, in the order in which lists show them. */
const functions = {
  sigmoid: sigmoid(),
  tanh: tanh(),
  relu: relu(),
  relu6: relu6(),
  leaky_relu: leakyRelu(0.2),
  'leaky_relu_0.01': leakyRelu(0.01),
  'leaky_relu_0.3': leakyRelu(0.3),
  elu: elu(),
  celu: celu(),
  selu: selu(),
  gelu: gelu(),
  gelu_tanh: geluTanh(),
  silu: silu(),
  mish: mish(),
  softplus: softplus(),
  softsign: softsign(),
  hard_sigmoid: hardSigmoid(1 / 6, { label: 'hard sigmoid', line: 'x/6', kinkDerivative: 0 }),
  'hard_sigmoid_0.2': hardSigmoid(0.2, { label: 'hard sigmoid 0.2', line: '0.2x', kinkDerivative: 0.2 }),
  hard_silu: hardSilu(),
  hard_tanh: hardTanh(),
  log_sigmoid: logSigmoid(),
  soft_shrink: softShrink(),
  hard_shrink: hardShrink(),
  tanh_shrink: tanhShrink(),
  squareplus: squareplus(),
  sparse_plus: sparsePlus(),
  sparse_sigmoid: sparseSigmoid(),
  exponential: exponential(),
  linear: linear(),
} satisfies Record<string, ActivationFunction>;

/** snake_case, as Keras writes it; a parameter other than Keras's own follows it. */
export type ActivationName = keyof typeof functions;

/** A named activation. */
export interface Activation extends ActivationFunction {
  readonly name: ActivationName;
}

export const activationNames: readonly ActivationName[] = Object.keys(functions) as ActivationName[];

const byName: ReadonlyMap<string, Activation> = new Map(
  activationNames.map((name) => [name, { name, ...functions[name] }]),
);

/**
 * Spellings that only one framework uses, and that mean something else there than their snake_case twin: they are
 * matched letter by letter before case is ignored. tfjs's hardSigmoid has slope 0.2, its leakyReLU layer 0.3.
 */
const exactAliases: Readonly<Record<string, ActivationName>> = {
  hardSigmoid: 'hard_sigmoid_0.2',
  leakyReLU: 'leaky_relu_0.3',
};

/** Names that differ in more than case, underscores and brackets. */
const aliases: Readonly<Record<string, ActivationName>> = {
  logistic: 'sigmoid',
  swish: 'silu',
  hard_swish: 'hard_silu',
  gelu_new: 'gelu_tanh',
  gelu_erf: 'gelu',
  'leaky_relu_0.2': 'leaky_relu',
  'hard_sigmoid_1/6': 'hard_sigmoid',
  'soft_shrink_0.5': 'soft_shrink',
  'hard_shrink_0.5': 'hard_shrink',
  squareplus_4: 'squareplus',
  identity: 'linear',
  exp: 'exponential',
};

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9./]/g, '');

const byFolded: ReadonlyMap<string, ActivationName> = new Map([
  ...Object.entries(aliases).map(([alias, name]) => [fold(alias), name] as const),
  ...activationNames.map((name) => [fold(name), name] as const),
]);

/** True for the catalogue's own names alone, not for aliases: a config holds one spelling of each. */
export function isActivationName(x: string): x is ActivationName {
  return byName.has(x);
}

/**
 * Looks a name up as people and frameworks write it: `relu`, `ReLU`, `HardTanh`, `swish`, `gelu_new`,
 * `leaky_relu(0.3)`. Without a parameter, a name means Keras 3's function of that name.
 */
export function findActivation(name: string): Activation | undefined {
  const text = name.trim();
  return byName.get(text) ?? byName.get(exactAliases[text] ?? byFolded.get(fold(text)) ?? '');
}

/** As {@link findActivation}; throws a RangeError that names the nearest names where there is none. */
export function activation(name: string): Activation {
  const found = findActivation(name);
  if (found) return found;
  throw new RangeError(`activation "${name}" is not known; did you mean ${orList(nearestNames(name, 3))}?`);
}

function nearestNames(name: string, count: number): ActivationName[] {
  const wanted = fold(name);
  return activationNames
    .map((candidate) => ({ candidate, distance: editDistance(wanted, fold(candidate)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

const orList = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * A unit whose mean |φ′| lies below this counts as saturated: `share` of the maximum of |φ′|. 0 for the exponential,
 * whose derivative has no maximum, so that it never counts as saturated.
 */
export function saturationThreshold(activation: ActivationFunction, share = 0.01): number {
  const max = activation.derivativeMax.value;
  return Number.isFinite(max) ? share * max : 0;
}
