/** Time as what waits needs it; handed in. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, later; the function returned calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
