import type { NetworkCheckpoint } from '../../src/core/runs/checkpoint';
import { type CheckpointPiece, piecesOf } from '../../src/core/runs/checkpointPieces';

/**
 * Takes checkpoints to the host, one at a time and piece by piece: the next piece goes once the host has the one before,
 * so that whatever else is to be said never waits behind a large network. Of each network only the newest is sent.
 */
export class CheckpointPost {
  readonly #waiting = new Map<string, NetworkCheckpoint>();
  #sending: Promise<void> | undefined;
  #closed = false;

  /**
   * @param send resolves once the host has the piece
   * @param onProblem hears why a checkpoint was given up
   */
  constructor(
    private readonly send: (network: string, piece: CheckpointPiece) => Promise<void>,
    private readonly onProblem: (network: string, error: unknown) => void,
  ) {}

  /** Resolves once it is with the host, was overtaken by a newer one, or given up. */
  add(network: string, checkpoint: NetworkCheckpoint): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#waiting.set(network, checkpoint);
    return this.whole();
  }

  /** Resolves once nothing waits. */
  async whole(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    await this.#sending;
  }

  /** These networks need none any more. */
  drop(networks: Iterable<string>): void {
    for (const network of networks) this.#waiting.delete(network);
  }

  /** Sends nothing more; what is under way stays without its end. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const [network, checkpoint] = next;
      this.#waiting.delete(network);
      try {
        for (const piece of piecesOf(checkpoint)) {
          if (this.#closed) return;
          await this.send(network, piece);
        }
      } catch (error) {
        this.onProblem(network, error);
      }
    }
  }
}
