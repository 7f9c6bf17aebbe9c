import { expect, it } from 'vitest';
import { Stopwatch } from '../../../src/session/clock';
import { handClock } from './scriptedWorker';

it('a stopwatch counts what passes between start and stop, on from where it stood', () => {
  const { clock, turn } = handClock();
  const watch = new Stopwatch(clock, 5);
  turn(1000);
  expect(watch.seconds).toBe(5);
  watch.start();
  turn(2000);
  // It runs already.
  watch.start();
  turn(500);
  expect(watch.seconds).toBe(7.5);
  watch.stop();
  turn(9000);
  watch.stop();
  expect(watch.seconds).toBe(7.5);
  watch.start();
  turn(250);
  expect(watch.seconds).toBe(7.75);
});
