import type { FlowConfig } from '../core/calculation/config';
import type { MeasuredFlow } from '../core/theory/measured';
import { connect } from '../protocol/channel';
import { measurementContract, measurementNewsContract } from '../protocol/workers/measurement';
import type { WorkerHandle } from './trainingWorker';

export interface MeasurementOptions {
  /** With at least one network. */
  readonly config: FlowConfig;
  readonly launch: () => WorkerHandle;
  /** Networks of all candidates together. */
  onProgress?(done: number, total: number): void;
}

/** A measurement under way. */
export interface Measurement {
  /**
   * One for each candidate, in their order. Fails where the worker fails or dies, and with {@link MeasurementStopped}.
   */
  readonly result: Promise<MeasuredFlow[]>;
  /** Ends the worker at once; without effect on a measurement that is over. */
  stop(): void;
}

/** The measurement was stopped by the person who started it. */
export class MeasurementStopped extends Error {
  override readonly name = 'MeasurementStopped';
  constructor() {
    super('The measurement was stopped.');
  }
}

/**
 * Measures random networks in a worker of their own, which ends with the measurement. The page and the terminal command
 * both run this.
 */
export function measure({ config, launch, onProgress }: MeasurementOptions): Measurement {
  const handle = launch();
  let over = false;
  let fail: (error: Error) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const channel = connect(
    handle.transport,
    measurementNewsContract,
    {
      networksDone: (done, total) => {
        if (!over) onProgress?.(done, total);
      },
    },
    measurementContract,
    (error) => fail(error),
  );
  handle.onDied((reason) => fail(new Error(`The worker that measured died (${reason}). Measure again.`)));
  const answer = channel.remote.measure(config);
  // Whichever of the two comes second must not count as unheard.
  answer.catch(() => {});
  const result = Promise.race([answer, ended]).finally(() => {
    over = true;
    channel.close('The measurement is over.');
    handle.terminate();
  });
  return {
    result,
    stop() {
      if (!over) fail(new MeasurementStopped());
    },
  };
}
