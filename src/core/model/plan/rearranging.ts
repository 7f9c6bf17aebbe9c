import type { ModelNode } from '../model';
import { componentsOf } from '../sizes';
import type { PlanStep, StepBase } from './plan';
import { quoted, Refusal, shown } from './refusal';
import { permutationOf } from './space';

/** Steps that give the same numbers in another order or shape. */

const moving = /permute|transpose|swap|movedim|moveaxis|rearrange|shuffle|roll|flip|rot90|depth|\.T$|\.mT$/i;
const repeating = /upsampl|repeat/i;
const zeroPadding = /zeropad|^(?:[\w.]*\.)?pad$/i;

export function reshaped(node: ModelNode, every: StepBase, from: readonly number[]): PlanStep {
  const [before, after] = [componentsOf(from), componentsOf(every.shape)];
  if (before !== after)
    throw new Refusal(
      `${quoted(node)} receives ${shown(from)} (${before} numbers) and should give ${shown(every.shape)} (${after}). The input's shape does not fit the model, or the step is not known.`,
      node,
    );
  return { ...every, kind: 'reshape' };
}

export function rearranged(node: ModelNode, every: StepBase, from: readonly number[], assumptions: string[]): PlanStep {
  const { type, operation } = node;
  const { shape } = every;
  const same = shape.length === from.length && shape.every((size, axis) => size === from[axis]);
  if (operation.kind === 'flatten') return reshaped(node, every, from);
  if (/random/i.test(type) && same) {
    assumptions.push(`${quoted(node)} is left out: the data are trained on as they are.`);
    return { ...every, kind: 'reshape' };
  }
  if (moving.test(type)) {
    const axes = permutationOf(from, shape);
    if (axes) return { ...every, kind: 'permute', axes };
    throw new Refusal(
      `${quoted(node)} moves numbers in a way that the shapes ${shown(from)} and ${shown(shape)} do not tell. It is not rebuilt.`,
      node,
    );
  }
  if (repeating.test(type)) {
    const long = shape.length > from.length ? [...shape.slice(from.length).map(() => 1), ...from] : [...from];
    const times = shape.map((size, axis) => size / long[axis]!);
    if (long.length === shape.length && times.every(Number.isInteger)) {
      if (/upsampl/i.test(type)) assumptions.push(`${quoted(node)} is taken to repeat its nearest numbers.`);
      return { ...every, kind: 'repeat', times };
    }
  }
  if (zeroPadding.test(type) && shape.length === from.length && shape.every((size, axis) => size >= from[axis]!)) {
    const before = shape.map((size, axis) => Math.floor((size - from[axis]!) / 2));
    if (!same) assumptions.push(`${quoted(node)} is taken to put its zeros evenly around, one more behind.`);
    return { ...every, kind: 'padding', before };
  }
  return reshaped(node, every, from);
}
