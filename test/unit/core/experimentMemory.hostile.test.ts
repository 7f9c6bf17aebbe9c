import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits, optimizerNames, paperConfig } from '../../../src/core/experiment/config';
import {
  fittingAtOnce,
  formatBytes,
  memoryProblem,
  networkMemory,
  type TrainedData,
  WASM_BYTES,
  withoutMemoryErrors,
} from '../../../src/core/experiment/memory';
import { inputs } from '../hostile';

const GB = 2 ** 30;
const mnist: TrainedData = { train: 60_000, test: 10_000, inputs: 784, classes: 10, sparse: true };
const widths = (count: number, units = 4096) => ({ ...paperConfig, hidden: Array<number>(count).fill(units) });

describe('the memory that a training takes', () => {
  it('is what the kernels allocate', () => {
    // 784-128-10 with Adam: 101,770 parameters, each with gradient and two moments.
    expect(networkMemory(paperConfig, mnist, 'wasm').parameters).toBe(4 * 101_770 * 4);
    expect(networkMemory({ ...paperConfig, optimizer: 'sgd' }, mnist, 'wasm').parameters).toBe(2 * 101_770 * 4);
    // Batches of 128 and the last of 96, evaluations of 200: three numbers for each of 138 units.
    expect(networkMemory(paperConfig, mnist, 'wasm').passing).toBe(3 * 4 * 138 * (128 + 96 + 200));
  });

  it('within the bounds of the settings may be too much, which is said with what would fit', () => {
    expect(memoryProblem(paperConfig, mnist, 'wasm', undefined)).toBeUndefined();
    expect(memoryProblem(widths(15), mnist, 'wasm', undefined)).toBeUndefined();
    expect(memoryProblem(widths(50), mnist, 'wasm', undefined)).toBe(
      'A network of this size takes 13.3 GB of memory to train (12.3 GB for parameters, gradients and what adam keeps; 1.0 GB for batches of 128), and the wasm backend has 3.9 GB. What would fit is layers of 2,150 units at most, or 15 such hidden layers.',
    );
    expect(memoryProblem({ ...widths(20), optimizer: 'adam' }, mnist, 'wasm', undefined)).toContain(
      'the optimizer sgd, which keeps nothing',
    );
  });

  it('is of parameters and gradients alone where the optimiser keeps nothing', () => {
    expect(memoryProblem({ ...widths(50), optimizer: 'sgd' }, mnist, 'wasm', undefined)).toContain(
      ' GB for parameters, gradients; ',
    );
  });

  it('of images that are very large hangs on the batch', () => {
    const images = { ...mnist, inputs: 4096 * 4096, sparse: false };
    const problem = memoryProblem({ ...paperConfig, hidden: [4] }, images, 'wasm', undefined);
    expect(problem).toMatch(/^A network of this size takes .* and the wasm backend has 3\.9 GB\./);
    expect(memoryProblem(widths(1), { ...images, inputs: 10_000 * 10_000 }, 'wasm', undefined)).toContain(
      'No network fits on images of 100,000,000 pixels',
    );
  });

  it('names the largest batch that would do, where a smaller one is all that is needed', () => {
    const images = { ...mnist, test: 1, inputs: 4096 * 4096, sparse: false };
    const problemOf = (batchSize: number) =>
      memoryProblem({ ...paperConfig, hidden: [4], batchSize }, images, 'wasm', undefined);
    const batch = Number(/What would fit is a batch size of (\d+)/.exec(problemOf(128)!)![1]);
    expect(problemOf(batch)).toBeUndefined();
    expect(problemOf(batch + 1)).toBeDefined();
  });

  it('is bounded by the machine where that is known, and on a GPU by nothing that is known', () => {
    expect(memoryProblem(widths(15), mnist, 'wasm', 2 * GB)).toContain('this machine has 2.0 GB');
    expect(memoryProblem(widths(50), mnist, 'cpu', undefined)).toBeUndefined();
    expect(memoryProblem(widths(50), mnist, 'cpu', 8 * GB)).toContain('this machine has 8.0 GB');
    expect(memoryProblem(widths(50), mnist, 'webgl', 8 * GB)).toBeUndefined();
  });

  it('whatever is refused, every change that is named would fit', () => {
    const network = fc.record({
      hidden: fc.array(fc.integer({ min: 1, max: limits.width.max }), { minLength: 1, maxLength: 50 }),
      batchSize: fc.integer({ min: 1, max: limits.batchSize.max }),
      optimizer: fc.constantFrom(...optimizerNames),
    });
    const data = fc.record({
      train: fc.integer({ min: 1, max: 100_000 }),
      test: fc.integer({ min: 1, max: 100_000 }),
      inputs: fc.integer({ min: 1, max: 4096 * 4096 }),
      classes: fc.integer({ min: 2, max: 256 }),
      sparse: fc.boolean(),
    });
    fc.assert(
      fc.property(network, data, fc.constantFrom('wasm', 'cpu'), (wanted, data, backend) => {
        const memory = networkMemory(wanted, data, backend);
        expect(Number.isSafeInteger(memory.total)).toBe(true);
        const machine = 4 * GB;
        const problem = memoryProblem(wanted, data, backend, machine);
        expect(problem === undefined).toBe(
          memory.total <= Math.min(machine, backend === 'wasm' ? WASM_BYTES : machine),
        );
        if (problem === undefined) return;
        const named = (pattern: RegExp) => Number(pattern.exec(problem)?.[1]?.replaceAll(',', ''));
        const fits = (change: Partial<typeof wanted>) =>
          memoryProblem({ ...wanted, ...change }, data, backend, machine) === undefined;
        const batch = named(/a batch size of ([\d,]+)/);
        if (batch) expect(fits({ batchSize: batch })).toBe(true);
        const units = named(/layers of ([\d,]+) units/);
        if (units) expect(fits({ hidden: wanted.hidden.map((each) => Math.min(each, units)) })).toBe(true);
        const layers = named(/([\d,]+) such hidden/);
        if (layers) expect(fits({ hidden: wanted.hidden.slice(0, layers) })).toBe(true);
        if (problem.includes('sgd')) expect(fits({ optimizer: 'sgd' })).toBe(true);
        expect(problem).toMatch(/What would fit is|No network fits/);
      }),
      inputs(300),
    );
  });

  it('decides how many networks train at the same time', () => {
    expect(fittingAtOnce(6, GB, undefined)).toBe(6);
    expect(fittingAtOnce(6, GB, 8 * GB)).toBe(6);
    expect(fittingAtOnce(6, 2 * GB, 8 * GB)).toBe(3);
    expect(fittingAtOnce(6, 7 * GB, 8 * GB)).toBe(1);
  });

  it('is written as people count it', () => {
    expect([1, 1.2e6, 1020 * 2 ** 20, 6.14 * GB, 5000 * GB].map(formatBytes)).toEqual([
      '1 MB',
      '2 MB',
      '1.0 GB',
      '6.1 GB',
      '5,000 GB',
    ]);
  });
});

describe('an error of used-up memory', () => {
  it.each([
    'table index is out of bounds',
    'memory access out of bounds',
    'Aborted(). Build with -sASSERTIONS for more info.',
    'Invalid typed array length: 12800000000',
    'Array buffer allocation failed',
    'offset is out of bounds',
    'Worker terminated due to reaching memory limit: JS heap out of memory',
    'WebAssembly.Memory.grow(): Maximum memory size exceeded',
    'No memory is left for 25600000 bytes. Choose a smaller network or batch.',
  ])('becomes a sentence about memory: %s', (message) => {
    const text = withoutMemoryErrors(message, { ...paperConfig, batchSize: 128 });
    expect(text).toMatch(
      /^Its memory was used up \(.*\)\. Choose a batch smaller than 128, layers of fewer than 128 units, or fewer networks/,
    );
  });

  it('quotes it in one line of 120 characters, without its full stop', () => {
    expect(withoutMemoryErrors('out of memory.\n\t  See  above.', paperConfig)).toContain('(out of memory. See above)');
    expect(/\((.*)\)/.exec(withoutMemoryErrors(`out of memory ${'x'.repeat(500)}`, paperConfig))![1]).toHaveLength(120);
  });

  it('advises no batch smaller than the smallest', () => {
    const text = withoutMemoryErrors('out of memory', {
      hidden: [8, 64, 32],
      batchSize: limits.batchSize.min,
      optimizer: 'sgd',
    });
    expect(text).toContain('Choose layers of fewer than 64 units, or fewer networks');
    expect(text).not.toContain('batch');
  });

  it('is told from others', () => {
    const message = 'The batch has the wrong shape.';
    expect(withoutMemoryErrors(message, paperConfig)).toBe(message);
  });
});
