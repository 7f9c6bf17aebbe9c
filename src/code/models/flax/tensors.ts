import { constant, type Foreign, type Machine, type Value } from '../../interpret/values';
import { type Moment, newStep, type Tensor } from '../tracing/step';
import { callMethod } from './functions';
import { type OpenShape, shapeOf, sizeAt } from './functions/sizes';
import { anywhere, at } from './moments';
import { tensorValue } from './state';

export function tensorMember(object: Foreign, name: string, machine: Machine): Value | undefined {
  const tensor = object.data as Tensor;
  switch (name) {
    case 'shape':
      return shapeOf(tensor, anywhere(machine));
    case 'ndim':
      return tensor.step.shape === undefined ? undefined : constant(tensor.step.shape.length);
    case 'T':
    case 'mT':
      return callMethod(
        tensor,
        name === 'T' ? 'transpose' : 'swapaxes',
        {
          positional: name === 'T' ? [] : [constant(-1), constant(-2)],
          named: new Map(),
          complete: true,
          sources: new Map(),
          list: tensor.step.source,
        },
        at(machine, { source: tensor.step.source }),
      );
    case 'dtype':
    case 'size':
      return machine.unknown(name);
    case 'at':
    case 'value':
      return object;
    default:
      return { kind: 'bound', object, name };
  }
}

export function fromShape({ tensor, from }: OpenShape, k: number, moment: Moment): Value {
  return sizeAt(tensor, k < 0 ? k : from + k, moment);
}

/** Several inputs in one: `x, y = batch`. */
export function partsOf({ step }: Tensor, count: number, machine: Machine): readonly Value[] {
  const isInput = step.operation.kind === 'input';
  return Array.from({ length: count }, (_, k) =>
    tensorValue(
      newStep(
        isInput
          ? {
              operation: { kind: 'input' },
              inputs: [],
              type: 'input',
              name: `${step.name ?? 'input'}[${k}]`,
              source: step.source,
            }
          : { operation: { kind: 'rearrange' }, inputs: [{ step }], type: 'part', source: step.source },
        machine,
      ),
    ),
  );
}
