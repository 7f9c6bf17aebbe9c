import { type ActivationEntryName, activationEntry } from '../activations/catalogue';
import type { ActivationFunction } from '../activations/function';
import { framework } from '../frameworks/all';
import type { FrameworkId } from '../frameworks/framework';
import { suitedInitializer } from '../frameworks/functions';
import { defaultInitializers, kernelVariance } from '../frameworks/initialVariance';
import type { FrameworkActivation } from '../frameworks/resolve';
import { type BestCase, derivativeBound, isLimit } from '../theory/bound';
import { predict } from '../theory/meanField';
import { scaledKernel, uniformStack } from '../theory/stack';

/** Points at which a hover and the terminal show a function. */
export const usualPoints: readonly number[] = [-5, -1, 0, 1, 5];

/** A function and its derivative at one point. */
export interface PointValue {
  readonly x: number;
  readonly y: number;
  readonly dy: number;
}

export const valuesAt = (phi: ActivationFunction, points: readonly number[]): PointValue[] =>
  points.map((x) => ({ x, y: phi.value(x), dy: phi.derivative(x) }));

/** A kernel initialiser as a framework writes it. */
export interface WrittenInitializer {
  readonly name: string;
  /** fan-in · Var(w) for a square kernel. */
  readonly gainSquared: number;
}

/** How the initialiser that suits an activation is written in a framework, and what it draws there. */
export function fittingInitializer(phi: ActivationFunction, id: FrameworkId): WrittenInitializer {
  const initializer = suitedInitializer(phi, id);
  const name = framework(id).initializers.scaling(initializer.kind);
  return { name, gainSquared: kernelVariance(initializer, id, WIDTH, WIDTH) * WIDTH };
}

/** What really comes through a stack with an initialiser, by mean field. */
export interface RealFlow {
  readonly initializer: string;
  /** ‖δ¹‖/‖δ^L‖ of the hidden layers: L − 1 steps back. */
  readonly ratio: number;
  /** The same steps with every slope at its largest; undefined where that sets no limit of 1 or below. */
  readonly atBest: BestCase | undefined;
}

/** What is left of a gradient in a stack of equal layers with one activation. */
export interface StackFlow {
  readonly layers: number;
  /** max|φ′|, and the paper’s product of one for each layer. */
  readonly steepest: number;
  readonly derivatives: number;
  /** With what the framework's dense layer draws where nothing is said, its bias included. */
  readonly byDefault: RealFlow;
  /** With the kernel initialiser that suits the activation, and the same bias; undefined where that is the default. */
  readonly fitting: RealFlow | undefined;
}

const LAYERS = 10;
/** For the biases of PyTorch alone; square kernels make the rest independent of the width. */
const WIDTH = 128;

/** The ratio is never NaN; 0 or Infinity where the gradient really vanishes or explodes. */
function flowWith(phi: ActivationFunction, { name, gainSquared }: WrittenInitializer, biasVariance: number): RealFlow {
  const stack = uniformStack({
    depth: LAYERS,
    width: WIDTH,
    phi,
    kernel: scaledKernel(gainSquared),
    bias: { variance: biasVariance },
  });
  const { ratio, best } = predict(stack);
  return { initializer: name, ratio, atBest: best && isLimit(best) ? best : undefined };
}

/** Ten layers of a framework's dense layer with this activation, on inputs of variance 1. */
export function stackFlow({ activation, spelling }: FrameworkActivation): StackFlow {
  const { kernel, bias } = defaultInitializers(spelling.framework);
  const fitting = fittingInitializer(activation, spelling.framework);
  return {
    layers: LAYERS,
    steepest: activation.derivativeMax.value,
    derivatives: derivativeBound(Array.from({ length: LAYERS }, () => activation)).product,
    byDefault: flowWith(activation, kernel, bias.gainSquared / WIDTH),
    fitting: fitting.name === kernel.name ? undefined : flowWith(activation, fitting, bias.gainSquared / WIDTH),
  };
}

/** Where a function was introduced. */
export const sourceOf = (entry: ActivationEntryName): string => activationEntry(entry).source;
