import { beforeEach, describe, expect, it } from 'vitest';
import type { NetworkCheckpoint } from '../../../src/core/runs/checkpoint';
import { PIECE_NUMBERS } from '../../../src/core/runs/checkpointPieces';
import { CheckpointPost } from '../../../webview/run/checkpointPost';
import { settled } from './scripted';

const large = (step: number, pieces = 3): NetworkCheckpoint => ({
  step,
  sums: { loss: 0, correct: 0, seen: 0 },
  parameters: [new Float32Array(pieces * PIECE_NUMBERS).fill(step)],
  optimizer: { updates: step, first: [], second: [] },
});

/** Pieces on their way, which arrive when the test says so. */
let underWay: { what: string; arrive(): void; fail(): void }[];
let sent: string[];
let problems: string[];
let post: CheckpointPost;

beforeEach(() => {
  underWay = [];
  sent = [];
  problems = [];
  post = new CheckpointPost(
    (network, { from, numbers }) =>
      new Promise((arrive, reject) => {
        const what = `${network} ${numbers[0]} ${from / PIECE_NUMBERS}`;
        sent.push(what);
        underWay.push({ what, arrive, fail: () => reject(new Error('gone')) });
      }),
    (network, error) => void problems.push(`${network}: ${(error as Error).message}`),
  );
});

async function arrive(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    underWay.shift()!.arrive();
    await settled();
  }
}

describe('the way of checkpoints to the host', () => {
  it('has one piece at a time, of one network at a time', async () => {
    let taken = 0;
    void post.add('a', large(1)).then(() => taken++);
    void post.add('b', large(2, 1)).then(() => taken++);
    await settled();
    for (let i = 0; i < 3; i++) {
      expect(underWay.map(({ what }) => what)).toEqual([`a 1 ${i}`]);
      await arrive();
    }
    expect(underWay.map(({ what }) => what)).toEqual(['b 2 0']);
    expect(taken).toBe(0);
    await arrive();
    expect([taken, underWay]).toEqual([2, []]);
  });

  it('has only the newest of what waits', async () => {
    for (let step = 1; step <= 5; step++) void post.add('a', large(step, 1));
    await settled();
    await arrive(2);
    expect(sent).toEqual(['a 1 0', 'a 5 0']);
    expect(underWay).toEqual([]);
  });

  it('gives a checkpoint up where a piece does not arrive, and goes on with the next', async () => {
    void post.add('a', large(1));
    void post.add('b', large(2, 1));
    await settled();
    await arrive();
    underWay.shift()!.fail();
    await settled();
    expect(problems).toEqual(['a: gone']);
    expect(underWay.map(({ what }) => what)).toEqual(['b 2 0']);
  });

  it('sends nothing more once it is closed', async () => {
    const whole = post.add('a', large(1));
    void post.add('b', large(2));
    post.close();
    await arrive();
    await whole;
    void post.add('a', large(3));
    await settled();
    expect(sent).toEqual(['a 1 0']);
  });

  it('leaves out networks that need none any more', async () => {
    void post.add('a', large(1, 1));
    void post.add('b', large(2, 1));
    void post.add('c', large(3, 1));
    post.drop(['b']);
    await settled();
    await arrive(2);
    expect(sent).toEqual(['a 1 0', 'c 3 0']);
  });
});
