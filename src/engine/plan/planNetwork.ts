import * as tf from '@tensorflow/tfjs-core';
import { activation as catalogueEntry, saturationThreshold } from '../../core/activations/catalogue';
import { createRandom, type Random } from '../../core/math/random';
import { type PlanLayer, planLayers } from '../../core/model/plan/layers';
import {
  drawParameter,
  type ParameterRole,
  type PlanParameter,
  parameterName,
  planParameters,
  sizeOf,
} from '../../core/model/plan/parameters';
import type { NetworkPlan, PlanStep } from '../../core/model/plan/plan';
import { type LossAndError, lossOf } from '../tensors/loss';
import { norm } from '../tensors/norm';
import type { Optimizer } from '../tensors/optimizers';
import { restored } from '../tensors/state';
import { type Activated, probeUnits } from '../tensors/unitProbe';
import type { StepContext, StepOf, StepPass } from './steps/step';
import { pass } from './steps/steps';

/** Gradients of one batch; the caller disposes of the tensors. */
export interface PlanGradients extends Omit<LossAndError, 'error'> {
  /** ∂C/∂W per measured layer, in the order of the layers; the output layer is the last. */
  readonly kernels: tf.Tensor[];
  /** Of every parameter, in the plan's order; a parameter without influence has zeros. The kernels are among them. */
  readonly parameters: tf.Tensor[];
  /** Per measured layer but the last. */
  readonly activated: readonly Activated[];
  /** ∂C/∂pre-activation per measured layer, as far as asked for. */
  readonly deltas: readonly (tf.Tensor | undefined)[];
}

/** `tf.tidy` for what holds tensors among other things. */
const tidied = <T>(run: () => T): T => tf.tidy(run as () => tf.TensorContainer) as T;

/** Numbers of one tensor at most, so that an evaluation stays within some hundred megabytes. */
const EVALUATED_NUMBERS = 4_000_000;
const EVALUATED_EXAMPLES = 1000;

/**
 * A network that is built from a plan, with its explicit backward pass. Two of them with one plan and one seed start,
 * drop and train alike; candidates of one plan share their weights' random numbers and their dropped units.
 *
 * `x` is [batch, …input shape], float32, or int32 where the input consists of numbers of entries. `targets` is int32
 * [batch] for classes (their numbers) and for binary output (0 or 1), and float32 [batch, units] for a regression.
 */
export class PlanNetwork {
  readonly layers: readonly PlanLayer[];
  readonly parameters: readonly PlanParameter[];
  /** Examples that an evaluation takes at once. */
  readonly evaluationBatch: number;
  readonly #steps: readonly PlanStep[];
  /** Place of each parameter by its name. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #kernelPlaces: readonly number[];
  readonly #randoms = new Map<number, Random>();
  readonly #averages = new Map<number, { mean: tf.Tensor; variance: tf.Tensor }>();
  /** Whether a gradient has something to do at a step's inputs. */
  readonly #trained: readonly boolean[];
  #values: tf.Tensor[];

  constructor(
    readonly plan: NetworkPlan,
    readonly seed: number,
  ) {
    this.#steps = plan.steps;
    this.layers = planLayers(plan);
    this.parameters = planParameters(plan);
    this.#places = new Map(this.parameters.map(({ name }, place) => [name, place]));
    this.#kernelPlaces = this.layers.map(({ index }) => this.#places.get(parameterName('kernel', index))!);
    this.#values = this.parameters.map((parameter) =>
      tf.keep(tf.tensor(drawParameter(plan, parameter, seed), [...parameter.shape])),
    );
    const trained: boolean[] = [];
    for (const step of plan.steps)
      trained.push('weights' in step || step.kind === 'normalisation' || step.inputs.some((from) => trained[from]));
    this.#trained = trained;
    for (const step of plan.steps) {
      if (step.kind !== 'normalisation' || step.over !== 'batch' || this.#averages.has(step.parameters)) continue;
      const shape = [step.shape.at(-1)!];
      this.#averages.set(step.parameters, { mean: tf.keep(tf.zeros(shape)), variance: tf.keep(tf.ones(shape)) });
    }
    const largest = Math.max(...plan.steps.map(({ shape }) => sizeOf(shape)));
    this.evaluationBatch = Math.max(1, Math.min(EVALUATED_EXAMPLES, Math.floor(EVALUATED_NUMBERS / largest)));
  }

  /** Layers whose kernels' gradients are measured, the output layer included. */
  get layerCount(): number {
    return this.layers.length;
  }

  /** In the plan's order of parameters. */
  get values(): readonly tf.Tensor[] {
    return this.#values;
  }

  /**
   * What a checkpoint keeps: the values, then moving averages. Undefined with a dropout: its random numbers go on from
   * batch to batch.
   */
  get kept(): readonly tf.Tensor[] | undefined {
    return this.#steps.some((step) => step.kind === 'dropout' && step.rate > 0) ? undefined : this.#tensors;
  }

  /** Takes back what `kept` held, of the same lengths. */
  restore(kept: readonly Float32Array[]): void {
    const next = restored(this.#tensors, kept);
    this.dispose();
    this.#values = next.splice(0, this.#values.length);
    for (const step of this.#averages.keys()) {
      const [mean, variance] = next.splice(0, 2);
      this.#averages.set(step, { mean: mean!, variance: variance! });
    }
  }

  get #tensors(): tf.Tensor[] {
    return [...this.#values, ...[...this.#averages.values()].flatMap(({ mean, variance }) => [mean, variance])];
  }

  dispose(): void {
    tf.dispose(this.#tensors);
  }

  /** The output before the loss: logits, or numbers. [batch, units], as in evaluation. */
  predict(x: tf.Tensor): tf.Tensor2D {
    return tf.tidy(() => this.#output(this.#forward(x, false)));
  }

  /** As {@link predict}, but as training sees it: dropout drops, batch normalisation looks at this batch. */
  outputInTraining(x: tf.Tensor): tf.Tensor2D {
    return tf.tidy(() => this.#output(this.#forward(x, true)));
  }

  /** Gives one parameter other values, of its shape. */
  assign(place: number, values: Float32Array): void {
    const old = this.#values[place]!;
    this.#values[place] = tf.keep(tf.tensor(values, old.shape));
    old.dispose();
  }

  /** Summed (not mean) loss, and `correct` as in {@link LossAndError}: two scalars, which the caller disposes of. */
  evaluate(x: tf.Tensor, targets: tf.Tensor): { lossSum: tf.Scalar; correct: tf.Scalar } {
    return tf.tidy(() => {
      const { loss, correct } = lossOf(this.plan.output.meaning, this.predict(x), targets);
      return { lossSum: tf.mul(loss, x.shape[0]!), correct };
    });
  }

  /** Forward and backward pass, as in training. */
  gradients(x: tf.Tensor, targets: tf.Tensor): PlanGradients {
    return tidied(() => {
      const passes = this.#forward(x, true);
      const { loss, error, correct } = lossOf(this.plan.output.meaning, this.#output(passes), targets);
      return { loss, correct, ...this.#backward(passes, error, false) };
    });
  }

  /**
   * Gradients of Σ error·output for a given ∂C/∂output, as in training; `deltas` are filled.
   *
   * @param error [batch, units]
   */
  gradientsFrom(x: tf.Tensor, error: tf.Tensor2D): Omit<PlanGradients, 'loss' | 'correct'> {
    return tidied(() => this.#backward(this.#forward(x, true), error, true));
  }

  /** Replaces the parameters by the optimiser's; ‖ΔW‖/‖W‖ per measured layer where `measure` asks for it. */
  update(optimizer: Optimizer, { parameters }: PlanGradients, measure: boolean): tf.Scalar[] {
    const old = this.#values;
    const { next, ratios } = tf.tidy(() => {
      const updated = optimizer.step(old, parameters);
      const measured = measure
        ? this.#kernelPlaces.map((place) =>
            tf.div<tf.Scalar>(norm(tf.sub(updated[place]!, old[place]!)), norm(old[place]!)),
          )
        : [];
      return { next: updated, ratios: measured };
    });
    for (const tensor of next) tf.keep(tensor);
    this.#values = next;
    tf.dispose(old);
    return ratios;
  }

  /**
   * What the units of every measured layer but the last do on this batch, [unitColumns, layers − 1] (see unitProbe.ts).
   * A layer without an activation counts as linear.
   */
  probe({ activated }: PlanGradients): tf.Tensor2D {
    return probeUnits(activated);
  }

  #forward(x: tf.Tensor, training: boolean): StepPass[] {
    const context: StepContext = {
      training,
      parameter: (role, index) => this.#values[this.#placeOf(role, index)]!,
      random: (step) => this.#random(step),
      averages: (index) => this.#averages.get(index)!,
      observe: (step, mean, variance) => this.#observe(step, mean, variance),
    };
    const shaped = tf.reshape(x, [x.shape[0]!, ...this.plan.inputShape]);
    const passes: StepPass[] = [];
    for (const step of this.#steps) {
      const inputs = step.kind === 'input' ? [shaped] : step.inputs.map((from) => passes[from]!.output);
      passes.push(pass(step, inputs, context));
    }
    return passes;
  }

  #output(passes: readonly StepPass[]): tf.Tensor2D {
    const { output } = passes.at(-1)!;
    return tf.reshape(output, [output.shape[0]!, this.plan.output.units]);
  }

  #backward(passes: readonly StepPass[], error: tf.Tensor2D, withDeltas: boolean) {
    const found = new Array<tf.Tensor | undefined>(this.#values.length).fill(undefined);
    const add = (a: tf.Tensor | undefined, b: tf.Tensor): tf.Tensor => (a ? tf.add(a, b) : b);
    const sink = (role: ParameterRole, index: number, gradient: tf.Tensor): void => {
      const place = this.#placeOf(role, index);
      found[place] = add(found[place], tf.reshape(gradient, this.#values[place]!.shape));
    };
    const arriving = new Array<tf.Tensor | undefined>(passes.length).fill(undefined);
    arriving[passes.length - 1] = tf.reshape(error, passes.at(-1)!.output.shape);
    for (let id = passes.length - 1; id >= 0; id--) {
      const gradient = arriving[id];
      const { inputs } = this.#steps[id]!;
      if (gradient === undefined || !this.#trained[id]) continue;
      const wanted = inputs.map((from) => this.#trained[from]!);
      const back = passes[id]!.backward(gradient, sink, wanted);
      inputs.forEach((from, i) => {
        const part = back[i];
        if (wanted[i] && part) arriving[from] = add(arriving[from], part);
      });
    }
    const parameters = found.map((gradient, place) => gradient ?? tf.zerosLike(this.#values[place]!));
    return {
      parameters,
      kernels: this.#kernelPlaces.map((place) => parameters[place]!),
      activated: this.layers.slice(0, -1).map((layer) => this.#activated(layer, passes)),
      deltas: this.layers.map(({ preActivation }) => (withDeltas ? arriving[preActivation] : undefined)),
    };
  }

  #activated({ preActivation, activation }: PlanLayer, passes: readonly StepPass[]): Activated {
    const step = activation === undefined ? undefined : this.#steps[activation];
    const seen = activation === undefined ? undefined : passes[activation]!.activated;
    if (seen === undefined || (step?.kind !== 'activation' && step?.kind !== 'recurrent')) {
      const { output } = passes[preActivation]!;
      const units = output.shape.at(-1)!;
      return { z: tf.reshape(output, [output.size / units, units]), derivative: undefined, saturated: 0 };
    }
    return { z: seen.z, derivative: seen.derivative(), saturated: saturationThreshold(catalogueEntry(step.phi)) };
  }

  #placeOf(role: ParameterRole, index: number): number {
    const place = this.#places.get(parameterName(role, index));
    if (place === undefined) throw new RangeError(`The plan has no ${parameterName(role, index)}.`);
    return place;
  }

  #random(step: number): Random {
    let random = this.#randoms.get(step);
    if (random === undefined) {
      random = createRandom(this.seed, `dropout ${step}`);
      this.#randoms.set(step, random);
    }
    return random;
  }

  #observe({ parameters, momentum }: StepOf<'normalisation'>, mean: tf.Tensor, variance: tf.Tensor): void {
    const old = this.#averages.get(parameters)!;
    const mixed = (before: tf.Tensor, now: tf.Tensor): tf.Tensor =>
      tf.keep(tf.add(tf.mul(before, momentum), tf.mul(now, 1 - momentum)));
    this.#averages.set(parameters, { mean: mixed(old.mean, mean), variance: mixed(old.variance, variance) });
    tf.dispose([old.mean, old.variance]);
  }
}
