/** First-order updates as a framework computes them. g is a gradient, v the moving mean of its square. */

/** Where ε is added: √v + ε, or √(v + ε). */
export type EpsilonPlace = 'outside' | 'inside';

interface Named {
  /** As code calls it. */
  readonly name: string;
  /** Null where it has to be given. */
  readonly learningRate: number | null;
}

export interface SgdSemantics extends Named {
  /** The share of the last step that a step keeps, where nothing is said. */
  readonly momentum: number;
  /** What is kept: steps, which hold their learning rate, or sums of gradients, which take the rate in force. */
  readonly keeps: 'steps' | 'gradients';
}

export interface RmspropSemantics extends Named {
  /** The share of v that a step keeps. */
  readonly rho: number;
  readonly epsilon: number;
  readonly place: EpsilonPlace;
}

/** Kingma & Ba 2015. */
export interface AdamSemantics extends Named {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly place: EpsilonPlace;
  /**
   * Whether ε is added after v's bias is corrected, as Algorithm 1 has it, or before (the form at the end of section 2).
   * It matters where gradients are about as small as ε.
   */
  readonly corrected: boolean;
}

export interface FrameworkOptimizers {
  readonly sgd: SgdSemantics;
  readonly rmsprop: RmspropSemantics;
  readonly adam: AdamSemantics;
}
