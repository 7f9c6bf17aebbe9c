import type { Shape, Size } from '../../../../core/model/model';
import type { Value } from '../../../interpret/values';
import { numberOf, unknownSize } from '../../given';
import { lastSize, type Moment, newStep, type Shapes, stepsBefore, type Tensor } from '../../tracing/step';
import { tensorValue } from '../state';
import { layoutAt } from './call';

/** A part of a tensor: `x[:, -1]`, `x[0]`, `x[..., :3]`. */
export function indexed(tensor: Tensor, index: Value | undefined, moment: Moment): Value {
  const { machine, site } = moment;
  const keys = index?.kind === 'list' ? index.items : index === undefined ? [] : [index];
  const layout = layoutAt(tensor);
  const infer = ([shape]: Shapes): Shape | undefined => sliced(shape, keys);
  const isLast = (value: Value | undefined) => numberOf(value) === -1;
  const rest = keys.slice(1).every(isSlice);
  const lastInTime =
    tensor.step.lastInTime ||
    (layout === 'time' ? isLast(keys[0]) && rest : isSlice(keys[0]) && isLast(keys[1]) && keys.slice(2).every(isSlice));
  return tensorValue({
    ...newStep(
      {
        operation: { kind: 'rearrange' },
        inputs: [tensor],
        type: `[${keys.map((key) => (key.kind === 'constant' ? String(key.value) : ':')).join(', ')}]`,
        source: site.source,
        infer,
        lastInTime: lastInTime && stepsBefore([tensor]).some(({ operation }) => operation.kind === 'recurrent'),
        last: keepsLast(keys, tensor) ? lastSize(tensor) : undefined,
        ...(layout === 'channels' && keys.every(isSlice) ? { layout } : {}),
      },
      machine,
    ),
    ...(tensor.constant ? { constant: true } : {}),
  });
}

const isSlice = (value: Value | undefined): boolean => value?.kind === 'unknown' && value.text.includes(':');
const isWhole = (value: Value | undefined): boolean => value?.kind === 'unknown' && /^\s*:\s*$/.test(value.text);

/** True where the last axis is not touched. */
function keepsLast(keys: readonly Value[], { step: { shape } }: Tensor): boolean {
  if (keys.some((key) => key.kind === 'unknown' && key.text === '...')) return isWhole(keys.at(-1));
  if (shape === undefined) return keys.length < 3 && keys.every((key) => key.kind === 'constant' || isSlice(key));
  return keys.length < shape.length || isWhole(keys.at(-1));
}

function sliced(shape: Shape | undefined, keys: readonly Value[]): Shape | undefined {
  if (shape === undefined || keys.some((key) => key.kind === 'unknown' && key.text === '...')) return undefined;
  const result: Size[] = [];
  let axis = 0;
  for (const key of keys) {
    if (key.kind === 'constant' && key.value === null) result.push(1);
    else if (key.kind === 'constant' && typeof key.value === 'number') axis++;
    else if (isSlice(key))
      result.push(
        isWhole(key) ? (shape[axis++] ?? unknownSize) : slicedSize(shape[axis++], (key as { text: string }).text),
      );
    else return undefined;
  }
  return [...result, ...shape.slice(axis)];
}

function slicedSize(size: Size | undefined, text: string): Size {
  const [, start = '', stop = ''] = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(text) ?? [];
  if (!/^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.test(text)) return unknownSize;
  const from = start === '' ? 0 : Number(start);
  if (typeof size === 'number') {
    const at = (n: number) => Math.max(0, Math.min(size, n < 0 ? size + n : n));
    return Math.max(0, (stop === '' ? size : at(Number(stop))) - at(from));
  }
  return from === 0 && stop !== '' && Number(stop) > 0 ? unknownSize : unknownSize;
}
