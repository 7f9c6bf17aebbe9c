import type { Value } from '../../../interpret/values';
import { rateOf } from '../../given';
import { tensorIn } from '../model';
import { multiplied, weightIn } from '../weight';
import { type Call, opaque, step } from './call';

export function matmul(call: Call): Value {
  const [first, second] = call.args.positional;
  const weight = weightIn(second) ?? weightIn(call.args.named.get('b'));
  if (weight !== undefined && tensorIn(first) !== undefined)
    return multiplied(call.tensor, weight, call.name, call.moment);
  return opaque(call);
}

export function dropout(call: Call): Value {
  const rate = call.given('x', 'rate').value('rate') ?? call.args.named.get('level');
  return step(call, { kind: 'dropout', rate: rateOf(rate), variant: 'plain' });
}
