import { expect, it } from 'vitest';
import { chosenOf } from '../../../src/core/experiment/backendTiming';
import { BackendStore } from '../../../src/host/runs/backendStore';

const wasm = chosenOf([{ backend: 'wasm', millisecondsPerStep: 1 }]);

/** What VS Code keeps, as JSON. */
function memento(first?: unknown) {
  let kept = first === undefined ? undefined : JSON.stringify(first);
  return {
    get: <T>(): T | undefined => (kept === undefined ? undefined : JSON.parse(kept)),
    async update(_key: string, value: unknown) {
      kept = value === undefined ? undefined : JSON.stringify(value);
    },
  };
}

it('remembers for one version of the extension, and forgets one or all', async () => {
  const memory = memento();
  const warned: string[] = [];
  const store = new BackendStore(memory, '1.0.0', (text) => warned.push(text));
  expect(store.recall('a')).toBeUndefined();
  await store.keep('a', wasm);
  await store.keep('b', wasm);
  expect(store.recall('a')).toEqual(wasm);
  expect(new BackendStore(memory, '1.0.1', () => {}).recall('a')).toBeUndefined();
  await store.forget('a');
  expect([store.recall('a'), store.recall('b')]).toEqual([undefined, wasm]);
  await store.forgetAll();
  expect(store.recall('b')).toBeUndefined();
  expect(warned).toEqual([]);
});

it('passes over what it cannot read, with a word, and what cannot be kept', async () => {
  const warned: string[] = [];
  const store = new BackendStore(memento({ wasm: true }), '1.0.0', (text) => warned.push(text));
  expect(store.recall('a')).toBeUndefined();
  expect(warned).toEqual(['What was remembered of backends cannot be read and is passed over.']);
  await store.keep('a', wasm);
  expect(store.recall('a')).toEqual(wasm);
  const full = { get: () => undefined, update: () => Promise.reject(new Error('the disk is full')) };
  await new BackendStore(full, '1.0.0', (text) => warned.push(text)).keep('a', wasm);
  expect(warned.at(-1)).toBe('The backend could not be remembered: the disk is full');
});
