/**
 * All that a network's training needs to go on as if nothing had happened: batches come from seed and epoch, so the
 * numbers after it are those of an undisturbed run on the same backend.
 */
export interface NetworkCheckpoint {
  /** Steps done, which is the index of the next one. */
  readonly step: number;
  /** Over the epoch in progress: Σ batch loss × batch size, right answers, examples seen. All 0 at an epoch's start. */
  readonly sums: { readonly loss: number; readonly correct: number; readonly seen: number };
  /** Kernels, then biases, first hidden layer first; kernels are row-major [fan-in, fan-out]. */
  readonly parameters: readonly Float32Array[];
  readonly optimizer: {
    /** Updates done. */
    readonly updates: number;
    /** State tensors in the order of the parameters; empty where the optimizer keeps none, or before its first update. */
    readonly first: readonly Float32Array[];
    readonly second: readonly Float32Array[];
  };
}
