import type { WasmBinaries } from '../../src/protocol/workers/training';
import type { WorkerHandle } from '../../src/session/trainingWorker';

/** What the page needs to start workers; fetched once, since a worker must not fetch the webview's resources. */
export interface WorkerParts {
  /** Blob URL of the worker's bundle. */
  readonly script: string;
  readonly binaries: WasmBinaries;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(
      `The extension's file ${url} could not be loaded (status ${response.status}). Install the extension again.`,
    );
  return new Uint8Array(await response.arrayBuffer());
}

export async function loadWorkerParts(worker: string, wasm: Readonly<Record<string, string>>): Promise<WorkerParts> {
  const [script, ...binaries] = await Promise.all([worker, ...Object.values(wasm)].map(fetchBytes));
  const names = Object.keys(wasm);
  return {
    script: URL.createObjectURL(new Blob([script as Uint8Array<ArrayBuffer>], { type: 'text/javascript' })),
    binaries: Object.fromEntries(names.map((name, i) => [name, binaries[i]!])),
  };
}

/** The training worker as a Web Worker of this page. */
export function launchBrowserWorker(script: string): WorkerHandle {
  const worker = new Worker(script);
  return {
    transport: {
      post: (message) => worker.postMessage(message),
      listen(receive) {
        const listener = (event: MessageEvent) => receive(event.data);
        worker.addEventListener('message', listener);
        return () => worker.removeEventListener('message', listener);
      },
    },
    terminate: () => worker.terminate(),
    onDied(listener) {
      worker.addEventListener('error', (event) => listener(event.message || 'it could not be started'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
  };
}
