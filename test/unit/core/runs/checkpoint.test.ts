import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeCheckpoints,
  encodeCheckpoints,
  fittingCheckpoints,
  type NetworkCheckpoint,
} from '../../../../src/core/runs/checkpoint';
import { NewerRunError, RunFileError } from '../../../../src/core/runs/fileError';
import { checkpointAt, emptyRun, tensors, train } from './runs';

describe('checkpoints as a file', () => {
  test('come back as they were', () => {
    const sgd = { ...checkpointAt(3), lastLoss: 0.25, optimizer: { updates: 3, first: [], second: [] } };
    const all = new Map([
      ['sigmoid#0', checkpointAt(9)],
      ['relu#0', sgd],
    ]);
    expect(decodeCheckpoints(encodeCheckpoints(all))).toEqual(all);
    expect(decodeCheckpoints(encodeCheckpoints(new Map())).size).toBe(0);
  });

  const bytes = encodeCheckpoints(new Map([['sigmoid#0', checkpointAt(9)]]));

  test('are refused in a sentence where they are cut or changed anywhere', () => {
    for (let end = 0; end < bytes.length; end += 7) {
      expect(() => decodeCheckpoints(bytes.subarray(0, end))).toThrow(RunFileError);
    }
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const damaged = bytes.slice();
        damaged[at]! ^= 1 << bit;
        expect(() => decodeCheckpoints(damaged)).toThrow(RunFileError);
      }),
    );
  });

  test('of a newer version are told apart', () => {
    const newer = bytes.slice();
    newer[8] = 2;
    expect(() => decodeCheckpoints(newer)).toThrow(NewerRunError);
  });

  test('are read from the middle of a buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeCheckpoints(shifted.subarray(3)).get('sigmoid#0')).toEqual(checkpointAt(9));
  });
});

test('a run goes on only from checkpoints that fit it', () => {
  const run = emptyRun();
  for (const network of run.networks) train(run, network, 6);
  const fitting = (checkpoint: NetworkCheckpoint, id = 'relu#0') => [
    ...fittingCheckpoints(run, new Map([[id, checkpoint]])).keys(),
  ];
  expect(fitting(checkpointAt(6))).toEqual(['relu#0']);
  expect(fitting({ ...checkpointAt(6), optimizer: { updates: 6, first: [], second: [] } })).toEqual(['relu#0']);
  expect(fitting(checkpointAt(7))).toEqual([]);
  expect(fitting(checkpointAt(6), 'tanh#0')).toEqual([]);
  expect(fitting({ ...checkpointAt(6), parameters: tensors(1).slice(1) })).toEqual([]);
  expect(fitting({ ...checkpointAt(6), optimizer: { updates: 6, first: [new Float32Array(1)], second: [] } })).toEqual(
    [],
  );
  train(run, run.networks[1]!, 6);
  expect(fitting(checkpointAt(6))).toEqual([]);
});
