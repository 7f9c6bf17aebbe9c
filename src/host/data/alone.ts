import type { Clock } from '../clock';
import { BEAT_MILLISECONDS, type RunLock } from '../runs/runLock';

/** So often a window looks whether another one is done. */
const LOOK_MILLISECONDS = 1000;

export interface AloneOptions {
  readonly lock: Pick<RunLock, 'hold' | 'foreign' | 'release'>;
  readonly clock: Clock;
  /** Ends the waiting; rejects with its reason. */
  readonly signal: AbortSignal;
  /** Another window is at it. */
  onWait(): void;
}

/** Does what one window at a time may do: waits while another window does it, which says so by the beat of its lock. */
export async function alone<T>(what: string, options: AloneOptions, act: () => Promise<T>): Promise<T> {
  const { lock, clock, signal, onWait } = options;
  // Asked for in the same moment by two, it has the one who wrote last: so it is read back.
  while (!(await lock.hold(what)) || (await lock.foreign(what)) !== undefined) {
    onWait();
    await rest(clock, signal);
  }
  let cancel = () => {};
  let beaten: Promise<unknown> = Promise.resolve();
  const beat = () => {
    cancel = clock.after(BEAT_MILLISECONDS, () => {
      beat();
      // One after the other; one that is missed is followed by others.
      beaten = beaten.then(() => lock.hold(what)).catch(() => {});
    });
  };
  beat();
  try {
    signal.throwIfAborted();
    return await act();
  } finally {
    cancel();
    // One under way would put the lock back.
    await beaten;
    await lock.release(what).catch(() => {});
  }
}

function rest(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(LOOK_MILLISECONDS, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
