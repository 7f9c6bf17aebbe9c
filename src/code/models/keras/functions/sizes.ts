import type { Size } from '../../../../core/model/model';
import { stridesOf } from '../../../../core/model/strides';
import { constant, list, type Unknown, type Value } from '../../../interpret/values';
import type { Moment } from '../state';
import type { Tensor } from '../tensor';

/** A tensor's shape as the program sees it, with the batch. */
export function shapeValue(tensor: Tensor, moment: Moment): Value {
  const shape = tensor.full ?? tensor.shape;
  const items = (shape ?? []).map((size): Value => sizeValue(size, moment));
  const batch: Value[] = tensor.full === undefined ? [constant(null)] : [];
  return list([...batch, ...items], 'tuple', shape !== undefined);
}

function sizeValue(size: Size, { machine }: Moment): Value {
  if (typeof size === 'number') return constant(size);
  const strides = stridesOf(size);
  const value: Unknown =
    size.kind === 'symbolic'
      ? { kind: 'unknown', symbols: size.symbols, text: size.symbols.join(', ') }
      : machine.unknown('size');
  return strides === undefined ? value : { ...value, strides };
}
