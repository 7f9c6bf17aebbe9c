import type { Examples } from '../../core/data/examples';
import type { TensorActivation } from '../tensors/activations';
import type { UpdateRule } from '../tensors/optimizers';
import type { UnitColumn } from '../tensors/unitProbe';

/** Numbers on a backend, row by row, that kernels read and write in place; a vector has one row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** Examples that are ready for a step, of the kernels that gathered them; valid until the next is gathered. */
export interface Batch {
  readonly size: number;
}

/** A set of examples, of which it makes batches. */
export interface BatchSource {
  /** Examples. */
  readonly count: number;
  /** What of the examples is looked at, for the log: all numbers, or those that are not 0. */
  readonly form: string;
  /** The examples at order[from … to). */
  gather(order: Uint32Array, from: number, to: number): Batch;
  /** The batch is done with. */
  release(batch: Batch): void;
  dispose(): void;
}

/**
 * Rows of single numbers that steps leave on a backend, to be read together: reading costs a GPU more than a step does.
 */
export interface Numbers {
  /** Rows that were begun and not read. */
  readonly count: number;
  /** Tensors that are held for them. */
  readonly tensors: number;
  /** Starts a row, of which every cell has to be written before the next. */
  begin(): void;
  /** All rows since the last reading, one behind the other; none is left. */
  read(): Promise<Float32Array>;
  dispose(): void;
}

/** Where a kernel leaves a number: a cell of the row that was begun last. */
export interface Cell {
  readonly numbers: Numbers;
  readonly at: number;
}

/** Mean softmax cross-entropy on logits (no output activation), or the batch mean of Σ(a − one-hot)² (output activated). */
export type Loss = 'softmax_cross_entropy' | 'sum_squared_error';

/** An activation as kernels have it: its name as the catalogue reads it, and what tfjs does for it. */
export interface KernelActivation {
  readonly name: string;
  readonly onTensors: TensorActivation;
  /** Mean |φ′| of a unit below this is saturated. */
  readonly saturated: number;
}

/** A parameter with what an optimiser keeps for it. */
export interface Parameter {
  readonly value: Matrix;
  /** Moving mean of the gradient, or the velocity. */
  readonly first: Matrix | undefined;
  /** Moving mean of the squared gradient. */
  readonly second: Matrix | undefined;
}

/** What a measured update tells. */
export interface UpdateCells {
  /** ‖g‖ (Frobenius), without underflow or overflow before that of the norm itself. */
  readonly gradientNorm: Cell;
  /** ‖Δw‖/‖w‖. */
  readonly ratio: Cell | undefined;
}

/**
 * What a training step of dense layers is made of, on one backend. Shapes: batch x [batch, fan-in] (or a matrix of that
 * shape), kernel [fan-in, fan-out], bias [fan-out] (a vector), pre-activations z, activations a and errors δ = ∂C/∂z
 * [batch, fan-out]. Every result goes into a matrix that is handed in, and nothing else changes.
 */
export interface Kernels {
  /** For the log. */
  readonly name: string;
  /** Examples that are best evaluated at once. */
  readonly evaluationBatch: number;
  /** Of these numbers, or of zeros. */
  matrix(rows: number, columns: number, values?: Float32Array): Matrix;
  vector(length: number, values?: Float32Array): Matrix;
  write(matrix: Matrix, values: Float32Array): void;
  /** A copy. */
  read(matrix: Matrix): Promise<Float32Array>;
  free(matrices: readonly Matrix[]): void;
  /** Frees what the kernels themselves hold; nothing may be asked of them then. */
  dispose(): void;
  /** Bytes among the features count 1/255. */
  batches(examples: Examples): BatchSource;
  /** @param width cells of a row */
  numbers(width: number): Numbers;

  /** z = x W + b. */
  affine(x: Batch | Matrix, kernel: Matrix, bias: Matrix, z: Matrix): void;
  /** a = φ(z). */
  activate(activation: KernelActivation, z: Matrix, a: Matrix): void;
  /** δ = δ ⊙ φ′(z), given a = φ(z). */
  throughActivation(activation: KernelActivation, z: Matrix, a: Matrix, delta: Matrix): void;
  /** ∂C/∂W = xᵀ δ. */
  kernelGradient(x: Batch | Matrix, delta: Matrix, gradient: Matrix): void;
  /** ∂C/∂b = Σ_batch δ. */
  biasGradient(delta: Matrix, gradient: Matrix): void;
  /** ∂C/∂a of the layer below, δ Wᵀ. */
  inputGradient(delta: Matrix, kernel: Matrix, gradient: Matrix): void;
  /**
   * ∂C/∂output of the batch's mean loss; the loss itself, and how many examples are classified rightly, go into two
   * cells.
   */
  loss(kind: Loss, output: Matrix, batch: Batch, error: Matrix, loss: Cell, correct: Cell): void;
  /** Updates a parameter and its state. */
  update(rule: UpdateRule, parameter: Parameter, gradient: Matrix, tell?: UpdateCells): void;
  /** What the units of a layer do on this batch. */
  probe(activation: KernelActivation, z: Matrix, a: Matrix, cells: Readonly<Record<UnitColumn, Cell>>): void;
}
