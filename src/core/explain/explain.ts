import { type ActivationEntryName, activationEntry } from '../activations/catalogue';
import type { ActivationFunction } from '../activations/function';
import { type FlowConfig, paperFlow } from '../calculation/config';
import { predictCandidate } from '../calculation/predict';
import { framework } from '../frameworks/all';
import { suitedInitializer } from '../frameworks/functions';
import { writtenInitializer } from '../frameworks/initializerNames';
import { defaultInitializers } from '../frameworks/initialVariance';
import type { FrameworkActivation } from '../frameworks/resolve';
import { initializerInWords } from '../initializers/initializer';
import { type BestCase, derivativeBound, isLimit } from '../theory/bound';
import { type LayerBefore, networkLike } from './exampleNetwork';

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

/** What really comes through a stack with an initialiser, by mean field. */
export interface RealFlow {
  /** As the framework writes it. */
  readonly initializer: string;
  /** ‖δ¹‖/‖δ^L‖ of the hidden layers: L − 1 steps back. Never NaN; 0 or Infinity where it really vanishes or explodes. */
  readonly ratio: number;
  /** The same steps with every slope at its largest; undefined where that sets no limit of 1 or below. */
  readonly atBest: BestCase | undefined;
}

/** What is left of a gradient in a stack of equal layers with one activation. */
export interface StackFlow {
  readonly layers: number;
  readonly width: number;
  readonly normalisation: FlowConfig['normalisation'];
  /** max|φ′|, and the paper’s product of one for each layer. */
  readonly steepest: number;
  readonly derivatives: number;
  /** Whether the code says it: a layer of its own, and an initialiser beside it. */
  readonly ofCode: { readonly layer: boolean; readonly initializer: boolean };
  /** With what the layer starts with: as the code says, or by the framework's default. */
  readonly own: RealFlow;
  /** With the kernel initialiser that suits the activation, and the rest the same; undefined where that is its own. */
  readonly fitting: RealFlow | undefined;
}

/** Ten layers like the one in the code, or where that says nothing ten of a framework's dense layers, on inputs of variance 1. */
export function stackFlow({ activation: phi, spelling }: FrameworkActivation, layer?: LayerBefore): StackFlow {
  const { framework: id } = spelling;
  const config: FlowConfig = { ...paperFlow, framework: id, ...networkLike(layer, id) };
  const suited = suitedInitializer(phi, id);
  const flowWith = (initializer: string, kernelInitializer: FlowConfig['kernelInitializer']): RealFlow => {
    const { ratio, best } = predictCandidate({ ...config, kernelInitializer }, { activations: [phi.name] });
    return { initializer, ratio, atBest: best && isLimit(best) ? best : undefined };
  };
  const own = config.kernelInitializer;
  const name =
    own === null ? defaultInitializers(id).kernel.name : (writtenInitializer(own, id) ?? initializerInWords(own));
  const fitting = framework(id).initializers.scaling(suited.kind);
  return {
    layers: config.widths.length,
    width: config.widths[0]!,
    normalisation: config.normalisation,
    steepest: phi.derivativeMax.value,
    derivatives: derivativeBound(config.widths.map(() => phi)).product,
    ofCode: { layer: layer !== undefined, initializer: own !== null },
    own: flowWith(name, own),
    fitting: fitting === name || own?.kind === suited.kind ? undefined : flowWith(fitting, suited),
  };
}

/** Where a function was introduced. */
export const sourceOf = (entry: ActivationEntryName): string => activationEntry(entry).source;
