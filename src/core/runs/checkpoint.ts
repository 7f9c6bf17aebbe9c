/**
 * All that a network's training needs to go on as if nothing had happened: batches come from seed and epoch, so the
 * numbers after it are those of an undisturbed run on the same backend.
 */
export interface NetworkCheckpoint {
  /** Steps done, which is the index of the next one. */
  readonly step: number;
  /**
   * Over the epoch in progress: Σ batch loss × batch size, right answers, examples seen. All 0 at an epoch's start; all
   * examples seen where the epoch's evaluation is still to come.
   */
  readonly sums: { readonly loss: number; readonly correct: number; readonly seen: number };
  /** Loss of the step before, for the sentence of a training that diverges; absent at step 0. */
  readonly lastLoss?: number | undefined;
  /**
   * Kernels, then biases, first hidden layer first; kernels are row-major [fan-in, fan-out]. Of a plan's network, its
   * parameters in the plan's order, then the moving averages of its batch normalisations.
   */
  readonly parameters: readonly Float32Array[];
  readonly optimizer: {
    /** Updates done. */
    readonly updates: number;
    /**
     * Moving means of the gradients (momentum: the velocity) and of their squares, in the order of the parameters that
     * are trained; empty where the optimizer keeps none, or before its first update.
     */
    readonly first: readonly Float32Array[];
    readonly second: readonly Float32Array[];
  };
}
