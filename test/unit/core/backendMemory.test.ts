import { describe, expect, it } from 'vitest';
import {
  type BackendMemories,
  MOST_REMEMBERED,
  readMemories,
  recalled,
  shapeOf,
  withMemory,
  withoutMemory,
} from '../../../src/core/experiment/backendMemory';
import { type ChosenBackend, chosenOf } from '../../../src/core/experiment/backendTiming';
import { paperConfig } from '../../../src/core/experiment/config';

const took = (backend: ChosenBackend['backend']): ChosenBackend => chosenOf([{ backend, millisecondsPerStep: 1 }]);

describe('what is remembered of backends', () => {
  it('is the last of each machine and shape, and no more than a number', () => {
    let memories: BackendMemories = [];
    for (let i = 0; i < 200; i++) memories = withMemory(memories, `key ${i % 80}`, took(i < 150 ? 'wasm' : 'webgl'));
    expect(memories).toHaveLength(MOST_REMEMBERED);
    expect(recalled(memories, 'key 39')?.backend).toBe('webgl');
    expect(recalled(memories, 'key 41')).toBeUndefined();
    expect(recalled(withoutMemory(memories, 'key 39'), 'key 39')).toBeUndefined();
    expect(readMemories(JSON.parse(JSON.stringify(memories)))).toEqual(memories);
  });

  it.each([
    ['nothing', undefined],
    ['another value', 'wasm'],
    ['no list', { key: 'a', chosen: took('wasm') }],
    ['an unknown backend', [{ key: 'a', chosen: { backend: 'cuda', trials: [] } }]],
    [
      'a time that is none',
      [{ key: 'a', chosen: { backend: 'wasm', trials: [{ backend: 'wasm', millisecondsPerStep: -1 }] } }],
    ],
    ['a key without end', [{ key: 'a'.repeat(10_000), chosen: took('wasm') }]],
    ['far too many', Array.from({ length: 1000 }, (_, i) => ({ key: `${i}`, chosen: took('wasm') }))],
  ])('is not used where %s was stored', (_, stored) => {
    expect(readMemories(stored)).toBeUndefined();
  });

  it('differs by widths, batch, optimiser and density', () => {
    const images = (share: number) => Uint8Array.from({ length: 1000 }, (_, i) => (i < share * 1000 ? 9 : 0));
    const data = { inputs: 784, classes: 10, images: images(0.2) };
    expect(shapeOf(paperConfig, data)).toBe('784-128-10 · batch 128 · adam · sparse');
    expect(shapeOf({ ...paperConfig, hidden: [64, 64, 32] }, { ...data, images: images(0.9) })).toBe(
      '784-64x2-32-10 · batch 128 · adam · dense',
    );
    expect(shapeOf({ ...paperConfig, batchSize: 32, optimizer: 'sgd' }, { ...data, images: undefined })).toBe(
      '784-128-10 · batch 32 · sgd · drawn',
    );
  });
});
