import { constant, type Foreign, type Machine, type Value } from '../../interpret/values';
import { argumentsWith, unknownSize } from '../given';
import { type Moment, newStep, opaqueStep, type Step, type Tensor, tensorsIn } from '../tracing/step';
import { callMethod } from './functions';
import { held } from './functions/call';
import { type OpenShape, shapeOf, sizeAt } from './functions/sizes';
import { nowhere, sizeValue, tensorValue } from './state';

export function tensorMember(object: Foreign, name: string, moment: Moment): Value | undefined {
  const tensor = object.data as Tensor;
  switch (name) {
    case 'shape':
      return shapeOf(tensor, moment);
    case 'ndim':
      return tensor.step.shape === undefined ? undefined : constant(tensor.step.shape.length);
    case 'T':
    case 'mT':
      return callMethod(tensor, 't', argumentsWith([], { site: { source: tensor.step.source } }), {
        ...moment,
        site: { source: tensor.step.source },
      });
    case 'data':
      return object;
    case 'device':
    case 'dtype':
      return moment.machine.unknown(name);
    case 'is_cuda':
    case 'requires_grad':
    case 'grad':
    case 'grad_fn':
      return undefined;
    default:
      // Attributes of what an opaque module returns: `outputs.last_hidden_state`.
      if (
        tensor.step.operation.kind === 'opaque' &&
        /^(last_hidden_state|pooler_output|logits|hidden_states|features|x)$/.test(name)
      )
        return object;
      if (tensor.step.operation.kind === 'input' && inputNames.test(name)) return inputOf(tensor, name, moment);
      return { kind: 'bound', object, name };
  }
}

/** What an input that holds several calls those that are computed with: `data.x`, `batch.text`. */
const inputNames =
  /^(x|pos|feat|feats|features?|node_features|text|src|trg|image|images|img|imgs|input|inputs|input_ids|tokens|state|obs|observations?)$/;

const within = new WeakMap<Step, Map<string, Value>>();

/** One of the inputs in an input: the same one each time. */
function inputOf({ step }: Tensor, name: string, { machine }: Moment): Value {
  const known = within.get(step) ?? new Map<string, Value>();
  within.set(step, known);
  const found = known.get(name);
  if (found !== undefined) return found;
  const { source } = step;
  const full = step.name === undefined ? name : `${step.name}.${name}`;
  const made = tensorValue(
    newStep({ operation: { kind: 'input' }, inputs: [], type: 'input', name: full, source }, machine),
  );
  known.set(name, made);
  return made;
}

export const fromShape = ({ tensor, from }: OpenShape, k: number, { machine }: Moment): Value =>
  k < 0 ? sizeAt(tensor, k, { machine, site: { source: nowhere } }) : sizeValue(unknownSize, machine, from + k);

/** Several inputs in one: `x, y = batch`, `h, c = hidden`. */
export function partsOf(tensor: Tensor, count: number, machine: Machine): readonly Value[] {
  const { step } = tensor;
  if (step.operation.kind !== 'input') {
    return Array.from({ length: count }, () =>
      tensorValue({
        ...newStep({ operation: { kind: 'rearrange' }, inputs: [tensor], type: 'part', source: step.source }, machine),
        ...(tensor.constant ? { constant: true } : {}),
      }),
    );
  }
  return Array.from({ length: count }, (_, k) =>
    tensorValue(
      newStep(
        {
          operation: { kind: 'input' },
          inputs: [],
          type: 'input',
          name: `${step.name ?? 'input'}[${k}]`,
          source: step.source,
        },
        machine,
      ),
    ),
  );
}

/** `x[:, 0] = y`: what is in x then comes from both, in a way that is not followed. */
export function partlySet(tensor: Tensor, value: Value | undefined, moment: Moment): Value | undefined {
  const parts = [tensor, ...tensorsIn(value)].filter((each) => !each.constant);
  // Numbers of which some were set are no zeros any more.
  if (parts.length === 0) return tensor.constant ? held(moment, tensor.step.shape, '[…] =') : undefined;
  return tensorValue(opaqueStep('[…] =', parts, moment, { infer: () => tensor.step.shape }));
}
