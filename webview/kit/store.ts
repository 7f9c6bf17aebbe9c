/** A value to look at, for those who do not change it. */
export interface Store<T> {
  get(): T;
  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** A value that tells when it was replaced. */
export class ValueStore<T extends object> implements Store<T> {
  readonly #listeners = new Set<() => void>();

  constructor(private value: T) {}

  // Bound: components pass them on as plain functions.
  readonly get = (): T => this.value;

  set(change: Partial<T>): void {
    this.value = { ...this.value, ...change };
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
