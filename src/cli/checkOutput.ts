import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** Writes to a stream no faster than its reader reads, and learns when nobody reads any more. */
export class Output {
  #closed = false;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', () => {
      this.#closed = true;
    });
  }

  /** Whether nothing can be written any more: the reader has gone, as `head` does, or the disk is full. */
  get closed(): boolean {
    return this.#closed;
  }

  async write(text: string): Promise<void> {
    if (this.#closed || text === '') return;
    try {
      if (!this.stream.write(text)) await once(this.stream, 'drain');
    } catch {
      // It has told so itself.
      this.#closed = true;
    }
  }

  /** A turn in which the stream can tell what went wrong. */
  turn(): Promise<void> {
    return setImmediate();
  }
}
