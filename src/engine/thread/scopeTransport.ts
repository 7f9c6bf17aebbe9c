import type { Transport } from '../../protocol/channel';

const scope = globalThis as unknown as {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
};

/** A worker's way to whoever started it. */
export const scopeTransport: Transport = {
  post: (message) => scope.postMessage(message),
  listen(receive) {
    const listener = (event: { data: unknown }) => receive(event.data);
    scope.addEventListener('message', listener);
    return () => scope.removeEventListener('message', listener);
  },
};
