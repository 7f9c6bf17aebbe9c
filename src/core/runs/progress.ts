import { overlaidRuns } from './overlay';
import { isOver, type NetworkRecord, type NetworkState, type RunRecord } from './record';
import { runStateOf } from './runState';

/** Steps of one epoch: the last batch may be smaller, as in Keras. */
export const stepsPerEpoch = (run: RunRecord): number =>
  Math.max(1, Math.ceil(run.dataset.train / run.config.batchSize));

export const recordedSteps = (run: RunRecord): number => run.networks.reduce((sum, { steps }) => sum + steps.count, 0);

/** 0 … 1; networks that ended early count as done, but not those that can go on. */
export function runProgress(run: RunRecord): number {
  const planned = run.config.epochs * stepsPerEpoch(run);
  const over = run.networks.every(({ state }) => isOver(state));
  const isDone = (state: NetworkState) =>
    // A network that failed has no more to do, unless all of the run is to be continued.
    state === 'finished' || state === 'diverged' || (state === 'failed' && !over);
  const share = ({ state, steps }: NetworkRecord) => (isDone(state) ? 1 : steps.count / planned);
  return run.networks.reduce((sum, network) => sum + share(network), 0) / Math.max(1, run.networks.length);
}

/**
 * Epoch that the slowest network is in which trains, or which was stopped; of a run that failed, the one in which the first
 * network did; where all are done, the last that any trained in. From 1; 0 before the first step.
 */
export function currentEpoch(run: RunRecord): number {
  const perEpoch = stepsPerEpoch(run);
  const reached = ({ epochs, steps }: NetworkRecord) => Math.max(epochs.length, Math.ceil(steps.count / perEpoch));
  const training = run.networks.filter(({ state }) => !isOver(state) && state !== 'waiting');
  const halted = run.networks.filter(
    ({ state, steps }) => (state === 'stopped' || state === 'interrupted') && steps.count > 0,
  );
  const failed = runStateOf(run) === 'failed' ? run.networks.filter(({ state }) => state === 'failed') : [];
  const epoch =
    training.length > 0
      ? Math.min(...training.map(({ epochs }) => epochs.length + 1))
      : halted.length > 0
        ? Math.min(...halted.map(reached))
        : failed.length > 0
          ? Math.min(...failed.map(reached))
          : Math.max(0, ...run.networks.map(reached));
  return Math.min(run.config.epochs, epoch);
}

/**
 * Epochs that a plot shows of a run, in an overlay of the longest: the plan while it trains, and then as far as any network came,
 * which need not be a whole number.
 */
export function shownEpochs(run: RunRecord): number {
  const overlaid = overlaidRuns(run);
  if (overlaid.length > 0) return Math.max(...overlaid.map((each) => shownEpochs(each.run)));
  const { epochs } = run.config;
  if (!run.networks.every(({ state }) => isOver(state))) return epochs;
  const perEpoch = stepsPerEpoch(run);
  const reached = run.networks.map(({ state, steps }) => (state === 'finished' ? epochs : steps.count / perEpoch));
  return Math.max(0, ...reached) || epochs;
}
