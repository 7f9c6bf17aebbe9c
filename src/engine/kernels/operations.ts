import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../core/data/examples';
import { classLoss, squaredError } from '../tensors/loss';
import { norm } from '../tensors/norm';
import { type UpdateRule, updated } from '../tensors/optimizers';
import { restored } from '../tensors/state';
import { type UnitColumn, unitColumns, unitProbe } from '../tensors/unitProbe';
import type {
  Batch,
  BatchSource,
  Cell,
  KernelActivation,
  Kernels,
  Loss,
  Matrix,
  Numbers,
  Parameter,
  UpdateCells,
} from './kernels';
import { Batcher, type Batch as TensorBatch } from './tensorBatches';
import { TensorNumbers } from './tensorNumbers';

/** A matrix whose tensor is replaced at each writing: tensors of tfjs do not change. */
class Slot implements Matrix {
  /** @param tensor of rank 1 where it is a vector */
  constructor(
    readonly rows: number,
    readonly columns: number,
    public tensor: tf.Tensor,
  ) {}
}

const tensorOf = (matrix: Matrix | Batch): tf.Tensor2D =>
  'x' in matrix ? (matrix as TensorBatch).x : ((matrix as Slot).tensor as tf.Tensor2D);

function set(matrix: Matrix, compute: () => tf.Tensor): void {
  const slot = matrix as Slot;
  const next = tf.keep(tf.tidy(compute));
  slot.tensor.dispose();
  slot.tensor = next;
}

const put = ({ numbers, at }: Cell, compute: () => tf.Scalar): void =>
  (numbers as TensorNumbers).put(at, tf.tidy(compute));

/** Kernels of tfjs's operations, which every backend has. */
export class OperationKernels implements Kernels {
  readonly name: string;
  readonly evaluationBatch = 1000;

  /** @param reason why there are no others, as a sentence */
  constructor(reason?: string) {
    this.name = reason === undefined ? 'operations of tfjs' : `operations of tfjs (${reason.replace(/\.$/, '')})`;
  }

  matrix(rows: number, columns: number, values?: Float32Array): Matrix {
    return new Slot(rows, columns, tf.keep(values ? tf.tensor2d(values, [rows, columns]) : tf.zeros([rows, columns])));
  }

  vector(length: number, values?: Float32Array): Matrix {
    return new Slot(1, length, tf.keep(values ? tf.tensor1d(values) : tf.zeros([length])));
  }

  write(matrix: Matrix, values: Float32Array): void {
    const slot = matrix as Slot;
    const [next] = restored([slot.tensor], [values]);
    slot.tensor.dispose();
    slot.tensor = next!;
  }

  async read(matrix: Matrix): Promise<Float32Array> {
    // The cpu backend answers with the very array that it computes with.
    return new Float32Array(await tensorOf(matrix).data());
  }

  free(matrices: readonly Matrix[]): void {
    tf.dispose(matrices.map(tensorOf));
  }

  /** Holds nothing. */
  dispose(): void {}

  batches(examples: Examples): BatchSource {
    return new Batcher(examples);
  }

  numbers(width: number): Numbers {
    return new TensorNumbers(width);
  }

  affine(x: Batch | Matrix, kernel: Matrix, bias: Matrix, z: Matrix): void {
    set(z, () => tf.fused.matMul({ a: tensorOf(x), b: tensorOf(kernel), bias: tensorOf(bias) }));
  }

  activate({ onTensors }: KernelActivation, z: Matrix, a: Matrix): void {
    set(a, () => onTensors.forward(tensorOf(z)));
  }

  throughActivation({ onTensors }: KernelActivation, z: Matrix, a: Matrix, delta: Matrix): void {
    set(delta, () => tf.mul(tensorOf(delta), onTensors.derivative(tensorOf(z), tensorOf(a))));
  }

  // No autodiff, and no transposed product: tfjs's wasm backend computes that with a plain loop.
  kernelGradient(x: Batch | Matrix, delta: Matrix, gradient: Matrix): void {
    set(gradient, () => tf.matMul(tf.transpose(tensorOf(x)), tensorOf(delta)));
  }

  biasGradient(delta: Matrix, gradient: Matrix): void {
    set(gradient, () => tf.sum(tensorOf(delta), 0));
  }

  inputGradient(delta: Matrix, kernel: Matrix, gradient: Matrix): void {
    set(gradient, () => tf.matMul(tensorOf(delta), tf.transpose(tensorOf(kernel))));
  }

  loss(kind: Loss, output: Matrix, batch: Batch, error: Matrix, loss: Cell, correct: Cell): void {
    const labels = (batch as TensorBatch).targets as tf.Tensor1D;
    tf.tidy(() => {
      const of = kind === 'sum_squared_error' ? squaredError : classLoss;
      const found = of(tensorOf(output), labels);
      put(loss, () => found.loss);
      put(correct, () => found.correct);
      set(error, () => found.error);
    });
  }

  update(rule: UpdateRule, { value, first, second }: Parameter, gradient: Matrix, tell?: UpdateCells): void {
    const old = tensorOf(value);
    const g = tensorOf(gradient);
    if (tell) put(tell.gradientNorm, () => norm(g));
    const next = updated(rule, old, g, first && tensorOf(first), second && tensorOf(second));
    if (first && next.first) set(first, () => next.first!);
    if (second && next.second) set(second, () => next.second!);
    const ratio = tell?.ratio;
    if (ratio) put(ratio, () => tf.div(norm(tf.sub(next.value, old)), norm(old)));
    set(value, () => next.value);
  }

  probe(
    { onTensors, saturated }: KernelActivation,
    z: Matrix,
    a: Matrix,
    cells: Readonly<Record<UnitColumn, Cell>>,
  ): void {
    tf.tidy(() => {
      const derivative = onTensors.derivative(tensorOf(z), tensorOf(a));
      const found = unitProbe({ z: tensorOf(z), derivative, saturated });
      for (const name of unitColumns) put(cells[name], () => found[name]);
    });
  }
}
