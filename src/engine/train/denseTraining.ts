import { activation as catalogueEntry, saturationThreshold } from '../../core/activations/catalogue';
import type { LabelledImages } from '../../core/data/dataset';
import type { Examples } from '../../core/data/examples';
import { type OptimizerName, optimizerSlots } from '../../core/experiment/config';
import type { FrameworkOptimizers } from '../../core/frameworks/optimizers';
import { probeColumns, startsOf, stepColumns } from '../../core/runs/columns';
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
} from '../kernels/kernels';
import { examplesOf } from '../kernels/tensorBatches';
import { tensorActivation } from '../tensors/activations';
import { updateRule, usualOptimizers } from '../tensors/optimizers';
import { type UnitColumn, unitColumns } from '../tensors/unitProbe';
import { type Evaluation, probeWidth, stepWidth, type Training, type TrainingState } from './training';

/** Weights of one dense layer as they start: kernel [fan-in, fan-out] row-major, bias [fan-out]. */
export interface DenseWeights {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** What trains a stack, besides its weights. */
export interface DenseSettings {
  /** As the catalogue reads it. */
  readonly activation: string;
  readonly loss?: Loss;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly semantics?: FrameworkOptimizers;
}

/** Sizes of batches that room is kept for. */
const KEPT_SIZES = 4;

/** What passes through the layers for batches of one size, [size, fan-out]: of the last layer z is the output. */
interface Passing {
  readonly z: readonly Matrix[];
  readonly a: readonly Matrix[];
  /** ∂C/∂z. */
  readonly delta: readonly Matrix[];
}

/** A stack of dense layers with one activation, trained by explicit backward passes. */
export class DenseTraining implements Training {
  readonly steps: Numbers;
  readonly probes: Numbers;
  readonly #evaluated: Numbers;
  readonly #activation: KernelActivation;
  readonly #loss: Loss;
  readonly #kernels: readonly Parameter[];
  readonly #biases: readonly Parameter[];
  readonly #kernelGradients: readonly Matrix[];
  readonly #biasGradients: readonly Matrix[];
  readonly #sources: BatchSource[] = [];
  /** Where the columns of a row begin. */
  readonly #stepCells;
  readonly #probeCells;
  /** By the size of the batch, the one that was used last at the end. */
  readonly #passings = new Map<number, Passing>();
  #updates = 0;

  constructor(
    private readonly on: Kernels,
    weights: readonly DenseWeights[],
    private readonly settings: DenseSettings,
  ) {
    const { activation, loss, optimizer } = settings;
    this.#activation = {
      name: activation,
      onTensors: tensorActivation(activation),
      saturated: saturationThreshold(catalogueEntry(activation)),
    };
    this.#loss = loss ?? 'softmax_cross_entropy';
    const slots = optimizerSlots[optimizer];
    const parameter = (make: (values?: Float32Array) => Matrix, values: Float32Array): Parameter => ({
      value: make(values),
      first: slots.first ? make() : undefined,
      second: slots.second ? make() : undefined,
    });
    this.#kernels = weights.map(({ fanIn, fanOut, kernel }) =>
      parameter((values) => on.matrix(fanIn, fanOut, values), kernel),
    );
    this.#biases = weights.map(({ fanOut, bias }) => parameter((values) => on.vector(fanOut, values), bias));
    this.#kernelGradients = weights.map(({ fanIn, fanOut }) => on.matrix(fanIn, fanOut));
    this.#biasGradients = weights.map(({ fanOut }) => on.vector(fanOut));
    this.#stepCells = startsOf(stepColumns, weights.length);
    this.#probeCells = startsOf(probeColumns, weights.length);
    this.steps = on.numbers(stepWidth(weights.length));
    this.probes = on.numbers(probeWidth(weights.length));
    this.#evaluated = on.numbers(2);
  }

  get computedBy(): string {
    const [first] = this.#sources;
    return first ? `${this.on.name}, on ${first.form}` : this.on.name;
  }

  get evaluationBatch(): number {
    return this.on.evaluationBatch;
  }

  get layerCount(): number {
    return this.#kernels.length;
  }

  get trainedSizes(): readonly number[] {
    return this.#trained.map(({ value }) => value.rows * value.columns);
  }

  get keptSizes(): readonly number[] {
    return this.trainedSizes;
  }

  get passingTensors(): number {
    const room = 3 * this.layerCount * this.#passings.size;
    return room + this.steps.tensors + this.probes.tensors;
  }

  /** ∂C/∂W and ∂C/∂b of the last step, by layer. */
  get gradients(): { readonly kernels: readonly Matrix[]; readonly biases: readonly Matrix[] } {
    return { kernels: this.#kernelGradients, biases: this.#biasGradients };
  }

  get #trained(): readonly Parameter[] {
    return [...this.#kernels, ...this.#biases];
  }

  batches(set: LabelledImages | Examples): BatchSource {
    const source = this.on.batches(examplesOf(set));
    this.#sources.push(source);
    return source;
  }

  /**
   * One step. With C the loss: δ^L from the loss; δ^l = (δ^{l+1} W^{l+1}ᵀ) ⊙ φ′(z^l); ∂C/∂W^l = a^{l−1}ᵀ δ^l;
   * ∂C/∂b^l = Σ_batch δ^l; then the update.
   */
  step(batch: Batch, probing: boolean): void {
    const passing = this.#passingOf(batch.size);
    this.steps.begin();
    if (probing) this.probes.begin();
    this.#forward(batch, passing);
    this.#backward(batch, passing, probing);
    this.#update(probing);
  }

  async evaluate(batch: Batch): Promise<Evaluation> {
    const passing = this.#passingOf(batch.size);
    this.#forward(batch, passing);
    const numbers = this.#evaluated;
    numbers.begin();
    this.#lossOf(batch, passing, { numbers, at: 0 }, { numbers, at: 1 });
    const [loss, correct] = await numbers.read();
    return { lossSum: loss! * batch.size, correct: correct! };
  }

  async state(): Promise<TrainingState> {
    const read = (matrices: readonly (Matrix | undefined)[]) =>
      Promise.all(matrices.flatMap((matrix) => (matrix && this.#updates > 0 ? [this.on.read(matrix)] : [])));
    const trained = this.#trained;
    return {
      parameters: await Promise.all(trained.map(({ value }) => this.on.read(value))),
      optimizer: {
        updates: this.#updates,
        first: await read(trained.map(({ first }) => first)),
        second: await read(trained.map(({ second }) => second)),
      },
    };
  }

  restore({ parameters, optimizer }: TrainingState): void {
    this.#updates = optimizer.updates;
    this.#trained.forEach(({ value, first, second }, i) => {
      this.on.write(value, parameters[i]!);
      const [m, v] = [optimizer.first[i], optimizer.second[i]];
      if (first && m) this.on.write(first, m);
      if (second && v) this.on.write(second, v);
    });
  }

  dispose(): void {
    for (const numbers of [this.steps, this.probes, this.#evaluated]) numbers.dispose();
    for (const source of this.#sources) source.dispose();
    for (const { value, first, second } of this.#trained)
      this.on.free([value, first, second].filter((matrix) => matrix !== undefined));
    this.on.free([...this.#kernelGradients, ...this.#biasGradients]);
    for (const passing of this.#passings.values()) this.#freePassing(passing);
    this.on.dispose();
  }

  #forward(batch: Batch, { z, a }: Passing): void {
    const last = this.layerCount - 1;
    let x: Batch | Matrix = batch;
    for (let l = 0; l <= last; l++) {
      this.on.affine(x, this.#kernels[l]!.value, this.#biases[l]!.value, z[l]!);
      if (l === last && this.#loss === 'softmax_cross_entropy') return;
      this.on.activate(this.#activation, z[l]!, a[l]!);
      x = a[l]!;
    }
  }

  #lossOf(batch: Batch, { z, a, delta }: Passing, loss: Cell, correct: Cell): void {
    const output = (this.#loss === 'sum_squared_error' ? a : z).at(-1)!;
    this.on.loss(this.#loss, output, batch, delta.at(-1)!, loss, correct);
  }

  #backward(batch: Batch, passing: Passing, probing: boolean): void {
    const { z, a, delta } = passing;
    const last = this.layerCount - 1;
    const { loss, accuracy } = this.#stepCells;
    this.#lossOf(batch, passing, { numbers: this.steps, at: loss }, { numbers: this.steps, at: accuracy });
    if (this.#loss === 'sum_squared_error')
      this.on.throughActivation(this.#activation, z[last]!, a[last]!, delta[last]!);
    for (let l = last; l >= 0; l--) {
      this.on.kernelGradient(l === 0 ? batch : a[l - 1]!, delta[l]!, this.#kernelGradients[l]!);
      this.on.biasGradient(delta[l]!, this.#biasGradients[l]!);
      if (l === 0) break;
      this.on.inputGradient(delta[l]!, this.#kernels[l]!.value, delta[l - 1]!);
      this.on.throughActivation(this.#activation, z[l - 1]!, a[l - 1]!, delta[l - 1]!);
    }
    if (probing) for (let l = 0; l < last; l++) this.#probe(passing, l);
  }

  #probe({ z, a }: Passing, l: number): void {
    const cells = Object.fromEntries(
      unitColumns.map((name) => [name, { numbers: this.probes, at: this.#probeCells[name] + l }]),
    ) as Record<UnitColumn, Cell>;
    this.on.probe(this.#activation, z[l]!, a[l]!, cells);
  }

  #update(probing: boolean): void {
    const { optimizer, learningRate, semantics } = this.settings;
    this.#updates++;
    const rule = updateRule(optimizer, learningRate, semantics ?? usualOptimizers, this.#updates);
    this.#kernels.forEach((kernel, l) => {
      this.on.update(rule, kernel, this.#kernelGradients[l]!, {
        gradientNorm: { numbers: this.steps, at: this.#stepCells.gradientNorms + l },
        ratio: probing ? { numbers: this.probes, at: this.#probeCells.updateRatio + l } : undefined,
      });
    });
    this.#biases.forEach((bias, l) => {
      this.on.update(rule, bias, this.#biasGradients[l]!);
    });
  }

  /** Room for batches of a size. A training has few sizes: its own, that of an evaluation, and what remains at their ends. */
  #passingOf(size: number): Passing {
    const passing = this.#passings.get(size) ?? this.#makePassing(size);
    this.#passings.delete(size);
    this.#passings.set(size, passing);
    if (this.#passings.size > KEPT_SIZES) {
      const [[oldest, unused]] = this.#passings as unknown as readonly [[number, Passing]];
      this.#passings.delete(oldest);
      this.#freePassing(unused);
    }
    return passing;
  }

  #makePassing(size: number): Passing {
    const each = () => this.#kernels.map(({ value }) => this.on.matrix(size, value.columns));
    return { z: each(), a: each(), delta: each() };
  }

  #freePassing({ z, a, delta }: Passing): void {
    this.on.free([...z, ...a, ...delta]);
  }
}
