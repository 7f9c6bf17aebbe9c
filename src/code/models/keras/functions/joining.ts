import type { Operation } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf } from '../../given';
import { broadcast, concatenated } from '../shape';
import { scaled, shifted, weightIn } from '../weight';
import { allTensors, type Call, step } from './call';

export const join =
  (operation: Operation) =>
  (call: Call): Value => {
    const inputs = allTensors(call);
    return inputs.length < 2 ? scaled(call.tensor, call.name, call.moment) : step(call, operation, broadcast, inputs);
  };

export function concat(call: Call): Value {
  const given = call.given('values', 'axis');
  const axis = numberOf(given.value('axis')) ?? (given.value('axis') === undefined ? -1 : undefined);
  return step(call, { kind: 'concatenate' }, concatenated(axis), allTensors(call));
}

export function add(call: Call): Value {
  const weight = [...call.args.positional, ...call.args.named.values()]
    .map(weightIn)
    .find((each) => each !== undefined);
  return weight === undefined ? join({ kind: 'add' })(call) : shifted(call.tensor, weight, call.name, call.moment);
}
