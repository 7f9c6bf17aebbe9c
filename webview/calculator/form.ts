import { findActivation } from '../../src/core/activations/catalogue';
import { type FlowConfig, flowLimits, parseFlowConfig } from '../../src/core/calculation/config';
import { readRepeated, splitList, writeList } from '../../src/core/format/list';
import { readWidths } from '../../src/core/format/widths';
import type { Reading } from '../kit/draftField';

/** What the controls show of a configuration, and the configurations that they mean. All pure. */

/** "128" where all layers are alike, else "256, 128x3, 64". */
export const widthsText = (widths: readonly number[]): string =>
  widths.every((width) => width === widths[0]) ? String(widths[0]) : writeList(widths, ', ');

/** Widths as typed: one number for all `layers`, or a list that says how many there are. */
export function widthsOf(text: string, layers: number): Reading<readonly number[]> {
  const widths = readWidths(text);
  const { min, max } = flowLimits.width;
  if (widths === undefined || widths.some((width) => width < min || width > max)) {
    return { problem: `A whole number from ${min} to ${max.toLocaleString('en')}, or a list: 256, 128x3, 64.` };
  }
  if (widths.length > flowLimits.layers.max) {
    return { problem: `${widths.length} layers; at most ${flowLimits.layers.max} are possible.` };
  }
  const isOne = /^\s*\d+\s*$/.test(text);
  return { value: isOne ? Array.from({ length: layers }, () => widths[0]!) : widths };
}

/** "sigmoidx5, tanhx5". */
export const activationsText = (names: readonly string[]): string => writeList(names, ', ');

/** Activations as typed, in the catalogue's names; as many as there are layers. */
export function readActivations(text: string, layers: number): Reading<readonly string[]> {
  const names: string[] = [];
  for (const part of splitList(text)) {
    const { text: name, count } = findActivation(part) === undefined ? readRepeated(part) : { text: part, count: 1 };
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
