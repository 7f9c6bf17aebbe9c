import { constants } from 'node:os';

/** Shells count so where a signal ended a command. */
const SIGNALLED = 128;
const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof stopping)[number];

export const exitCodeOf = (signal: StopSignal): number => SIGNALLED + constants.signals[signal];

/** Trains; the first signal to end stops the training, so that what is recorded is told, and the second one ends all at once. */
export async function untilOverOrStopped(training: {
  start(): Promise<void>;
  stop(): void;
}): Promise<StopSignal | undefined> {
  let stopped: StopSignal | undefined;
  const handlers = stopping.map((signal) => {
    const stop = () => {
      stopped = signal;
      for (const [each, handler] of handlers) process.off(each, handler);
      training.stop();
    };
    process.on(signal, stop);
    return [signal, stop] as const;
  });
  try {
    await training.start();
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
  return stopped;
}
