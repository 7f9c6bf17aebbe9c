import type * as tf from '@tensorflow/tfjs-core';
import { mul, tidy } from '@tensorflow/tfjs-core';
import type { Examples } from '../../../core/data/examples';
import type { UpdateRule } from '../../tensors/optimizers';
import type { UnitColumn } from '../../tensors/unitProbe';
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
} from '../kernels';
import { type WasmBatch, WasmBatches } from './batches';
import { type FamilyMember, familyOf } from './families';
import { Room, type WasmMemory } from './memory';
import { blockBytes, panelBytes } from './module';
import { WasmNumbers } from './numbers';

/** A matrix that stays where it is; its tensor is one of tfjs over the same memory. */
class Placed implements Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly tensor: tf.Tensor2D,
    readonly at: number,
  ) {}

  get count(): number {
    return this.rows * this.columns;
  }
}

const placed = (matrix: Matrix): Placed => matrix as Placed;
const isBatch = (x: Batch | Matrix): x is WasmBatch => 'labels' in x;
const put = ({ numbers, at }: Cell, value: number): void => (numbers as WasmNumbers).put(at, value);

/** Kernels in WebAssembly with SIMD, from `assembly`, in the memory of tfjs's wasm backend. */
export class WasmKernels implements Kernels {
  readonly name = 'own kernels in WebAssembly';
  /** What lies in the cache between one layer and the next. */
  readonly evaluationBatch = 200;
  readonly #sums: number;
  readonly #tile: number;
  readonly #panels: Room;
  readonly #blocks: Room;
  readonly #classes: Room;
  readonly #slopes: Room;
  readonly #units: Room;
  readonly #members = new Map<string, FamilyMember | undefined>();

  constructor(private readonly memory: WasmMemory) {
    const room = () => new Room(memory);
    this.#panels = room();
    this.#blocks = room();
    this.#classes = room();
    this.#slopes = room();
    this.#units = room();
    this.#sums = memory.allocate(3 * 8);
    this.#tile = memory.allocate(32 * 4);
  }

  matrix(rows: number, columns: number, values?: Float32Array): Matrix {
    return this.#placed(rows, columns, [rows, columns], values);
  }

  vector(length: number, values?: Float32Array): Matrix {
    return this.#placed(1, length, [length], values);
  }

  write(matrix: Matrix, values: Float32Array): void {
    this.memory.floats.set(values, placed(matrix).at / 4);
  }

  async read(matrix: Matrix): Promise<Float32Array> {
    const { at, count } = placed(matrix);
    return this.memory.floats.slice(at / 4, at / 4 + count);
  }

  free(matrices: readonly Matrix[]): void {
    for (const matrix of matrices) placed(matrix).tensor.dispose();
  }

  dispose(): void {
    for (const room of [this.#panels, this.#blocks, this.#classes, this.#slopes, this.#units]) room.free();
    this.memory.free(this.#sums);
    this.memory.free(this.#tile);
  }

  batches(examples: Examples): BatchSource {
    return new WasmBatches(this.memory, examples);
  }

  numbers(width: number): Numbers {
    return new WasmNumbers(this.memory, width);
  }

  affine(x: Batch | Matrix, kernel: Matrix, bias: Matrix, z: Matrix): void {
    const { at: w, rows: fanIn, columns: fanOut } = placed(kernel);
    const { kernels } = this.memory;
    const b = placed(bias).at;
    const out = placed(z).at;
    if (isBatch(x) && x.sparse) {
      const { starts, indices, values } = x.sparse;
      kernels.sparseProduct(x.size, fanOut, starts, indices, values, w, b, out);
      return;
    }
    const panels = this.#panels.of(panelBytes(fanIn, fanOut));
    kernels.packColumns(w, fanIn, fanOut, panels);
    const blocks = this.#blocks.of(blockBytes(fanIn, z.rows));
    kernels.packRowFours(numbersOf(x), z.rows, fanIn, blocks);
    kernels.product(z.rows, fanOut, fanIn, blocks, panels, b, out, this.#tile);
  }

  activate(activation: KernelActivation, z: Matrix, a: Matrix): void {
    const member = this.#memberOf(activation);
    if (member === undefined) {
      this.#byTensors(a, () => activation.onTensors.forward(placed(z).tensor));
      return;
    }
    const { family, p, q, r } = member;
    this.memory.kernels.activate(family, p, q, r, placed(z).count, placed(z).at, placed(a).at);
  }

  throughActivation(activation: KernelActivation, z: Matrix, a: Matrix, delta: Matrix): void {
    const member = this.#memberOf(activation);
    if (member === undefined) {
      this.#byTensors(delta, () => {
        const slopes = activation.onTensors.derivative(placed(z).tensor, placed(a).tensor);
        return mul(placed(delta).tensor, slopes);
      });
      return;
    }
    const { family, p, q, r } = member;
    const { at, count } = placed(delta);
    this.memory.kernels.throughSlopes(family, p, q, r, count, placed(z).at, placed(a).at, at);
  }

  kernelGradient(x: Batch | Matrix, delta: Matrix, gradient: Matrix): void {
    const { rows: fanIn, columns: fanOut, at: out } = placed(gradient);
    const { kernels } = this.memory;
    const size = delta.rows;
    if (isBatch(x) && x.sparse) {
      const { starts, indices, values } = x.columns();
      kernels.sparseProduct(fanIn, fanOut, starts, indices, values, placed(delta).at, 0, out);
      return;
    }
    const panels = this.#panels.of(panelBytes(size, fanOut));
    kernels.packColumns(placed(delta).at, size, fanOut, panels);
    const blocks = this.#blocks.of(blockBytes(size, fanIn));
    kernels.packFours(numbersOf(x), size, fanIn, blocks);
    kernels.product(fanIn, fanOut, size, blocks, panels, 0, out, this.#tile);
  }

  biasGradient(delta: Matrix, gradient: Matrix): void {
    this.memory.kernels.sumRows(delta.rows, delta.columns, placed(delta).at, 0, placed(gradient).at);
  }

  inputGradient(delta: Matrix, kernel: Matrix, gradient: Matrix): void {
    const { rows: fanIn, columns: fanOut, at } = placed(kernel);
    const { kernels } = this.memory;
    const panels = this.#panels.of(panelBytes(fanOut, fanIn));
    kernels.packRows(at, fanOut, fanIn, panels);
    const blocks = this.#blocks.of(blockBytes(fanOut, delta.rows));
    kernels.packRowFours(placed(delta).at, delta.rows, fanOut, blocks);
    kernels.product(delta.rows, fanIn, fanOut, blocks, panels, 0, placed(gradient).at, this.#tile);
  }

  loss(kind: Loss, output: Matrix, batch: Batch, error: Matrix, loss: Cell, correct: Cell): void {
    const { rows, columns, at } = placed(output);
    const { labels } = batch as WasmBatch;
    const { kernels } = this.memory;
    if (kind === 'sum_squared_error') kernels.squaredError(rows, columns, at, labels, placed(error).at, this.#sums);
    else {
      const room = this.#classes.of(4 * columns);
      kernels.softmaxCrossEntropy(rows, columns, at, labels, placed(error).at, this.#sums, room);
    }
    put(loss, this.#sum(0) / rows);
    put(correct, this.#sum(1));
  }

  update(rule: UpdateRule, { value, first, second }: Parameter, gradient: Matrix, tell?: UpdateCells): void {
    const { at: w, count } = placed(value);
    const g = placed(gradient).at;
    const { kernels } = this.memory;
    const { kind, beta1, beta2, epsilon, inside } = numbersOfRule(rule);
    const m = first && beta1 !== null ? placed(first).at : 0;
    const v = second ? placed(second).at : 0;
    const [kept, rest] = [beta1 ?? 0, 1 - (beta1 ?? 0)];
    const measure = tell?.ratio ? 1 : 0;
    const sums = this.#sums;
    kernels.update(kind, count, w, g, m, v, rule.rate, kept, rest, beta2, 1 - beta2, epsilon, inside, measure, sums);
    if (tell) put(tell.gradientNorm, Math.sqrt(this.#sum(0)));
    if (tell?.ratio) put(tell.ratio, Math.sqrt(this.#sum(1)) / Math.sqrt(this.#sum(2)));
  }

  probe(activation: KernelActivation, z: Matrix, a: Matrix, cells: Readonly<Record<UnitColumn, Cell>>): void {
    const { rows, columns, count, at } = placed(z);
    const { kernels } = this.memory;
    const slopes = this.#slopes.of(4 * count);
    const member = this.#memberOf(activation);
    if (member) kernels.slopes(member.family, member.p, member.q, member.r, count, at, placed(a).at, slopes);
    else this.#copyTo(slopes, () => activation.onTensors.derivative(placed(z).tensor, placed(a).tensor));
    kernels.total(count, slopes, this.#sums);
    put(cells.meanDerivative, this.#sum(0) / count);
    const units = this.#units.of(4 * columns);
    kernels.sumRows(rows, columns, slopes, 1, units);
    kernels.countBelow(columns, units, activation.saturated * rows, this.#sums);
    put(cells.saturatedShare, this.#sum(0) / columns);
    put(cells.deadShare, this.#sum(1) / columns);
    kernels.moments(count, at, this.#sums);
    put(cells.preActivationMean, this.#sum(0) / count);
    put(cells.preActivationStddev, Math.sqrt(this.#sum(1) / count));
  }

  #placed(rows: number, columns: number, shape: number[], values: Float32Array | undefined): Placed {
    const tensor = this.memory.tensor(shape) as tf.Tensor2D;
    const matrix = new Placed(rows, columns, tensor, this.memory.placeOf(tensor));
    if (values) this.write(matrix, values);
    return matrix;
  }

  /** The i-th of a kernel's sums. */
  #sum(i: number): number {
    return this.memory.doubles[this.#sums / 8 + i]!;
  }

  #memberOf({ name }: KernelActivation): FamilyMember | undefined {
    if (!this.#members.has(name)) this.#members.set(name, familyOf(name));
    return this.#members.get(name);
  }

  #byTensors(matrix: Matrix, compute: () => tf.Tensor): void {
    this.#copyTo(placed(matrix).at, compute);
  }

  #copyTo(at: number, compute: () => tf.Tensor): void {
    tidy(() => {
      const result = compute();
      const from = this.memory.placeOf(result);
      this.memory.bytes.copyWithin(at, from, from + 4 * result.size);
    });
  }
}

/** As `assembly/updates.ts` takes it. */
function numbersOfRule(rule: UpdateRule) {
  const none = { beta1: null, beta2: 0, epsilon: 0, inside: 0 };
  switch (rule.kind) {
    case 'plain':
      return { ...none, kind: 0 };
    case 'momentum':
      return { ...none, kind: 1, beta1: rule.beta };
    case 'adaptive':
      return { ...rule, kind: 2, inside: rule.place === 'inside' ? 1 : 0 };
  }
}

/** Pointer to all numbers. */
const numbersOf = (x: Batch | Matrix): number => (isBatch(x) ? x.dense! : placed(x as Matrix).at);
