import type { Shape } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { shapeOf } from '../../given';
import type { Shapes } from '../layer';
import { reshaped } from '../shape';
import { type Call, step } from './call';

export function reshape(call: Call): Value {
  const target = shapeOf(call.given('x', 'shape').value('shape') ?? call.args.named.get('newshape'));
  const inner = target?.slice(1);
  // `(-1, 784)`: the batch stays what it was only where the rest holds one example.
  return step(
    call,
    inner?.length === 1 && inner[0] === -1 ? { kind: 'flatten' } : { kind: 'rearrange' },
    reshaped(inner),
  );
}

export const rearranged =
  (infer: (call: Call) => (inputs: Shapes) => Shape | undefined) =>
  (call: Call): Value =>
    step(call, { kind: 'rearrange' }, infer(call));
