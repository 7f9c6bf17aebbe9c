import type { CallArguments, Value } from '../../interpret/values';
import { type Moment, opaqueStep, type Step, type Tensor, tensorsIn } from '../tracing/step';
import { lastPart, tensorValue } from './state';

const distributions = new WeakSet<Step>();

/** `Categorical(logits=x)`, `Normal(mean, std)` of torch.distributions; undefined for what is none, or holds no tensor. */
export function distribution(path: string, args: CallArguments, moment: Moment): Value | undefined {
  if (!/^torch\.distributions\.(\w+\.)?[A-Z]\w*$/.test(path)) return undefined;
  const inputs = [...args.positional, ...args.named.values()]
    .flatMap((value) => tensorsIn(value))
    .filter((tensor) => !tensor.constant);
  if (inputs.length === 0) return undefined;
  const tensor = opaqueStep(lastPart(path), inputs, moment);
  distributions.add(tensor.step);
  return tensorValue(tensor);
}

const passing: ReadonlySet<string> = new Set(['opaque', 'rearrange', 'scale', 'add']);

/**
 * What a model computes, without what is drawn from it at the end: samples, their log-probabilities and entropies give
 * way to the tensors that the distribution was made of.
 */
export function beforeDraws(outputs: readonly Tensor[]): Tensor[] {
  const known = new Map<Step, Tensor[] | undefined>();
  const drawn = (step: Step): Tensor[] | undefined => {
    if (known.has(step)) return known.get(step);
    let found: Tensor[] | undefined;
    if (distributions.has(step)) found = step.inputs.flatMap((input) => drawn(input.step) ?? [input]);
    else if (passing.has(step.operation.kind)) {
      const parts = step.inputs.map((input) => drawn(input.step)).filter((part) => part !== undefined);
      found = parts.length > 0 ? parts.flat() : undefined;
    }
    known.set(step, found);
    return found;
  };
  const all = outputs.flatMap((output) => drawn(output.step) ?? [output]);
  return [...new Map(all.map((tensor) => [tensor.step, tensor] as const)).values()];
}
