import type { FlowConfig } from '../core/calculation/config';
import { isMemoryError } from '../core/experiment/memory';
import { messageOf } from '../core/format/errors';
import type { NetworkPlan } from '../core/model/plan/plan';
import type { MeasuredFlow } from '../core/theory/measured';
import type { MeasuredPlan, PlanMeasurement } from '../core/theory/measuredPlan';
import { connect } from '../protocol/channel';
import type { Remote } from '../protocol/contract';
import type { BackendFiles } from '../protocol/workers/backendFiles';
import { measurementContract, measurementNewsContract, planMeasurementContract } from '../protocol/workers/measurement';
import type { WorkerHandle } from './trainingWorker';

interface WorkerOptions {
  readonly launch: () => WorkerHandle;
  /** Networks of all candidates together. */
  onProgress?(done: number, total: number): void;
}

export interface MeasurementOptions extends WorkerOptions {
  /** With at least one network. */
  readonly config: FlowConfig;
}

/** A measurement under way. */
export interface Measurement<T = MeasuredFlow[]> {
  /**
   * One for each candidate, in their order. Fails where the worker fails or dies, and with {@link MeasurementStopped}.
   */
  readonly result: Promise<T>;
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
export const measure = ({ config, ...rest }: MeasurementOptions): Measurement<MeasuredFlow[]> =>
  inWorker(rest, (worker) => worker.measure(config));

export interface PlanMeasurementOptions extends WorkerOptions {
  readonly plans: readonly NetworkPlan[];
  readonly measurement: PlanMeasurement;
  /** The engine's binaries; without them it computes in plain JavaScript. */
  readonly binaries: BackendFiles;
}

/** The same for models that are planned; one answer for each. */
export const measurePlans = ({
  plans,
  measurement,
  binaries,
  ...rest
}: PlanMeasurementOptions): Measurement<MeasuredPlan[]> =>
  inWorker(rest, (worker) => worker.measurePlans([...plans], measurement, binaries));

/** A worker's error, in words of a person where it says that there is no memory left. */
function orMemory(error: unknown): never {
  const message = messageOf(error);
  if (!isMemoryError(message)) throw error;
  throw new Error(`The measurement’s memory was used up (${message}). Measure a smaller network, or a smaller batch.`);
}

const contract = { ...measurementContract, ...planMeasurementContract };

function inWorker<T>(
  { launch, onProgress }: WorkerOptions,
  ask: (worker: Remote<typeof contract>) => Promise<T>,
): Measurement<T> {
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
    contract,
    (error) => fail(error),
  );
  handle.onDied((reason) => fail(new Error(`The worker that measured died (${reason}). Measure again.`)));
  const answer = ask(channel.remote);
  // Whichever of the two comes second must not count as unheard.
  answer.catch(() => {});
  const result = Promise.race([answer.catch(orMemory), ended]).finally(() => {
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
