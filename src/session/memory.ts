import { type Dataset, summarise } from '../core/data/dataset';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { isSparse } from '../core/experiment/backendMemory';
import type { BackendTrial } from '../core/experiment/backendTiming';
import type { BackendName, ExperimentConfig } from '../core/experiment/config';
import { fittingAtOnce, formatBytes, memoryProblem, networkMemory, type TrainedData } from '../core/experiment/memory';

/** The networks of a comparison do not fit in the memory; the message says what would. */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
}

/** What the networks of a comparison take of the memory, before any of them trains. */
export class TrainingMemory {
  readonly #data: TrainedData;
  /** Bytes that each worker has of the data. */
  readonly #copied: number;

  /** @param machine bytes of this machine's memory, where they are known */
  constructor(
    private readonly config: ExperimentConfig,
    dataset: Dataset | DrawnDigits,
    private readonly machine: number | undefined,
  ) {
    const drawn = 'drawn' in dataset;
    this.#data = { ...summarise(dataset), sparse: drawn || isSparse(dataset.train.images) };
    const { train, test, inputs } = this.#data;
    this.#copied = !drawn && isShared(dataset.train.images) ? 0 : (train + test) * inputs;
  }

  /** @throws MemoryError where no network fits on the backend that was chosen, or, of `auto`, on any */
  check(): void {
    const { backend } = this.config;
    const problem = backend === 'auto' ? this.problem('wasm') && this.problem('cpu') : this.problem(backend);
    if (problem !== undefined) throw new MemoryError(problem);
  }

  /** Why a network cannot be trained on a backend, as sentences; undefined where it can, or where nobody knows. */
  problem(backend: BackendName): string | undefined {
    return memoryProblem(this.config, this.#data, backend, this.machine);
  }

  /** What need not be tried, since it does not fit. */
  passedOver(): BackendTrial[] {
    const detail = this.problem('wasm');
    return detail === undefined
      ? []
      : [{ backend: 'wasm', problem: 'has too little memory for this network', detail: detail.slice(0, 2000) }];
  }

  /** How many networks train at the same time, of so many that might, with a sentence where that is fewer. */
  atOnce(wanted: number): { readonly atOnce: number; readonly note: string | undefined } {
    const { backend } = this.config;
    const each = networkMemory(this.config, this.#data, backend === 'auto' ? 'wasm' : backend).total + this.#copied;
    const atOnce = fittingAtOnce(wanted, each, this.machine);
    if (atOnce >= wanted) return { atOnce, note: undefined };
    const how = atOnce === 1 ? 'One network trains after the other' : `${atOnce} networks train at the same time`;
    return {
      atOnce,
      note: `${how}, since each takes ${formatBytes(each)} of memory and this machine has ${formatBytes(this.machine!)}.`,
    };
  }
}

const isShared = ({ buffer }: Uint8Array): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
