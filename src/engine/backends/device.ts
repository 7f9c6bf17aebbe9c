import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../../core/experiment/config';

/** What computes, as a training has to know it: a GPU may be lost, with all that was on it. */
export interface Device {
  /**
   * What was read of it.
   *
   * @throws LostDeviceError where it was lost before the reading was done: what was read is not what was computed
   */
  read<T>(reading: Promise<T>): Promise<T>;
  /** Whether an error comes of a loss, which may be heard of only a moment later. */
  isLost(error: unknown): Promise<boolean>;
}

/** The GPU has lost what was on it: its driver was reset, its process died, or others needed the memory. */
export class LostDeviceError extends Error {
  override readonly name = 'LostDeviceError';
  constructor() {
    super('The GPU has lost what was on it.');
  }
}

/** An operation may fail so long before the loss is heard of. */
const HEARD_WITHIN = 1000;

/** The main memory is not lost. */
const processor: Device = { read: (reading) => reading, isLost: async () => false };

let current: Device = processor;

/** That of the backend that was started last. */
export const device = (): Device => current;

/** To be called once a backend is the current one. */
export function watchDevice(name: BackendName): void {
  current = name === 'webgl' || name === 'webgpu' ? graphics(whenLost(name), confirmed) : processor;
}

/** Resolves where tfjs's context of this backend is lost. */
function whenLost(name: 'webgl' | 'webgpu'): Promise<unknown> {
  if (name === 'webgpu') return (tf.backend() as unknown as { device: { lost: Promise<unknown> } }).device.lost;
  const { canvas } = (tf.backend() as unknown as { gpgpu: { gl: { canvas: EventTarget } } }).gpgpu.gl;
  return new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
}

/** Whether the GPU still computes: reading what is lost gives zeros before anybody says that it is lost. */
async function confirmed(): Promise<boolean> {
  const sum = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(1)));
  const [two] = await sum.data();
  sum.dispose();
  return two === 2;
}

/**
 * @param lost resolves where it is lost
 * @param confirm false where it does not compute any more; what was read before it answered is right otherwise
 */
export function graphics(lost: Promise<unknown>, confirm: () => Promise<boolean>): Device {
  let isGone = false;
  const gone = lost.then(() => {
    isGone = true;
    throw new LostDeviceError();
  });
  gone.catch(() => {});
  const read = async <T>(reading: Promise<T>): Promise<T> => {
    const found = await reading;
    if (!(await confirm()) || isGone) throw new LostDeviceError();
    return found;
  };
  return {
    // A reading of what is lost may never come back.
    read: (reading) => Promise.race([read(reading), gone]),
    async isLost(error) {
      if (error instanceof LostDeviceError || isGone) return true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const quiet = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, HEARD_WITHIN);
      });
      await Promise.race([gone, quiet]).catch(() => {});
      clearTimeout(timer);
      return isGone;
    },
  };
}
