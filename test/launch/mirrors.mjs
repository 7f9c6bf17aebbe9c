// Mirrors of a dataset as they may be, good and bad, on this machine: what the suite inside VS Code downloads from.
import { createServer } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * What each file holds, unpacked: its name, over and over. test/inside/mnist.test.ts knows it too.
 * @param {string} name
 */
const contentOf = (name) => Buffer.from(name.repeat(3000));

/** How each kind of mirror answers. @type {Record<string, (name: string, response: import('node:http').ServerResponse) => void>} */
const kinds = {
  good: (name, response) => response.end(gzipSync(contentOf(name))),
  silent: () => {},
  headers: (_, response) => response.writeHead(200, { 'content-length': 1000 }).flushHeaders(),
  drip(_, response) {
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
  },
  endless(_, response) {
    const more = () => {
      while (!response.destroyed) {
        if (response.write(Buffer.alloc(65_536, 7))) continue;
        response.once('drain', more);
        return;
      }
    };
    more();
  },
  bomb: (_, response) => response.end(gzipSync(Buffer.alloc(50_000_000))),
  page: (_, response) => response.end('<html>Please sign in.</html>'),
  cut(name, response) {
    const whole = gzipSync(contentOf(name));
    response.writeHead(200, { 'content-length': whole.length });
    response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
  },
  gone: (_, response) => response.writeHead(404).end(),
};

/**
 * @returns {Promise<{ address: string, stop: () => void }>} a mirror of each kind stands in the folder of its name
 */
export async function startMirrors() {
  const server = createServer((request, response) => {
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    // The web worker's extension host is a page of another origin.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    if (request.method === 'OPTIONS') return void response.end();
    (kinds[kind] ?? kinds.gone)?.(path.basename(name), response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
