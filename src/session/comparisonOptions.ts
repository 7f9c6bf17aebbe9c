import type { Dataset } from '../core/data/dataset';
import type { DrawnDigits } from '../core/data/drawnDigits';
import type { ExperimentConfig } from '../core/experiment/config';
import type { NetworkCheckpoint } from '../core/runs/checkpoint';
import type { RunNews } from '../core/runs/news';
import type { BackendFiles } from '../protocol/workers/backendFiles';
import type { BackendMemory } from './backends';
import type { Clock } from './clock';
import type { Resume } from './resume';
import type { WorkerHandle } from './trainingWorker';

/** What a comparison is started with, and whom it tells. */
export interface ComparisonOptions {
  readonly config: ExperimentConfig;
  readonly dataset: Dataset | DrawnDigits;
  readonly binaries: BackendFiles;
  readonly launch: () => WorkerHandle;
  /** Networks that train at the same time, where the memory holds them. */
  readonly parallel: number;
  /** Bytes of this machine's memory, where they are known. */
  readonly memory?: number | undefined;
  readonly id: string;
  /** ISO 8601 */
  readonly startedAt: string;
  /**
   * A run to go on with, whose `config`, `id` and `startedAt` then hold; the record itself is left as it is. Networks
   * that finished or diverged stay so, every other one goes on from its checkpoint or begins anew.
   */
  readonly resume?: Resume | undefined;
  readonly clock?: Clock;
  /** What `auto` took before on this machine, for networks of this shape. */
  readonly backendMemory?: BackendMemory | undefined;
  /**
   * Every change of the record, in order: all of them make an equal record of a new one, or of the record that is
   * resumed (which has some of the steps already).
   */
  onNews?(news: RunNews): void;
  /** A network can go on from here. Where others are asked for, the next one waits until this one is taken. */
  onCheckpoint?(network: string, checkpoint: NetworkCheckpoint): void | Promise<void>;
  /** Why this backend trains, as a sentence. */
  onBackendNote?(text: string): void;
  /** Something in `run` or `verdicts` changed. */
  onChange(): void;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}
