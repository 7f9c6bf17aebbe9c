import { isKnown, type ModelNode, type Operation, type Padding, type Shape, type Size } from './model';
import { channelsOf, combine, productOf, sumOf, unknownSize } from './sizes';
import { strided } from './strides';

/** The shape of each input of a step, channels last; undefined where it is not known. */
export type InputShapes = readonly (Shape | undefined)[];

/**
 * What an operation makes of its inputs' shapes, channels last and without the batch. Sizes that hang on symbols or are
 * not known are passed on as such.
 *
 * @returns undefined where not even the number of axes can be told: after what only the reader knows (`rearrange`,
 * `opaque`, `input`), or where a step needs a shape that is missing
 */
export function outputShape(operation: Operation, inputs: InputShapes): Shape | undefined {
  const [first] = inputs;
  switch (operation.kind) {
    case 'input':
    case 'rearrange':
    case 'opaque':
      return undefined;
    case 'dense':
      return first && first.length > 0 ? [...first.slice(0, -1), operation.units] : undefined;
    case 'convolution':
      return convolved(operation, first);
    case 'pooling':
      return pooled(operation, first);
    case 'flatten':
      return first && [productOf(first)];
    case 'embedding':
      return first && [...first, operation.units];
    case 'recurrent': {
      const units = operation.bidirectional ? combine([operation.units], (n) => 2 * n) : operation.units;
      if (!operation.sequences) return [units];
      return first && [...first.slice(0, -1), units];
    }
    case 'activation':
      return activated(operation.activation.notElementWise, first);
    case 'concatenate':
      return concatenated(inputs);
    case 'add':
    case 'multiply':
      return broadcast(inputs);
    case 'normalisation':
    case 'dropout':
    case 'attention':
    case 'transformerEncoder':
    case 'scale':
      return first;
  }
}

/** GLU halves the channels and CReLU doubles them. */
function activated(kind: string | undefined, input: Shape | undefined): Shape | undefined {
  if (input === undefined || (kind !== 'glu' && kind !== 'crelu')) return input;
  return [...input.slice(0, -1), combine([channelsOf(input)], (n) => (kind === 'glu' ? n / 2 : 2 * n))];
}

type Convolution = Extract<Operation, { kind: 'convolution' }>;
type Pooling = Extract<Operation, { kind: 'pooling' }>;

/** An axis's entry; one that is written once holds for all axes. */
export const along = (sizes: readonly Size[], axis: number, usual: Size): Size =>
  sizes[axis] ?? (sizes.length === 1 ? sizes[0]! : usual);

function convolved(operation: Convolution, input: Shape | undefined): Shape | undefined {
  const { rank, filters, kernelSize, strides, dilation, padding, transposed } = operation;
  if (input !== undefined && input.length !== rank + 1) return undefined;
  const space = Array.from({ length: rank }, (_, axis) => {
    const window = [
      input?.[axis] ?? unknownSize,
      along(kernelSize, axis, unknownSize),
      along(strides, axis, 1),
      along(dilation, axis, 1),
    ] as const;
    return transposed ? spread(window, padding, axis) : windows(window, padding, axis);
  });
  return [...space, filters];
}

function pooled({ global, size, strides, padding }: Pooling, input: Shape | undefined): Shape | undefined {
  if (input === undefined) return undefined;
  if (global) return [channelsOf(input)];
  const space = input.slice(0, -1).map((length, axis) => {
    const window = along(size, axis, unknownSize);
    return windows([length, window, along(strides, axis, window), 1], padding, axis);
  });
  return [...space, channelsOf(input)];
}

type Window = readonly [length: Size, size: Size, stride: Size, dilation: Size];

/** Places of a window on an axis. */
function windows([length, size, stride, dilation]: Window, padding: Padding, axis: number): Size {
  const count = (n: number) => (n >= 0 ? n : Number.NaN);
  // A window of one place reaches over no border.
  if (padding === 'same' || (padding === 'valid' && size === 1)) {
    if (!isKnown(length) && isKnown(stride)) return strided(length, stride);
    return combine([length, stride], (n, s) => count(Math.ceil(n / s)));
  }
  const border = padding === 'valid' ? 0 : along(padding, axis, 0);
  return combine([length, size, stride, dilation, border], (n, k, s, d, p) =>
    count(Math.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1),
  );
}

/** The axis that a transposed convolution makes. */
function spread([length, size, stride, dilation]: Window, padding: Padding, axis: number): Size {
  if (padding === 'same') return combine([length, stride], (n, s) => n * s);
  if (padding === 'valid') {
    return combine([length, size, stride, dilation], (n, k, s, d) => n * s + Math.max(0, d * (k - 1) + 1 - s));
  }
  return combine([length, size, stride, dilation, along(padding, axis, 0)], (n, k, s, d, p) =>
    Math.max(0, (n - 1) * s - 2 * p + d * (k - 1) + 1),
  );
}

/** Along the channels; a reader that knows of another axis gives the shape itself. */
function concatenated(inputs: InputShapes): Shape | undefined {
  const known = inputs.filter((shape) => shape !== undefined);
  const [first] = known;
  if (first === undefined || first.length === 0) return undefined;
  if (known.some((shape) => shape.length !== first.length)) return undefined;
  return [...first.slice(0, -1), sumOf(inputs.map(channelsOf))];
}

/** An axis of one component is repeated. */
function broadcast(inputs: InputShapes): Shape | undefined {
  let result: Shape | undefined;
  for (const shape of inputs) {
    if (shape === undefined) return undefined;
    if (result === undefined) {
      result = shape;
      continue;
    }
    const [long, short] = shape.length > result.length ? [shape, result] : [result, shape];
    const offset = long.length - short.length;
    result = long.map((size, axis) => (axis < offset ? size : wider(size, short[axis - offset]!)));
  }
  return result;
}

function wider(a: Size, b: Size): Size {
  if (typeof a === 'number' && a !== 1) return a;
  if (typeof b === 'number' && b !== 1) return b;
  if (a === 1) return b;
  if (b === 1) return a;
  return typeof a === 'object' && a.kind === 'symbolic' ? a : b;
}

/**
 * Each node's shape: the one that the reader gave, or what follows from its inputs'.
 *
 * @param inputShape for inputs that have none
 */
export function inferShapes(nodes: readonly ModelNode[], inputShape?: Shape): (Shape | undefined)[] {
  const shapes = new Array<Shape | undefined>(nodes.length);
  for (const node of nodes) {
    const inferred = outputShape(
      node.operation,
      node.inputs.map((id) => shapes[id]),
    );
    const own = node.operation.kind === 'input' ? inputShape : inferred;
    shapes[node.id] = merged(node.shape, own);
  }
  return shapes;
}

/** What the reader gave, completed where it left an axis open. */
function merged(given: Shape | undefined, inferred: Shape | undefined): Shape | undefined {
  if (given === undefined || inferred === undefined || given.length !== inferred.length) return given ?? inferred;
  return given.map((size, axis) => (typeof size === 'number' ? size : preferred(size, inferred[axis]!)));
}

const preferred = (size: Size, other: Size): Size =>
  typeof other === 'number' || (typeof size === 'object' && size.kind === 'unknown') ? other : size;
