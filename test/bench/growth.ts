import { startWasm } from '../unit/engine/backend';
import { ownKernels } from '../unit/engine/kernelSets';
import { median, type Row } from './rows';
import { compareInTerminal } from './terminal';
import { benchData, paper, stepTime, type Trained } from './trained';

/**
 * How the cost of a step grows with the network and the batch, by our own kernels, in milliseconds that the thread works;
 * and that of an epoch with the number of networks, by the clock.
 */

const REPEATS = 3;
const layers = (count: number, width: number): number[] => new Array<number>(count).fill(width);

const curves: Readonly<Record<string, readonly (readonly [number, Partial<Trained>])[]>> = {
  'hidden layers of 128': [1, 2, 5, 10, 20, 50].map((n) => [n, { hidden: layers(n, 128) }] as const),
  'units in each of two hidden layers': [32, 64, 128, 256, 512, 1024].map(
    (n) => [n, { hidden: layers(2, n) }] as const,
  ),
  'examples in a batch': [32, 64, 128, 256, 512, 1024].map((n) => [n, { batchSize: n }] as const),
};
const crowd = ['sigmoid', 'relu', 'tanh', 'gelu', 'elu', 'silu'];

export default async function* growth(): AsyncGenerator<Row> {
  await startWasm();
  const data = benchData();
  for (const [name, points] of Object.entries(curves)) {
    for (const [n, change] of points) {
      const times: number[] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        times.push(await stepTime(ownKernels(), { ...paper, activation: 'tanh', ...change }, data, 60));
      }
      const each = `${((1000 * median(times)) / n).toFixed(1)} µs for each`;
      yield { what: `a step with ${n.toLocaleString('en')} ${name}`, value: median(times), unit: 'ms', note: each };
    }
  }
  for (const count of [1, 2, 4, 6]) {
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const activations = crowd.slice(0, count).join(',');
      times.push((await compareInTerminal(['--activations', activations, '--epochs', '2'])).seconds);
    }
    yield { what: `two epochs of ${count} networks side by side`, value: median(times), unit: 's' };
  }
}
