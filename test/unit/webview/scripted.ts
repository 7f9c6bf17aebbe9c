import { connect, type Transport } from '../../../src/protocol/channel';
import type { Contract, Remote, Service } from '../../../src/protocol/contract';
import type { Clock } from '../../../src/session/clock';
import type { WorkerHandle } from '../../../src/session/trainingWorker';

/** Both ends of a way for messages, which travel as copies and arrive a moment later. */
export function wire(): { readonly here: Transport; readonly there: Transport; cut(): void } {
  const receivers: (((message: unknown) => void) | undefined)[] = [];
  let whole = true;
  const end = (own: 0 | 1): Transport => ({
    post(message) {
      const copy = structuredClone(message);
      queueMicrotask(() => {
        if (whole) receivers[1 - own]?.(copy);
      });
    },
    listen(receive) {
      receivers[own] = receive;
      return () => {
        if (receivers[own] === receive) receivers[own] = undefined;
      };
    },
  });
  return {
    here: end(0),
    there: end(1),
    cut: () => {
      whole = false;
    },
  };
}

/** A host that answers as the test says; `page` asks things of the page. */
export function scriptedHost<Serves extends Contract, Calls extends Contract>(
  serves: Serves,
  service: Service<Serves>,
  calls: Calls,
): { readonly transport: Transport; readonly page: Remote<Calls> } {
  const { here, there } = wire();
  const { remote } = connect(there, serves, service, calls, (error) => {
    throw error;
  });
  return { transport: here, page: remote };
}

/** A worker that answers as the test says. */
export interface ScriptedWorker<Calls extends Contract> {
  readonly handle: WorkerHandle;
  readonly news: Remote<Calls>;
  readonly ended: boolean;
  die(reason: string): void;
}

export function scriptedWorker<Serves extends Contract, Calls extends Contract>(
  serves: Serves,
  service: Service<Serves>,
  calls: Calls,
): ScriptedWorker<Calls> {
  const { here, there, cut } = wire();
  const { remote } = connect(there, serves, service, calls, () => {});
  let died: (reason: string) => void = () => {};
  const worker = {
    handle: {
      transport: here,
      terminate() {
        worker.ended = true;
        cut();
      },
      onDied(listener: (reason: string) => void) {
        died = listener;
      },
    },
    news: remote,
    ended: false,
    die: (reason: string) => died(reason),
  };
  return worker;
}

/** Time that the test turns. */
export class HandClock implements Clock {
  #now = 0;
  #due: { readonly at: number; readonly call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.#now + milliseconds, call };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((each) => each !== entry);
    };
  }

  /** Lets time pass, and what it sets off come to its end. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** After all that is under way in memory. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A promise that the test keeps or breaks. */
export function promised<T>(): {
  readonly promise: Promise<T>;
  keep(value: T): void;
  breakWith(reason: string): void;
} {
  let keep: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolve, fail) => {
    keep = resolve;
    reject = fail;
  });
  return { promise, keep: (value) => keep(value), breakWith: (reason) => reject(new Error(reason)) };
}
