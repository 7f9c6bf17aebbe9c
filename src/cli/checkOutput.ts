import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';

/** Writes to a stream no faster than its reader reads, and learns when nobody reads any more. */
export class Output {
  #closed = false;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#closed = true;
    });
  }

  /** Whether the reader has gone, as `head` does. */
  get closed(): boolean {
    return this.#closed;
  }

  async write(text: string): Promise<void> {
    if (this.#closed || text === '') return;
    try {
      if (!this.stream.write(text)) await once(this.stream, 'drain');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      this.#closed = true;
    }
  }

  /** A turn in which the stream can tell what went wrong. */
  turn(): Promise<void> {
    return setImmediate();
  }
}
