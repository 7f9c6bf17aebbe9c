/** Workers that nobody asked for within so many milliseconds are ended: what was about to train does not train here. */
const WAIT = 60_000;

/** Workers of one bundle, started before somebody has work for them. */
export interface EarlyWorkers {
  /** Where the bundle came from. */
  readonly address: string;
  /** The bundle at a blob URL; rejects where it could not be fetched. */
  readonly script: Promise<string>;
  /** One that waits, or undefined. */
  take(): Worker | undefined;
}

declare global {
  /** Of a page whose document asks for them. */
  var earlyWorkers: EarlyWorkers | undefined;
}

/** Fetches a bundle and starts so many workers of it. */
export function startEarly(address: string, count: number): EarlyWorkers {
  const waiting = new Set<Worker>();
  const script = fetch(address)
    .then((response) => {
      if (!response.ok) throw new Error(`The extension's file ${address} answered ${response.status}.`);
      // Not as a blob: VS Code's own service worker answers, and Chromium cannot read such an answer as one.
      return response.arrayBuffer();
    })
    .then((bundle) => {
      const url = URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' }));
      for (let i = 0; i < count; i++) {
        const worker = new Worker(url);
        waiting.add(worker);
        // One that does not come up is nobody's; the next one that is started says why.
        worker.addEventListener('error', () => waiting.delete(worker), { once: true });
      }
      setTimeout(() => {
        for (const worker of waiting) worker.terminate();
        waiting.clear();
      }, WAIT);
      return url;
    });
  // Whoever needs it fetches it anew, and says what is wrong.
  script.catch(() => {});
  return {
    address,
    script,
    take() {
      const [worker] = waiting;
      if (worker !== undefined) waiting.delete(worker);
      return worker;
    },
  };
}
