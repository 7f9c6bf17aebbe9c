import * as tf from '@tensorflow/tfjs-core';

/** What is used of tfjs's wasm backend, which has no types for it. */
interface Allocator {
  _malloc(bytes: number): number;
  _free(at: number): void;
}

const unsigned = new WeakSet<Allocator>();

/**
 * Lets tfjs's wasm backend, which is in force, use all of its 4 GB: its allocator answers in signed numbers, so that
 * places above 2 GB are negative, and nothing can be written there.
 */
export function reachAllMemory(): void {
  const { wasm } = tf.backend() as unknown as { readonly wasm?: Allocator };
  if (typeof wasm?._malloc !== 'function' || unsigned.has(wasm)) return;
  // The first call puts the allocator itself in its place.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => allocate(bytes) >>> 0;
  unsigned.add(wasm);
}
