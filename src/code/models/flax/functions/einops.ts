import { textOf, unknownSize } from '../../given';
import { lastSize, type Shapes } from '../../tracing/step';
import { type Handler, opaque, rearranged, step } from './call';

/** einops: the axes of a pattern, groups in brackets as one; undefined where dots stand for any number of them. */
function axesIn(side: string): readonly string[] | undefined {
  return /\.\.\.|…/.test(side) ? undefined : (side.match(/\([^)]*\)|\S+/g) ?? []);
}

interface Pattern {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function patternIn({ args }: Parameters<Handler>[0]): Pattern | undefined {
  const written = textOf(args.positional[1] ?? args.named.get('pattern'));
  const [left, right, ...more] = written?.split('->') ?? [];
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  const [from, to] = [axesIn(left), axesIn(right)];
  return from && to && { from, to };
}

const isOne = (axis: string): boolean => axis === '1' || axis === '()';
const isGroup = (axis: string): boolean => axis.startsWith('(');

/** Sizes of the axes that stay whole. */
const shapeOf =
  ({ from, to }: Pattern) =>
  ([shape]: Shapes) =>
    to.map((axis) => {
      if (isOne(axis)) return 1;
      const at = isGroup(axis) || shape?.length !== from.length ? -1 : from.indexOf(axis);
      return shape?.[at] ?? unknownSize;
    });

const keepsLast = ({ from, to }: Pattern): boolean => to.at(-1) === from.at(-1) && !isGroup(to.at(-1) ?? '(');

/** `rearrange(x, 'b h w c -> b (h w) c')` */
export const rearrange: Handler = (call) => {
  const pattern = patternIn(call);
  if (pattern === undefined) return rearranged(call, () => undefined);
  return rearranged(call, shapeOf(pattern), { last: keepsLast(pattern) ? lastSize(call.input) : undefined });
};

/** `reduce(x, 'b h w c -> b c', 'mean')`: over all axes between the batch and the channels that is global pooling. */
export const reduce: Handler = (call) => {
  const pattern = patternIn(call);
  const over = textOf(call.args.positional[2] ?? call.args.named.get('reduction'));
  const mode = over === 'mean' ? 'average' : over === 'max' ? 'max' : undefined;
  if (pattern === undefined || !call.type.startsWith('einops')) return opaque(call);
  const { from, to } = pattern;
  const isGlobal = from.length > 2 && to.filter((axis) => !isOne(axis)).join() === [from[0], from.at(-1)].join();
  if (!isGlobal || mode === undefined) return opaque(call, shapeOf(pattern));
  return step(call, {
    operation: { kind: 'pooling', mode, global: true, size: [], strides: [], padding: 'valid' },
    infer: shapeOf(pattern),
    last: lastSize(call.input),
  });
};
