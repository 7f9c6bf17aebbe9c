import type { PlanLayer } from '../model/plan/layers';
import type { MeasuredSize } from './measured';

/** What was measured at one layer of a model before its training. */
export interface MeasuredPlanLayer extends Pick<PlanLayer, 'index' | 'name' | 'node'> {
  /** ‖∂C/∂W‖. */
  readonly kernelGradient: MeasuredSize;
  /**
   * ‖δ‖, the gradient at its pre-activation (of a recurrent layer, at its output); undefined where nothing arrives, as at
   * an embedding behind which all is constant.
   */
  readonly delta?: MeasuredSize | undefined;
  /** Both over those at the last hidden layer of the same draw; undefined for the output layer. */
  readonly toLast?:
    | {
        readonly delta?: MeasuredSize | undefined;
        readonly kernelGradient?: MeasuredSize | undefined;
      }
    | undefined;
}

/** Gradients at initialisation, over several draws of the weights. */
export interface MeasuredPlan {
  readonly draws: number;
  /** The last one is the output layer. */
  readonly layers: readonly MeasuredPlanLayer[];
  /** ‖δ‖ at the first hidden layer over ‖δ‖ at the last hidden one, root of the mean square over a batch. */
  readonly ratio?: MeasuredSize | undefined;
}

export interface PlanMeasurement {
  /** The first draw's seed; the others follow. */
  readonly seed: number;
  /** Stops after so many draws… */
  readonly draws: number;
  /** …or, after the first two, once so many milliseconds have passed. */
  readonly milliseconds: number;
  readonly batch: number;
  /** Of one component of the Gaussian input, whose mean is 0; 1 where left out. */
  readonly inputVariance?: number | undefined;
}

/** About a second for ordinary models. */
export const usualMeasurement: PlanMeasurement = { seed: 0, draws: 20, milliseconds: 900, batch: 16 };
