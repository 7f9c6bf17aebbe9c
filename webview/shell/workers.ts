import type { WorkerAssets } from '../../src/protocol/pages/desk';
import { type BackendFiles, GPU_BACKENDS_FILE } from '../../src/protocol/workers/backendFiles';
import type { WorkerHandle } from '../../src/session/trainingWorker';
import { wasmFile } from '../../src/session/wasmFile';

/** Workers as this page can start them. */
export interface WorkerParts {
  readonly binaries: BackendFiles;
  /** The GPU's backends, fetched when they are first asked for. */
  gpuBackends(): Promise<BackendFiles>;
  launch(): WorkerHandle;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(
      `The extension's file ${url} could not be loaded (status ${response.status}). Install the extension again.`,
    );
  return new Uint8Array(await response.arrayBuffer());
}

/** Fetches all once: a worker must not fetch the webview's resources. Of the files what this machine runs. */
export async function loadWorkerParts({ worker, files }: WorkerAssets): Promise<WorkerParts> {
  const early = globalThis.earlyWorkers?.address === worker ? globalThis.earlyWorkers : undefined;
  const bundle = async () => scriptUrl((await fetchBytes(worker)) as Uint8Array<ArrayBuffer>);
  const file = async (name: string): Promise<BackendFiles> =>
    files[name] === undefined ? {} : { [name]: await fetchBytes(files[name]) };
  const [script, binaries] = await Promise.all([early?.script.catch(bundle) ?? bundle(), file(wasmFile())]);
  let gpuBackends: Promise<BackendFiles> | undefined;
  return {
    binaries,
    gpuBackends() {
      gpuBackends ??= file(GPU_BACKENDS_FILE).catch((error: unknown) => {
        gpuBackends = undefined;
        throw error;
      });
      return gpuBackends;
    },
    launch: () => handleOf(early?.take() ?? new Worker(script)),
  };
}

/** Workers start from a blob URL alone. */
export const scriptUrl = (bundle: BlobPart): string =>
  URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' }));

/** A bundle at a blob URL as a Web Worker of this page. */
export const launchBrowserWorker = (script: string): WorkerHandle => handleOf(new Worker(script));

function handleOf(worker: Worker): WorkerHandle {
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
