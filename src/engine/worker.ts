import * as tf from '@tensorflow/tfjs';
import { digitsWhenWanted } from '../core/data/digits';
import type { BackendName } from '../core/experiment/config';
import type { MeasuredPlan } from '../core/theory/measuredPlan';
import { connect } from '../protocol/channel';
import { measurementContract, measurementNewsContract, planMeasurementContract } from '../protocol/workers/measurement';
import {
  type BackendTrial,
  type TrainingJob,
  trainingContract,
  trainingNewsContract,
  type WasmBinaries,
} from '../protocol/workers/training';
import { startBackend } from './backends';
import { measureFlow } from './measure';
import { measurePlan } from './measurePlan';
import { scopeTransport } from './scopeTransport';
import { Trainer, type TrainingData } from './trainer';

/**
 * The training worker: one network, one worker; or one measurement of random networks. It runs in a webview's Web Worker (started from a blob URL) and, with
 * `self` provided by the terminal command, in a Node worker thread.
 */

/** `auto` may use this long in all, shared by the backends that start. */
const TRIAL_MILLISECONDS = 500;
const CANDIDATES: BackendName[] = ['wasm', 'webgpu', 'webgl'];

let trainer: Trainer | undefined;

const { remote: news } = connect(
  scopeTransport,
  { ...trainingContract, ...measurementContract, ...planMeasurementContract },
  {
    async prepare(job, given, binaries) {
      tf.enableProdMode();
      const dataset = 'drawn' in given ? digitsWhenWanted() : given;
      const { backend, trials } =
        job.config.backend === 'auto'
          ? await chooseBackend(job, dataset, binaries)
          : { backend: job.config.backend, trials: [] };
      await startBackend(backend, binaries);
      trainer = new Trainer(job, dataset, {
        recorded: (steps, probes) => void news.recorded(steps, probes),
        epochEnded: (row) => void news.epochEnded(row),
        stateChanged: (state) => void news.stateChanged(state),
        checkpointed: (checkpoint) => void news.checkpointed(checkpoint),
      });
      return { backend, trials, computedBy: trainer.computedBy };
    },
    train() {
      if (!trainer) throw new Error('train was asked for before prepare.');
      return trainer.train();
    },
    pause: () => trainer?.pause(),
    resume: () => trainer?.resume(),
    stop: () => trainer?.stop(),
    checkpoint: () => trainer?.checkpoint(),
    measure: (config) => measureFlow(config, (done, total) => void news.networksDone(done, total)),
    async measurePlans(plans, options, binaries) {
      tf.enableProdMode();
      await startBackend(Object.keys(binaries).length > 0 ? 'wasm' : 'cpu', binaries);
      const found: MeasuredPlan[] = [];
      for (const plan of plans) {
        found.push(await measurePlan(plan, options));
        void news.networksDone(found.length, plans.length);
      }
      return found;
    },
  },
  { ...trainingNewsContract, ...measurementNewsContract },
  (error) => console.error(error),
);

/** Times real steps of this network on every backend that starts; the fastest wins, cpu where none starts. */
async function chooseBackend(
  job: TrainingJob,
  dataset: TrainingData,
  binaries: WasmBinaries,
): Promise<{ backend: BackendName; trials: BackendTrial[] }> {
  const trials: BackendTrial[] = [];
  const silent = { recorded() {}, epochEnded() {}, stateChanged() {}, checkpointed() {} };
  for (const backend of CANDIDATES) {
    try {
      await startBackend(backend, binaries);
      const millisecondsPerStep = await new Trainer(job, dataset, silent).time(TRIAL_MILLISECONDS / CANDIDATES.length);
      trials.push({ backend, millisecondsPerStep });
    } catch (error) {
      trials.push({ backend, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  const timed = trials.filter((trial) => trial.millisecondsPerStep !== undefined);
  timed.sort((a, b) => a.millisecondsPerStep! - b.millisecondsPerStep!);
  return { backend: timed[0]?.backend ?? 'cpu', trials };
}
