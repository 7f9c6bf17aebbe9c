import { parentPort } from 'node:worker_threads';

/**
 * Gives the training worker's bundle the few globals of a Web Worker, then loads it: the terminal command runs the very
 * file that the webview runs.
 */
const port = parentPort;
if (!port) throw new Error('This file is started as a worker thread by the compare command.');

const listeners = new Map<unknown, (data: unknown) => void>();
Object.assign(globalThis, {
  postMessage: (message: unknown) => port.postMessage(message),
  addEventListener(type: string, listener: (event: { data: unknown }) => void) {
    if (type !== 'message') return;
    const receive = (data: unknown) => listener({ data });
    listeners.set(listener, receive);
    port.on('message', receive);
  },
  removeEventListener(_type: string, listener: unknown) {
    const receive = listeners.get(listener);
    if (receive) port.off('message', receive);
  },
});

require('./worker.js');
