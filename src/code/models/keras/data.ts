import type { Shape, Size } from '../../../core/model/model';
import { list, type Value } from '../../interpret/values';
import { isNone, numberOf, shapeOf, unknownSize } from '../given';
import { opaqueStep, tensorValue } from './apply';
import { reshaped } from './shape';
import type { Moment } from './state';
import type { Tensor } from './tensor';

/** Shapes of one example and of its label in keras.datasets, and how many there are (keras.io/api/datasets). */
const datasets: Readonly<
  Record<string, { readonly train: number; readonly test: number; readonly x: Shape; readonly y: Shape }>
> = {
  mnist: { train: 60_000, test: 10_000, x: [28, 28], y: [] },
  fashion_mnist: { train: 60_000, test: 10_000, x: [28, 28], y: [] },
  cifar10: { train: 50_000, test: 10_000, x: [32, 32, 3], y: [1] },
  cifar100: { train: 50_000, test: 10_000, x: [32, 32, 3], y: [1] },
  boston_housing: { train: 404, test: 102, x: [13], y: [] },
};

/** Data that the code holds, of which the shape is known. */
export function dataTensor(full: Shape, type: string, moment: Moment, kind: 'fixed' | 'random' = 'fixed'): Value {
  const made = opaqueStep(type, [], moment, full.slice(1));
  return tensorValue({ ...made, constant: kind, full }, moment);
}

/** `keras.datasets.mnist.load_data()`: arrays whose shape people pass on as `x_train.shape[1:]`. */
export function loadData(path: string, moment: Moment): Value | undefined {
  const name = /^keras\.datasets\.(\w+)\.load_data$/.exec(path)?.[1];
  const found = name !== undefined && Object.hasOwn(datasets, name) ? datasets[name] : undefined;
  if (found === undefined) return undefined;
  const { train, test, x, y } = found;
  const part = (count: number): Value =>
    list([dataTensor([count, ...x], 'data', moment), dataTensor([count, ...y], 'labels', moment)], 'tuple');
  return list([part(train), part(test)], 'tuple');
}

const like = (tensor: Tensor, full: Shape | undefined, moment: Moment): Value | undefined =>
  full && dataTensor(full, tensor.step.type, moment, tensor.constant);

/** `x_train[:100]`, `x_train[..., None]`, `x_train[0]`. */
export function indexedData(tensor: Tensor, index: Value | undefined, moment: Moment): Value | undefined {
  const { full } = tensor;
  if (full === undefined || index === undefined) return undefined;
  const parts = index.kind === 'list' ? index.items : [index];
  const isEllipsis = (part: Value) => part.kind === 'unknown' && part.text === '...';
  const [first] = parts;
  if (first !== undefined && isEllipsis(first) && parts.slice(1).every((part) => isNewAxis(part))) {
    return like(tensor, [...full, ...parts.slice(1).map(() => 1)], moment);
  }
  if (parts.length !== 1 || first === undefined || isNone(first)) return undefined;
  return like(tensor, numberOf(first) === undefined ? [unknownSize, ...full.slice(1)] : full.slice(1), moment);
}

/** `None`, `np.newaxis`, `tf.newaxis`. */
const isNewAxis = (value: Value): boolean =>
  isNone(value) || (value.kind === 'path' && value.path.endsWith('.newaxis'));

/** `x_train.astype('float32')`, `x_train.reshape(-1, 784)`. */
export function dataMethod(
  tensor: Tensor,
  name: string,
  positional: readonly Value[],
  moment: Moment,
): Value | undefined {
  if (name === 'astype' || name === 'copy') return tensorValue(tensor, moment);
  if (name !== 'reshape' || tensor.full === undefined) return undefined;
  const [only] = positional;
  const target =
    positional.length === 1 && only?.kind === 'list'
      ? shapeOf(only)
      : positional.flatMap((value): Size[] => [...(shapeOf(value) ?? [unknownSize])]);
  return like(tensor, reshaped(target)([tensor.full]), moment);
}
