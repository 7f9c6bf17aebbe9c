import type { Operation, Shape } from '../../../../core/model/model';
import type { CallArguments, Value } from '../../../interpret/values';
import { type Given, numberOf } from '../../given';
import { newStep, opaqueStep, tensorValue } from '../apply';
import type { Shapes } from '../layer';
import { unchanged } from '../shape';
import type { Moment } from '../state';
import { type Tensor, tensorsIn } from '../tensor';

export interface Call {
  readonly name: string;
  readonly args: CallArguments;
  readonly tensor: Tensor;
  readonly moment: Moment;
  given(...names: string[]): Given;
}

export const step = (
  { name, moment, tensor }: Call,
  operation: Operation,
  infer: ((inputs: Shapes) => Shape | undefined) | undefined = unchanged,
  inputs: readonly Tensor[] = [tensor],
): Value =>
  tensorValue(
    newStep(
      {
        operation,
        inputs,
        type: name,
        source: moment.site.source,
        ...(infer === undefined ? {} : { infer }),
        channelsFirst: tensor.step.channelsFirst,
      },
      moment,
    ),
    moment,
  );

export const opaque = ({ name, args, moment }: Call, shape?: Shape): Value =>
  tensorValue(
    opaqueStep(
      name,
      args.positional.concat([...args.named.values()]).flatMap((value) => tensorsIn(value)),
      moment,
      shape,
    ),
    moment,
  );

/** Axes of a reduction, from the front with the batch as 0; undefined where they are not known. */
export function axesOf(given: Given, rank: number | undefined): number[] | undefined {
  const value = given.value('axis') ?? given.value('reduction_indices');
  const axes = value?.kind === 'list' ? value.items.map(numberOf) : [numberOf(value)];
  if (rank === undefined || axes.some((axis) => axis === undefined)) return undefined;
  return axes.map((axis) => (axis! < 0 ? rank + axis! : axis!));
}

export const allTensors = ({ args }: Call): Tensor[] =>
  [...args.positional, ...args.named.values()].flatMap((value) => tensorsIn(value));

export const cast = (call: Call): Value =>
  call.tensor.constant ? tensorValue(call.tensor, call.moment) : step(call, { kind: 'rearrange' });
