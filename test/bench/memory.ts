import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { paperConfig } from '../../src/core/experiment/config';
import { modelOfExperiment } from '../../src/core/experiment/model';
import { DenseTraining } from '../../src/engine/train/denseTraining';
import { initialWeights } from '../../src/engine/train/initialWeights';
import { epochOrder, PROBE_INTERVAL } from '../../src/engine/train/trainer';
import { startWasm } from '../unit/engine/backend';
import { ownKernels, wasmMemory } from '../unit/engine/kernelSets';
import type { Row } from './rows';
import { compareInTerminal } from './terminal';
import { benchData } from './trained';

/** What a training holds as steps go by, and what a comparison holds in all as networks are added. */

const STEPS = [100, 1000, 10_000];
const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export default async function* memory(): AsyncGenerator<Row> {
  await startWasm();
  const data = benchData();
  const { rows, columns, classes } = data;
  const model = modelOfExperiment(paperConfig, 'sigmoid', { inputs: rows * columns, classes });
  const settings = { activation: 'sigmoid', optimizer: 'adam', learningRate: 1e-3 } as const;
  const training = new DenseTraining(ownKernels(), initialWeights(model, 0), settings);
  const source = training.batches(data.train);
  const order = epochOrder(0, 1, source.count);
  const { batchSize } = paperConfig;
  const perEpoch = Math.floor(source.count / batchSize);
  let done = 0;
  for (const steps of STEPS) {
    for (; done < steps; done++) {
      const from = (done % perEpoch) * batchSize;
      const batch = source.gather(order, from, from + batchSize);
      training.step(batch, done % PROBE_INTERVAL === 0);
      source.release(batch);
      if (done % 50 === 49) await Promise.all([training.steps.read(), training.probes.read()]);
    }
    collectGarbage();
    const after = `after ${steps.toLocaleString('en')} steps`;
    yield { what: `WebAssembly's memory ${after}`, value: megabytes(wasmMemory().bytes.byteLength), unit: 'MB' };
    yield { what: `JavaScript's heap ${after}`, value: megabytes(process.memoryUsage().heapUsed), unit: 'MB' };
  }
  training.dispose();
  for (const activations of ['sigmoid', 'sigmoid,relu', 'sigmoid,relu,tanh,gelu,elu,silu']) {
    const { peak } = await compareInTerminal(['--activations', activations, '--epochs', '1']);
    if (peak === undefined) continue;
    const count = activations.split(',').length;
    yield { what: `a comparison of ${count} in the terminal, at most`, value: megabytes(peak), unit: 'MB' };
  }
}
