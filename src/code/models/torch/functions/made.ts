import type { Shape } from '../../../../core/model/model';
import type { CallArguments, Value } from '../../../interpret/values';
import { sizeOf, unknownSize } from '../../given';
import { type Moment, tensorIn } from '../../tracing/step';
import { held } from './call';

export const makers: ReadonlySet<string> = new Set(
  'zeros ones randn rand empty full eye arange linspace tensor as_tensor from_numpy FloatTensor Tensor LongTensor randint normal tril triu'.split(
    ' ',
  ),
);
export const alikeMakers = /^(zeros|ones|randn|rand|empty|full)_like$/;

export function made(name: string, args: CallArguments, moment: Moment): Value {
  const sizes = args.named.get('size') === undefined ? args.positional : [args.named.get('size')!];
  const [only] = sizes;
  const isTensorClass = /Tensor$/.test(name);
  // `torch.FloatTensor(data)` holds the data; `torch.FloatTensor(2, 3)` has that shape.
  const isSize = (value: Value): boolean =>
    sizes.length > 1 || typeof sizeOf(value) === 'number' || (value.kind === 'unknown' && value.symbols.length > 0);
  const hasSizes = isTensorClass
    ? sizes.every((value) => value.kind !== 'list' && isSize(value))
    : ['zeros', 'ones', 'randn', 'rand', 'empty'].includes(name);
  if (hasSizes) {
    const all = sizes.length === 1 && only?.kind === 'list' ? only.items : sizes;
    // One value that is not known may be a number or a tuple.
    const open =
      only === undefined ||
      only.kind === 'foreign' ||
      // `torch.FloatTensor(state)` of an argument holds it; only a number is a size for sure.
      (sizes.length === 1 && isTensorClass && only.kind === 'unknown') ||
      (sizes.length === 1 && !isSize(only) && only.kind !== 'list');
    return held(moment, open ? undefined : all.map((value) => sizeOf(value)), name);
  }
  if (name === 'full' || name === 'randint' || name === 'normal') {
    const shape = [...args.positional, ...args.named.values()].find((value) => value.kind === 'list');
    return held(moment, shape?.kind === 'list' ? shape.items.map((value) => sizeOf(value)) : undefined, name);
  }
  const [first] = args.positional;
  const shape = first?.kind === 'list' ? nestedShape(first) : tensorIn(first)?.step.shape;
  return held(moment, shape, name);
}

/** Sizes of nested lists: `torch.tensor([[1., 2.]])` is (1, 2). */
function nestedShape(value: Value, depth = 0): Shape | undefined {
  // What nobody knows may be a row as well as a number.
  if (value.kind !== 'list') return value.kind === 'constant' ? [] : tensorIn(value)?.step.shape;
  if (depth > 6) return undefined;
  const [first] = value.items;
  // What an empty list is filled with in a loop may be rows as well.
  const inner = first === undefined ? undefined : nestedShape(first, depth + 1);
  return inner && [value.complete ? value.items.length : unknownSize, ...inner];
}
