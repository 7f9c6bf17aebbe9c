import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { OperationKernels } from '../../../src/engine/kernels/operations';
import { DenseTraining } from '../../../src/engine/train/denseTraining';
import { startWasm } from './backend';
import { ownKernels, wasmMemory } from './kernelSets';

const widths = [12, 9, 5, 3];
const COUNT = 7;

/** What two steps and an evaluation leave: losses, norms, parameters, and what Adam keeps of them. */
async function trained(on: Kernels, activation: string): Promise<number[]> {
  const number = (i: number) => Math.sin(1 + i * 12.9898);
  const weights = widths.slice(1).map((fanOut, l) => ({
    fanIn: widths[l]!,
    fanOut,
    kernel: Float32Array.from({ length: widths[l]! * fanOut }, (_, i) => number(i + 31 * l)),
    bias: Float32Array.from({ length: fanOut }, (_, i) => 0.1 * number(i)),
  }));
  const training = new DenseTraining(on, weights, { activation, optimizer: 'adam', learningRate: 0.01 });
  const batches = training.batches({
    count: COUNT,
    features: Uint8Array.from({ length: COUNT * 12 }, (_, i) => (i % 5 === 0 ? 0 : (i * 37) % 256)),
    targets: Uint8Array.from({ length: COUNT }, (_, i) => i % 3),
  });
  const order = Uint32Array.from({ length: COUNT }, (_, i) => i);
  for (const probing of [true, false]) training.step(batches.gather(order, 0, COUNT), probing);
  const { lossSum, correct } = await training.evaluate(batches.gather(order, 1, COUNT));
  const { parameters, optimizer } = await training.state();
  const rows = [await training.steps.read(), await training.probes.read()];
  const found = [
    lossSum,
    correct,
    ...[...rows, ...parameters, ...optimizer.first, ...optimizer.second].flatMap((all) => [...all]),
  ];
  training.dispose();
  return found;
}

interface Allocator {
  readonly wasm: { _malloc(bytes: number): number; _free(at: number): void };
}

describe('in the upper half of WebAssembly’s 4 GB', () => {
  beforeAll(startWasm);

  it.each([
    ['our own kernels', ownKernels, 'relu'],
    ['our own kernels with an activation of tfjs', ownKernels, 'mish'],
    ['tfjs’s operations', () => new OperationKernels(), 'tanh'],
  ] as const)('%s compute as in the lower one', async (_, make, activation) => {
    const low = await trained(make(), activation);
    expect(low.every(Number.isFinite)).toBe(true);
    const { wasm } = tf.backend() as unknown as Allocator;
    const held: number[] = [];
    try {
      // Nobody touches it, so that the machine gives no memory for it; then what is left free below.
      for (const size of [100 * 2 ** 20, 2 ** 20, 2 ** 16, 2 ** 12, 2 ** 8, 16]) {
        do held.push(wasm._malloc(size));
        while (held.at(-1)! < 2 ** 31);
      }
      expect(await trained(make(), activation)).toEqual(low);
    } finally {
      for (const at of held) wasm._free(at);
    }
  });

  it('says so where there is no more', () => {
    expect(() => wasmMemory().allocate(4_200_000_000)).toThrow('No memory is left');
  });
});
