import { scopeTransport } from '../../../src/engine/thread/scopeTransport';
import { connect } from '../../../src/protocol/channel';
import { trainingContract, trainingNewsContract } from '../../../src/protocol/workers/training';
import { PER_EPOCH, probesOf, STEPS, stepsOf, workload } from './workload';

/** Stands in a worker's place, and tells what is made up at the pace of a real training, without the time that it takes. */

/** As the trainer's turns are. */
const TURN = 100;
/** Steps a second: all of them in twenty seconds. */
const RATE = STEPS / 20;

let network = 0;

const { remote: news } = connect(
  scopeTransport,
  trainingContract,
  {
    prepare(job) {
      network = workload.activations.indexOf(job.activation);
      return { backend: 'wasm' as const, trials: [], computedBy: 'nothing' };
    },
    async train() {
      await news.stateChanged('running');
      const started = performance.now();
      let told = 0;
      while (told < STEPS) {
        await new Promise((resolve) => setTimeout(resolve, TURN));
        const due = Math.min(STEPS, Math.floor(((performance.now() - started) / 1000) * RATE));
        while (told < due) {
          const end = Math.min(due, (Math.floor(told / PER_EPOCH) + 1) * PER_EPOCH);
          await news.recorded(stepsOf(network, told, end), probesOf(network, told, end));
          told = end;
          if (told % PER_EPOCH > 0) continue;
          const done = told / STEPS;
          await news.epochEnded({
            epoch: told / PER_EPOCH,
            loss: 2.3 * Math.exp(-3 * done),
            accuracy: 0.1 + 0.8 * done,
            testLoss: 2.3 * Math.exp(-2.9 * done),
            testAccuracy: 0.1 + 0.78 * done,
          });
        }
      }
      return {
        state: 'finished' as const,
        seconds: (performance.now() - started) / 1000,
        tensors: { early: 0, end: 0 },
      };
    },
    pause() {},
    resume() {},
    stop() {},
    checkpoint: () => undefined,
  },
  trainingNewsContract,
  (error) => console.error(error),
);
