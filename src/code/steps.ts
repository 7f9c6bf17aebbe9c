/** Work in steps, between which whoever drives it may rest. What comes of it is the same, however often that is. */
export type Steps<T> = Generator<void, T, void>;

/** All of it in one go. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
