import { readFileSync } from 'node:fs';

const SCHEDULE = '/proc/thread-self/schedstat';
const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * Milliseconds that the calling thread has worked: what a person who types would have waited for, without what V8
 * compiles on other threads or what other programs took. Where the system does not tell (anything but Linux), the
 * whole process's.
 */
export function threadTime(): number {
  // The kernel brings the count up to date when it takes the thread from its processor.
  Atomics.wait(nobody, 0, 0, 1);
  const told = scheduled();
  if (told !== undefined) return told / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function scheduled(): number | undefined {
  try {
    return Number(readFileSync(SCHEDULE, 'utf8').split(' ', 1)[0]);
  } catch {
    return undefined;
  }
}
