import * as tf from '@tensorflow/tfjs-core';
import { digitsWhenWanted } from '../core/data/digits';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { isOnGpu } from '../core/experiment/config';
import type { MeasuredPlan } from '../core/theory/measuredPlan';
import { connect } from '../protocol/channel';
import { measurementContract, measurementNewsContract, planMeasurementContract } from '../protocol/workers/measurement';
import { timingContract, timingNewsContract } from '../protocol/workers/timing';
import { trainingContract, trainingNewsContract } from '../protocol/workers/training';
import { absenceOf, BackendError, LateBackendError, loadGpuBackends, startBackend } from './backends/start';
import { timeBackends } from './backends/timing';
import { measureFlow } from './measure/measureFlow';
import { measurePlan } from './measure/measurePlan';
import { scopeTransport } from './thread/scopeTransport';
import { drawFirstBatch, Trainer, type TrainingData } from './train/trainer';

/**
 * The training worker: one network, one worker; or one timing of backends, or one measurement of random networks. It runs in a webview's Web Worker (started from a blob URL) and, with
 * `self` provided by the terminal command, in a Node worker thread.
 */

const silent = { recorded() {}, epochEnded() {}, stateChanged() {}, checkpointed() {} };

let trainer: Trainer | undefined;

const datasetOf = (given: TrainingData | DrawnDigits): TrainingData => ('drawn' in given ? digitsWhenWanted() : given);

const { remote: news } = connect(
  scopeTransport,
  { ...trainingContract, ...timingContract, ...measurementContract, ...planMeasurementContract },
  {
    async prepare(job, given, binaries) {
      tf.enableProdMode();
      const { backend } = job.config;
      if (backend === 'auto') throw new Error('A worker trains on one backend: which one is chosen before.');
      try {
        await startBackend(backend, binaries);
      } catch (error) {
        if (error instanceof BackendError) return { notStarted: error.message };
        throw error;
      }
      trainer = new Trainer(job, datasetOf(given), {
        recorded: (steps, probes) => void news.recorded(steps, probes),
        epochEnded: (row) => void news.epochEnded(row),
        stateChanged: (state) => void news.stateChanged(state),
        checkpointed: (checkpoint) => void news.checkpointed(checkpoint),
      });
      return { computedBy: trainer.computedBy };
    },
    train() {
      if (!trainer) throw new Error('train was asked for before prepare.');
      return trainer.train();
    },
    pause: () => trainer?.pause(),
    resume: () => trainer?.resume(),
    stop: () => trainer?.stop(),
    checkpoint: () => trainer?.checkpoint(),
    timeBackends(candidates, job, given, binaries) {
      tf.enableProdMode();
      const dataset = datasetOf(given);
      drawFirstBatch(job, dataset);
      // Before the clock runs: it is no backend's work. Where it cannot be loaded, each says so when it is tried.
      if (candidates.some((backend) => isOnGpu(backend) && absenceOf(backend) === undefined)) {
        try {
          loadGpuBackends(binaries);
        } catch {}
      }
      return timeBackends(
        candidates,
        {
          now: () => performance.now(),
          absence: absenceOf,
          start: (backend, within) => startBackend(backend, binaries, within),
          network: () => new Trainer(job, dataset, silent).timed(),
          isLate: (error) => error instanceof LateBackendError,
        },
        (trial) => void news.tried(trial),
      );
    },
    measure: (config) => measureFlow(config, (done, total) => void news.networksDone(done, total)),
    async measurePlans(plans, options, binaries) {
      tf.enableProdMode();
      // What it measures is the same on any backend: it is slow on cpu, and there.
      if (Object.keys(binaries).length === 0) await startBackend('cpu', binaries);
      else await startBackend('wasm', binaries).catch(() => startBackend('cpu', binaries));
      const found: MeasuredPlan[] = [];
      for (const plan of plans) {
        found.push(await measurePlan(plan, options));
        void news.networksDone(found.length, plans.length);
      }
      return found;
    },
  },
  { ...trainingNewsContract, ...timingNewsContract, ...measurementNewsContract },
  (error) => console.error(error),
);
