import { beforeEach } from 'vitest';

/** For tests that go on where the one before them stopped: after a failure the later ones have nothing to go on from. */
export function inTurn(): void {
  let failed = false;
  beforeEach(({ onTestFailed, skip }) => {
    skip(failed, 'an earlier step failed');
    onTestFailed(() => {
      failed = true;
    });
  });
}
