import type { NetworkCheckpoint } from './checkpoint';

/** Numbers of a piece at most, which are 1 MB: whatever else is to be said on the way waits for no more than that. */
export const PIECE_NUMBERS = 262_144;

/** What a checkpoint says beside its tensors, and how long those are. */
export interface CheckpointHead extends Pick<NetworkCheckpoint, 'step' | 'sums' | 'lastLoss'> {
  readonly updates: number;
  readonly parameters: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** A large network's checkpoint has hundreds of megabytes, so it travels in pieces, one after the other. */
export interface CheckpointPiece {
  /** With the first piece. */
  readonly head?: CheckpointHead | undefined;
  /** Numbers that come before. */
  readonly from: number;
  readonly numbers: Float32Array;
}

const sizes = (tensors: readonly Float32Array[]) => tensors.map(({ length }) => length);

/** All tensors in the order in which they travel. */
const tensorsOf = ({ parameters, optimizer }: NetworkCheckpoint) => [
  ...parameters,
  ...optimizer.first,
  ...optimizer.second,
];

/** Each made when it is asked for, with numbers of its own; at least one. */
export function* piecesOf(checkpoint: NetworkCheckpoint, size = PIECE_NUMBERS): Generator<CheckpointPiece> {
  const { step, sums, lastLoss, parameters, optimizer } = checkpoint;
  const { updates, first, second } = optimizer;
  const head = {
    step,
    sums,
    ...(lastLoss === undefined ? {} : { lastLoss }),
    updates,
    parameters: sizes(parameters),
    first: sizes(first),
    second: sizes(second),
  };
  const tensors = tensorsOf(checkpoint);
  const total = tensors.reduce((sum, { length }) => sum + length, 0);
  let tensor = 0;
  let at = 0;
  for (let from = 0; from === 0 || from < total; from += size) {
    const numbers = new Float32Array(Math.min(size, total - from));
    for (let filled = 0; filled < numbers.length; ) {
      const part = tensors[tensor]!.subarray(at, at + numbers.length - filled);
      numbers.set(part, filled);
      filled += part.length;
      at += part.length;
      if (at < tensors[tensor]!.length) continue;
      tensor++;
      at = 0;
    }
    yield { ...(from === 0 ? { head } : {}), from, numbers };
  }
}

/** Puts one checkpoint together again. */
export class CheckpointAssembly {
  readonly #checkpoint: NetworkCheckpoint;
  readonly #tensors: readonly Float32Array[];
  readonly #total: number;
  #received = 0;
  #tensor = 0;
  #at = 0;

  constructor({ updates, parameters, first, second, ...rest }: CheckpointHead) {
    const made = (lengths: readonly number[]) => lengths.map((length) => new Float32Array(length));
    this.#checkpoint = {
      ...rest,
      parameters: made(parameters),
      optimizer: { updates, first: made(first), second: made(second) },
    };
    this.#tensors = tensorsOf(this.#checkpoint);
    this.#total = this.#tensors.reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Takes the next piece; the checkpoint once it is whole.
   *
   * @throws RangeError where the piece does not follow the one before, or goes beyond the end
   */
  add({ from, numbers }: CheckpointPiece): NetworkCheckpoint | undefined {
    if (from !== this.#received || from + numbers.length > this.#total)
      throw new RangeError(
        `Numbers ${from} to ${from + numbers.length} of a checkpoint of ${this.#total} came, expected those from ${this.#received} on.`,
      );
    for (let taken = 0; taken < numbers.length; ) {
      const tensor = this.#tensors[this.#tensor]!;
      const part = numbers.subarray(taken, taken + tensor.length - this.#at);
      tensor.set(part, this.#at);
      taken += part.length;
      this.#at += part.length;
      if (this.#at < tensor.length) continue;
      this.#tensor++;
      this.#at = 0;
    }
    this.#received += numbers.length;
    return this.#received === this.#total ? this.#checkpoint : undefined;
  }
}
