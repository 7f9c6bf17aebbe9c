import type { Shape, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf, textOf, unknownSize } from '../../given';
import { lastSize, type Moment, newStep, stepsBefore, type Tensor } from '../../tracing/step';
import { withFixed } from './call';

const isSlice = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text.includes(':');
const isWhole = (value: Value | undefined): boolean => value?.kind === 'unknown' && /^\s*:\s*$/.test(value.text);
const isDots = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text === '...';
const isNew = (value: Value | undefined): boolean =>
  (value?.kind === 'constant' && value.value === null) ||
  (value?.kind === 'unknown' && /newaxis$/.test(value.text)) ||
  (value?.kind === 'path' && /\.newaxis$/.test(value.path));

/** A part of an array: `x[:, -1]`, `x[0]`, `x[..., None]`. */
export function indexed(tensor: Tensor, index: Value | undefined, { machine, site }: Moment): Value {
  const keys = index?.kind === 'list' ? index.items : index === undefined ? [] : [index];
  const rest = keys.slice(2).every((key) => isSlice(key) || isDots(key));
  const lastInTime = tensor.step.lastInTime || (isWhole(keys[0]) && numberOf(keys[1]) === -1 && rest);
  const written = keys.map((key) => (key.kind === 'constant' ? (textOf(key) ?? String(key.value)) : ':')).join(', ');
  return withFixed(
    newStep(
      {
        operation: { kind: 'rearrange' },
        inputs: [tensor],
        type: `[${written}]`,
        source: site.source,
        infer: ([shape]) => sliced(shape, keys),
        lastInTime: lastInTime && stepsBefore([tensor]).some(({ operation }) => operation.kind === 'recurrent'),
        last: keepsLast(keys, tensor) ? lastSize(tensor) : undefined,
      },
      machine,
    ),
    tensor,
  );
}

/** True where the last axis is not touched. */
function keepsLast(keys: readonly Value[], { step: { shape } }: Tensor): boolean {
  if (keys.some(isDots)) return isWhole(keys.at(-1)) || isDots(keys.at(-1));
  if (shape === undefined) return keys.length < 3 && keys.every((key) => numberOf(key) !== undefined || isSlice(key));
  return keys.length < shape.length || isWhole(keys.at(-1));
}

function sliced(shape: Shape | undefined, keys: readonly Value[]): Shape | undefined {
  if (shape === undefined) return undefined;
  const dots = keys.findIndex(isDots);
  if (dots >= 0) {
    const after = keys.slice(dots + 1);
    const taken = after.filter((key) => !isNew(key)).length;
    const head = sliced(shape.slice(0, shape.length - taken), keys.slice(0, dots));
    const tail = sliced(shape.slice(shape.length - taken), after);
    return head && tail && [...head, ...tail];
  }
  const result: Size[] = [];
  let axis = 0;
  for (const key of keys) {
    if (isNew(key)) result.push(1);
    else if (numberOf(key) !== undefined) axis++;
    else if (isSlice(key)) result.push(slicedSize(shape[axis++], (key as { text: string }).text));
    else return undefined;
  }
  return [...result, ...shape.slice(axis)];
}

function slicedSize(size: Size | undefined, text: string): Size {
  const [, start = '', stop = ''] = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(text) ?? [];
  if (/^\s*:\s*$/.test(text)) return size ?? unknownSize;
  if (typeof size !== 'number' || !/^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.test(text)) return unknownSize;
  const at = (n: number) => Math.max(0, Math.min(size, n < 0 ? size + n : n));
  return Math.max(0, (stop === '' ? size : at(Number(stop))) - at(start === '' ? 0 : Number(start)));
}
