import { findActivation } from '../../src/core/activations/catalogue';
import { type FlowConfig, flowLimits, parseFlowConfig } from '../../src/core/flow/config';
import type { Reading } from '../kit/draftField';

/** What the controls show of a configuration, and the configurations that they mean. All pure. */

interface Run<T> {
  readonly value: T;
  readonly count: number;
}

function runsOf<T>(list: readonly T[]): Run<T>[] {
  const runs: { value: T; count: number }[] = [];
  for (const value of list) {
    const last = runs.at(-1);
    if (last !== undefined && last.value === value) last.count++;
    else runs.push({ value, count: 1 });
  }
  return runs;
}

const runText = <T>({ value, count }: Run<T>): string => (count === 1 ? String(value) : `${value}x${count}`);

/** Commas and semicolons part, but not those inside brackets: `leaky_relu(0.2)x3, tanh`. */
const parts = (text: string): string[] =>
  text
    .split(/[,;](?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** "sigmoidx5" as name and number. */
function repeated(part: string): readonly [text: string, count: number] {
  const [, text, count] = /^(.*?)\s*[x×*]\s*(\d+)$/i.exec(part) ?? [];
  // Far too many need not be listed to be refused.
  return text === undefined || text === '' ? [part, 1] : [text, Math.min(Number(count), 1000)];
}

/** "128" where all layers are alike, else "256, 128x3, 64". */
export function widthsText(widths: readonly number[]): string {
  const runs = runsOf(widths);
  return runs.length === 1 ? String(widths[0]) : runs.map(runText).join(', ');
}

/** Widths as typed: one number for all `layers`, or a list that says how many there are. */
export function readWidths(text: string, layers: number): Reading<readonly number[]> {
  const list = parts(text);
  const numbers = list.flatMap((part) => {
    const [width, count] = repeated(part);
    return Array.from({ length: count }, () => Number(width));
  });
  const { min, max } = flowLimits.width;
  const wrong = numbers.find((n) => !Number.isInteger(n) || n < min || n > max);
  if (numbers.length === 0 || wrong !== undefined) {
    return { problem: `A whole number from ${min} to ${max.toLocaleString('en')}, or a list: 256, 128x3, 64.` };
  }
  if (numbers.length > flowLimits.layers.max) {
    return { problem: `${numbers.length} layers; at most ${flowLimits.layers.max} are possible.` };
  }
  const isOne = list.length === 1 && repeated(list[0]!)[1] === 1;
  return { value: isOne ? Array.from({ length: layers }, () => numbers[0]!) : numbers };
}

/** "sigmoidx5, tanhx5". */
export const activationsText = (names: readonly string[]): string => runsOf(names).map(runText).join(', ');

/** Activations as typed, in the catalogue's names; as many as there are layers. */
export function readActivations(text: string, layers: number): Reading<readonly string[]> {
  const names: string[] = [];
  for (const part of parts(text)) {
    const [name, count] = findActivation(part) === undefined ? repeated(part) : [part, 1];
    const found = findActivation(name);
    if (found === undefined) return { problem: `“${name}” is not known; for example tanhx5, leaky_relu(0.2)x5.` };
    names.push(...Array.from({ length: count }, () => found.name));
  }
  if (names.length === 1) return { value: Array.from({ length: layers }, () => names[0]!) };
  if (names.length === layers) return { value: names };
  return { problem: `${names.length} activations for ${layers} layers; one for each is needed.` };
}

const stretched = <T>(list: readonly T[], length: number): T[] =>
  Array.from({ length }, (_, i) => list[Math.min(i, list.length - 1)]!);

const fitted = (candidates: FlowConfig['candidates'], layers: number): FlowConfig['candidates'] =>
  candidates.map(({ activations }) => ({
    activations: activations.length === 1 ? activations : stretched(activations, layers),
  }));

/** Other widths; lists of activations are cut, or go on with their last. */
export const withWidths = (config: FlowConfig, widths: readonly number[]): FlowConfig => ({
  ...config,
  widths: [...widths],
  candidates: fitted(config.candidates, widths.length),
});

/** More or fewer layers; the new ones are as wide as the last. */
export const withDepth = (config: FlowConfig, layers: number): FlowConfig =>
  withWidths(config, stretched(config.widths, layers));

export const withCandidate = (config: FlowConfig, index: number, activations: readonly string[]): FlowConfig => ({
  ...config,
  candidates: config.candidates.map((each, i) => (i === index ? { activations: [...activations] } : each)),
});

const companions = ['relu', 'tanh', 'gelu', 'sigmoid', 'selu', 'silu'];

/** One more line: the first usual activation that is not there yet. */
export function withAnother(config: FlowConfig): FlowConfig {
  const there = config.candidates.flatMap(({ activations }) => activations);
  const name = companions.find((each) => !there.includes(each)) ?? 'elu';
  return { ...config, candidates: [...config.candidates, { activations: [name] }] };
}

export const without = (config: FlowConfig, index: number): FlowConfig => ({
  ...config,
  candidates: config.candidates.filter((_, i) => i !== index),
});

/** A changed configuration, checked; what is wrong with it where it cannot be. */
export function checked(config: FlowConfig, part: Partial<FlowConfig>): Reading<FlowConfig> {
  const result = parseFlowConfig({ ...config, ...part });
  return 'config' in result ? { value: result.config } : { problem: result.problems[0]!.message };
}

/** A number as typed; a comma or a true minus is no reason to refuse it. */
export function readNumber(text: string, { min, max }: { min: number; max: number }, whole = false): Reading<number> {
  const value = Number(text.trim().replace(/^−/, '-').replace(',', '.'));
  if (
    text.trim() === '' ||
    !Number.isFinite(value) ||
    value < min ||
    value > max ||
    (whole && !Number.isInteger(value))
  ) {
    return { problem: `${whole ? 'A whole number' : 'A number'} from ${min} to ${max.toLocaleString('en')}.` };
  }
  return { value };
}
