import type { NetworkCheckpoint } from '../../core/runs/checkpoint';
import type { RunNews } from '../../core/runs/news';
import type { RunRecord } from '../../core/runs/record';

/** Takes what a run's training tells, as it comes. Nothing here fails: what cannot be written is kept and tried again. */
export interface RunWriter {
  news(news: RunNews): void;
  checkpoint(network: string, checkpoint: NetworkCheckpoint): void;
  /** Writes what has come so far. */
  flush(): Promise<void>;
  /** The training is over; no news follow. */
  end(run: RunRecord): Promise<void>;
}

/** Where runs are kept. */
export interface RunKeeping {
  begin(run: RunRecord): RunWriter;
  /** News of a run that goes on follow what is kept of it. */
  continueWriting(run: RunRecord): Promise<RunWriter>;
  checkpoints(id: string): Promise<ReadonlyMap<string, NetworkCheckpoint>>;
}
