import type { Shape, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { isNone, numberOf, unknownSize } from '../../given';
import { newStep, tensorValue } from '../apply';
import { indexedData } from '../data';
import { foreign, type Moment } from '../state';
import type { Tensor } from '../tensor';

/** `x[:, -1]`: the shape where all of it can be told. */
export function indexed(tensor: Tensor, index: Value | undefined, moment: Moment): Value | undefined {
  if (tensor.constant !== undefined) return indexedData(tensor, index, moment);
  const parts = index?.kind === 'list' ? index.items : undefined;
  const shape = parts === undefined ? undefined : slicedShape(tensor.shape, parts);
  const made = newStep(
    {
      operation: { kind: 'rearrange' },
      inputs: [tensor],
      type: 'x[…]',
      source: moment.site.source,
      infer: () => shape,
    },
    moment,
  );
  return tensorValue(made, moment);
}

/** `:` and `1:` as the text of what the interpreter does not know. */
const sliceText = (part: Value): string | undefined =>
  part.kind === 'unknown' && part.text.includes(':') ? part.text.replace(/\s/g, '') : undefined;

const isEllipsis = (part: Value): boolean => part.kind === 'unknown' && part.text === '...';

/** How many components a slice leaves, where its bounds are numbers. */
function slicedSize(text: string, size: Size): Size {
  if (text === ':' || text === '::') return size;
  const [start, stop, ...more] = text.split(':').map((each) => (each === '' ? undefined : Number(each)));
  if (typeof size !== 'number' || more.length > 0 || Number.isNaN(start ?? 0) || Number.isNaN(stop ?? 0)) {
    return unknownSize;
  }
  const at = (position: number): number => Math.min(Math.max(position < 0 ? size + position : position, 0), size);
  return Math.max(at(stop ?? size) - at(start ?? 0), 0);
}

function slicedShape(shape: Shape | undefined, parts: readonly Value[]): Shape | undefined {
  if (shape === undefined || parts.some((part) => isNone(part))) return undefined;
  const dots = parts.findIndex(isEllipsis);
  const [before, after] = dots < 0 ? [parts, []] : [parts.slice(0, dots), parts.slice(dots + 1)];
  const [batch, ...front] = before;
  if (front.length + after.length > shape.length || (batch !== undefined && sliceText(batch) === undefined)) {
    return undefined;
  }
  const kept: Size[] = [];
  for (const [k, size] of shape.entries()) {
    const part = front[k] ?? after[k - (shape.length - after.length)];
    const text = part && sliceText(part);
    if (part === undefined) kept.push(size);
    else if (text !== undefined) kept.push(slicedSize(text, size));
    else if (numberOf(part) === undefined) return undefined;
  }
  return kept;
}

/** A part of an input that is a tuple or a dict. */
export function partOf(tensor: Tensor, key: string | number, moment: Moment): Value {
  const { parts } = moment.reading;
  const known = parts.get(tensor.step) ?? new Map<string | number, Tensor>();
  parts.set(tensor.step, known);
  const former = known.get(key);
  const part =
    former ??
    newStep(
      {
        operation: { kind: 'input' },
        inputs: [],
        type: tensor.step.type,
        name: String(key),
        source: tensor.step.source,
      },
      moment,
    );
  known.set(key, part);
  return foreign(moment.reading, 'tensor', part);
}
