import { startWasm } from '../unit/engine/backend';
import { ownKernels } from '../unit/engine/kernelSets';
import { benchData, median, paper, print, stepTime, type Trained } from './trained';

/** How the cost of a step grows with the network and the batch, by our own kernels; ms of the thread's work a step. */

const REPEATS = 3;
const layers = (count: number, width: number): number[] => new Array<number>(count).fill(width);

const curves: Readonly<Record<string, readonly (readonly [number, Partial<Trained>])[]>> = {
  'hidden layers of 128': [1, 2, 5, 10, 20, 50].map((n) => [n, { hidden: layers(n, 128) }] as const),
  'width of two hidden layers': [32, 64, 128, 256, 512, 1024].map((n) => [n, { hidden: layers(2, n) }] as const),
  'batch size': [32, 64, 128, 256, 512, 1024].map((n) => [n, { batchSize: n }] as const),
};

await startWasm();
const data = benchData();
for (const [name, points] of Object.entries(curves)) {
  print(name, 'ms a step', 'µs for each unit of it');
  for (const [n, change] of points) {
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      times.push(await stepTime(ownKernels(), { ...paper, activation: 'tanh', ...change }, data, 60));
    }
    print(n, median(times).toFixed(2), ((1000 * median(times)) / n).toFixed(1));
  }
}
