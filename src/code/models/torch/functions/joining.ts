import { constant, type Value } from '../../../interpret/values';
import { givenBy, numberOf, unknownSize } from '../../given';
import { joined, type Layout, lastSize, newStep, type Tensor, tensorsIn } from '../../tracing/step';
import { tensorValue } from '../state';
import { type FunctionCall, type Handler, held, layoutAt } from './call';

export const concatenated: Handler = ({ args, moment, type }) => {
  const given = givenBy(args, ['tensors', 'dim'], 'python');
  const value = given.value('tensors');
  const inputs = tensorsIn(value);
  const axis = given.value('dim') ?? given.value('axis') ?? constant(0);
  const { machine, site } = moment;
  const complete = value?.kind === 'list' && value.complete && value.items.length === inputs.length;
  if (inputs.length === 0) return undefined;
  if (inputs.every(({ constant: fixed }) => fixed)) return held(moment, undefined, type);
  // Flax and TensorFlow join the last axis, PyTorch's code the channels: which are axis 1 of (N, C, …).
  const last = numberOf(axis) === -1 ? inputs.map((input) => lastSize(input) ?? unknownSize) : undefined;
  return tensorValue(
    newStep(
      {
        operation: { kind: 'concatenate' },
        inputs,
        type,
        source: site.source,
        certain: complete,
        infer: joined(numberOf(axis)),
        last: last?.every((size) => typeof size === 'number') ? last.reduce((a, b) => a + b, 0) : undefined,
        ...layoutOfInputs(inputs),
      },
      machine,
    ),
  );
};

/** Joined tensors stand as theirs do. */
const layoutOfInputs = (inputs: readonly Tensor[]): { readonly layout?: Layout } => {
  const layout = inputs.map((input) => layoutAt(input)).find((each) => each !== undefined);
  return layout === undefined ? {} : { layout };
};

export function stackedOf(call: FunctionCall): Value | undefined {
  const given = givenBy(call.args, ['tensors', 'dim'], 'python');
  const inputs = tensorsIn(given.value('tensors'));
  if (inputs.length === 0) return undefined;
  if (inputs.every(({ constant: fixed }) => fixed)) return held(call.moment, undefined, call.type);
  const certain = given.value('tensors')?.kind === 'list';
  const { machine, site } = call.moment;
  return tensorValue(
    newStep({ operation: { kind: 'concatenate' }, inputs, type: call.type, source: site.source, certain }, machine),
  );
}
