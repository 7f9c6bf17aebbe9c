import { describe, expect, it } from 'vitest';
import type { NetworkCheckpoint } from '../../../../src/core/runs/checkpoint';
import { CheckpointAssembly, PIECE_NUMBERS, piecesOf } from '../../../../src/core/runs/checkpointPieces';

const series = (length: number, first: number) => Float32Array.from({ length }, (_, i) => first + i);

const checkpoint: NetworkCheckpoint = {
  step: 7,
  sums: { loss: 1.5, correct: 3, seen: 8 },
  lastLoss: 0.25,
  parameters: [series(5, 0), series(0, 0), series(2, 100)],
  optimizer: { updates: 7, first: [series(5, 200), series(0, 0), series(2, 300)], second: [] },
};

function assembled(whole: NetworkCheckpoint, size?: number): (NetworkCheckpoint | undefined)[] {
  const [first, ...rest] = piecesOf(whole, size);
  const assembly = new CheckpointAssembly(first!.head!);
  return [first!, ...rest].map((piece) => assembly.add(piece));
}

describe('a checkpoint in pieces', () => {
  it('of any size is put together as it was, with its last piece', () => {
    for (let size = 1; size <= 20; size++) {
      const all = assembled(checkpoint, size);
      expect(all).toHaveLength(Math.ceil(14 / size));
      expect(all.pop()).toEqual(checkpoint);
      expect(all.every((each) => each === undefined)).toBe(true);
    }
  });

  it('of a small network is one piece, of a large one pieces of 1 MB with buffers of their own', () => {
    expect([...piecesOf(checkpoint)]).toHaveLength(1);
    const { lastLoss: _, ...rest } = checkpoint;
    const large = { ...rest, parameters: [series(3 * PIECE_NUMBERS, 0), series(1, 5)] };
    const pieces = [...piecesOf(large)];
    expect(pieces.map(({ from }) => from)).toEqual([0, 1, 2, 3].map((i) => i * PIECE_NUMBERS));
    expect(Math.max(...pieces.map(({ numbers }) => numbers.buffer.byteLength))).toBe(4 * PIECE_NUMBERS);
    expect(pieces.flatMap(({ head }) => head ?? [])).toHaveLength(1);
    expect(assembled(large).at(-1)).toEqual(large);
  });

  it('without any numbers is still told', () => {
    const empty = { ...checkpoint, parameters: [], optimizer: { updates: 0, first: [], second: [] } };
    expect(assembled(empty)).toEqual([empty]);
  });

  it('refuses a piece that does not follow the one before', () => {
    const [first, second, third] = piecesOf(checkpoint, 5);
    const assembly = new CheckpointAssembly(first!.head!);
    assembly.add(first!);
    expect(() => assembly.add(third!)).toThrow(
      'Numbers 10 to 14 of a checkpoint of 14 came, expected those from 5 on.',
    );
    assembly.add(second!);
    expect(assembly.add(third!)).toEqual(checkpoint);
  });
});
