import * as tf from '@tensorflow/tfjs';
import { startWasm } from '../unit/engine/backend';
import { ownKernels, wasmMemory } from '../unit/engine/kernelSets';
import { againstTorch } from './pytorch';
import { median, type Row } from './rows';
import { compareInTerminal } from './terminal';
import { threadTime } from './threadTime';
import { benchData, fitTime, operations, paper, stepTime, type Trained, tenLayers } from './trained';

/**
 * How fast networks train: a step of ours against tfjs, in milliseconds that the thread works, and whole comparisons
 * against PyTorch, by the clock. Repeats are interleaved, and ratios are of medians.
 */
export default async function* training(): AsyncGenerator<Row> {
  yield* steps();
  yield* multiplications();
  yield* againstTorch(async ({ activations, hidden, initializer, epochs }) => {
    const network = ['--activations', activations.join(','), '--hidden', hidden.join(','), '--init', initializer];
    return (await compareInTerminal([...network, '--epochs', String(epochs)])).seconds;
  });
}

const REPEATS = 5;
const networks: readonly (readonly [string, Trained])[] = [
  ['784-128-10, sigmoid', paper],
  ['784-128x10-10, tanh', tenLayers],
];

async function* steps(): AsyncGenerator<Row> {
  const data = benchData();
  for (const [name, trained] of networks) {
    const times: number[][] = [[], [], []];
    await startWasm();
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      times[0]!.push(await stepTime(ownKernels(), trained, data, 400));
      times[1]!.push(await stepTime(operations(), trained, data, 40));
      times[2]!.push(await fitTime(trained, data, 20));
    }
    const [own, byOperations, fit] = times.map(median) as [number, number, number];
    yield { what: `${name}: a step by own kernels`, value: own, unit: 'ms' };
    yield { what: `${name}: by tfjs's operations on wasm`, value: byOperations, unit: 'ms' };
    yield { what: `${name}: by tfjs's model.fit on wasm`, value: fit, unit: 'ms', note: 'no gradients recorded' };
    yield { what: `${name}: model.fit on wasm : own kernels`, value: fit / own, unit: '' };
    await tf.setBackend('cpu');
    const cpu = await fitTime(trained, data, 1);
    yield { what: `${name}: by tfjs's model.fit on cpu`, value: cpu, unit: 'ms', note: 'no gradients recorded' };
  }
}

/** Of square products as a layer of 128 makes them, and of one that stays in the nearest cache. */
async function* multiplications(): AsyncGenerator<Row> {
  await startWasm();
  const memory = wasmMemory();
  const on = ownKernels();
  const size = 128;
  const values = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const [x, w, z] = [on.matrix(size, size, values), on.matrix(size, size, values), on.matrix(size, size)];
  const bias = on.vector(size);
  const rate = (run: () => void, work: number): number => {
    const best = Array.from({ length: REPEATS + 2 }, () => {
      const started = threadTime();
      for (let i = 0; i < 300; i++) run();
      return (threadTime() - started) / 300;
    });
    return (2 * work) / Math.min(...best) / 1e6;
  };
  const layer = rate(() => on.affine(x, w, bias, z), size ** 3);
  const { product } = memory.kernels;
  const room = memory.allocate(4 * 4096);
  // Four rows by eight columns by 256: 12 kB.
  const peak = rate(
    () => {
      for (let i = 0; i < 32; i++) product(4, 8, 256, room, room + 4096, 0, room + 12288, room + 14336);
    },
    32 * 4 * 8 * 256,
  );
  yield { what: 'dense products of 128 × 128 × 128', value: layer, unit: 'GFLOP/s' };
  yield { what: 'what WebAssembly reaches in the nearest cache here', value: peak, unit: 'GFLOP/s' };
  yield { what: 'share of it that the products reach', value: (100 * layer) / peak, unit: '%' };
}
