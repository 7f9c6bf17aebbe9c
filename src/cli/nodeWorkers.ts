import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../core/format/errors';
import type { BackendFiles } from '../protocol/workers/backendFiles';
import type { WorkerHandle } from '../session/trainingWorker';
import { wasmFile } from '../session/wasmFile';

/** The training worker in a worker thread. @param folder where its bundle lies */
export function launchNodeWorker(folder = __dirname): WorkerHandle {
  const worker = new Worker(join(folder, 'cli-worker.js'));
  let terminated = false;
  return {
    transport: {
      post: (message) => worker.postMessage(message),
      listen(receive) {
        worker.on('message', receive);
        return () => worker.off('message', receive);
      },
    },
    terminate() {
      terminated = true;
      void worker.terminate();
    },
    onDied(listener) {
      worker.on('error', (error) => listener(messageOf(error)));
      worker.on('exit', (code) => {
        if (!terminated) listener(`exit code ${code}`);
      });
    },
  };
}

/** The .wasm file that this machine runs, beside this bundle or in another folder. The GPU's backends do not start in Node. */
export function readBackendFiles(folder = __dirname): BackendFiles {
  const name = wasmFile();
  return { [name]: new Uint8Array(readFileSync(join(folder, name))) };
}
