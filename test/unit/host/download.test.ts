import { createHash } from 'node:crypto';
import { gzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { contentProblem, DownloadError, downloadFile, type FileStore, SLOWEST } from '../../../src/host/data/download';
import { closeServers, serve } from './servers';

const content = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 2654435761) >>> 24);
const packed = gzipSync(content, { level: 1 });
const file = {
  name: 'train-images-idx3-ubyte.gz',
  sha256: createHash('sha256').update(content).digest('hex'),
  bytes: content.length,
  compressedBytes: packed.length,
};

function memoryStore(initial: Record<string, Uint8Array> = {}) {
  const files = new Map(Object.entries(initial));
  const store: FileStore = {
    read: async (name) => files.get(name),
    write: async (name, bytes) => void files.set(name, bytes.slice()),
    rename: async (from, to) => {
      files.set(to, files.get(from)!);
      files.delete(from);
    },
    remove: async (name) => void files.delete(name),
  };
  return { files, store };
}

/** A mirror that knows ranges, and notes what it was asked for. */
function mirror(ranges: string[] = []) {
  return serve((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    ranges.push(request.headers.range ?? 'all');
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': packed.length - from });
    response.end(packed.subarray(from));
  });
}

/** Never too long. */
const after = () => () => {};
const quiet = { signal: new AbortController().signal, onProgress: () => {}, after };

afterEach(closeServers);

describe('downloading a file', () => {
  it('ends with the whole file under its name, and tells how far it is', async () => {
    const { files, store } = memoryStore();
    const told: number[] = [];
    await downloadFile(file, [await mirror()], store, { ...quiet, onProgress: (received) => told.push(received) });
    expect([...files.keys()]).toEqual([file.name]);
    expect(files.get(file.name)).toEqual(packed);
    expect(told.at(-1)).toBe(packed.length);
  });

  it('goes on from what a broken connection left', async () => {
    const { files, store } = memoryStore();
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': packed.length });
      response.write(packed.subarray(0, 40_000), () => response.destroy());
    });
    await expect(downloadFile(file, [broken], store, quiet)).rejects.toThrow(DownloadError);
    const left = files.get(`${file.name}.part`)!;
    expect(left.length).toBeGreaterThan(0);
    expect(files.has(file.name)).toBe(false);

    const ranges: string[] = [];
    await downloadFile(file, [await mirror(ranges)], store, quiet);
    expect(ranges).toEqual([`bytes=${left.length}-`]);
    expect(files.get(file.name)).toEqual(packed);
  });

  it('keeps what arrived when it is cancelled', async () => {
    const { files, store } = memoryStore();
    const controller = new AbortController();
    const slow = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': packed.length });
      response.write(packed.subarray(0, 50_000));
    });
    const download = downloadFile(file, [slow], store, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('cancelled')),
      after,
    });
    await expect(download).rejects.toThrow('cancelled');
    expect(files.get(`${file.name}.part`)!.length).toBeGreaterThan(0);
  });

  it('is whole under its name at every moment, whatever several windows do at the same time', async () => {
    const address = await serve(async (_, response) => {
      response.writeHead(200, { 'content-length': packed.length });
      for (let from = 0; from < packed.length; from += 20_000) {
        response.write(packed.subarray(from, from + 20_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    const { files, store } = memoryStore();
    let seen = 0;
    const pause = async (turns: number) => {
      for (let i = 0; i < turns; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        if (!files.has(file.name)) continue;
        seen++;
        expect(files.get(file.name)!.length).toBe(packed.length);
      }
    };
    const windows = Array.from({ length: 4 }, async (_, window) => {
      // Writing takes its time, and shows a half meanwhile.
      const slow: FileStore = {
        ...store,
        async write(name, bytes) {
          files.set(name, bytes.slice(0, bytes.length / 2));
          await pause(3 + window);
          files.set(name, bytes.slice());
        },
        async rename(from, to) {
          await pause(window);
          await store.rename(from, to);
        },
      };
      await pause(5 * window);
      await downloadFile(file, [address], slow, quiet);
    });
    await Promise.all(windows);
    expect(seen).toBeGreaterThan(0);
    expect([...files.keys()]).toEqual([file.name]);
    expect(files.get(file.name)).toEqual(packed);
  });

  it('refuses a wrong content, forgets it, and takes the next mirror', async () => {
    const { files, store } = memoryStore();
    const wrong = await serve((_request, response) => response.end(gzipSync(content.subarray(1))));
    await expect(downloadFile(file, [wrong], store, quiet)).rejects.toThrow(/SHA-256 [0-9a-f]{64}, expected/);
    expect(files.size).toBe(0);
    await downloadFile(file, [wrong, await mirror()], store, quiet);
    expect(files.get(file.name)).toEqual(packed);
  });

  it('says what each mirror answered, and what to do', async () => {
    const { store } = memoryStore();
    const gone = await serve((_request, response) => response.writeHead(404).end());
    await expect(downloadFile(file, [gone], store, quiet)).rejects.toThrow(/answered 404.*choose a folder/);
  });

  it('starts anew where what is kept is too long', async () => {
    const { files, store } = memoryStore({ [`${file.name}.part`]: new Uint8Array(packed.length + 5) });
    const strict = await serve((request, response) => {
      if (request.headers.range) response.writeHead(416).end();
      else response.end(packed);
    });
    await downloadFile(file, [strict], store, quiet);
    expect(files.get(file.name)).toEqual(packed);
  });

  it('takes the next mirror where one is silent, sends too little, or never answers, and keeps what came', async () => {
    const silent = (sent: Uint8Array | undefined) =>
      serve((_request, response) => {
        if (sent === undefined) return;
        response.writeHead(200, { 'content-length': packed.length });
        response.write(sent);
      });
    for (const sent of [undefined, new Uint8Array(), packed.subarray(0, 5000)]) {
      const { files, store } = memoryStore();
      const ranges: string[] = [];
      // The clock strikes once there is nothing more to come.
      let strike = () => {};
      const waits: number[] = [];
      const download = downloadFile(file, [await silent(sent), await mirror(ranges)], store, {
        ...quiet,
        onProgress: (received) => {
          if (received === sent?.length) strike();
        },
        after(milliseconds, call) {
          waits.push(milliseconds);
          strike = call;
          if (waits.length === 1 && !sent?.length) queueMicrotask(call);
          return () => {};
        },
      });
      await download;
      expect(waits[0]).toBe(SLOWEST.milliseconds);
      expect(ranges).toEqual([sent?.length ? `bytes=${sent.length}-` : 'all']);
      expect(files.get(file.name)).toEqual(packed);
    }
  });

  it('goes on with a mirror for as long as enough comes', async () => {
    const { files, store } = memoryStore();
    let strike = () => {};
    let told = 0;
    await downloadFile(file, [await mirror()], store, {
      ...quiet,
      onProgress(received) {
        if (received - told < SLOWEST.bytes) return;
        told = received;
        strike();
      },
      after(_, call) {
        strike = call;
        return () => {};
      },
    });
    expect(files.get(file.name)).toEqual(packed);
  });

  it('is not let in by a mirror without end, announced or not', async () => {
    const endless = await serve((_request, response) => {
      const more = () => {
        if (!response.destroyed) response.write(new Uint8Array(100_000), more);
      };
      more();
    });
    const announced = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 1e12 });
      response.write(packed);
    });
    for (const address of [endless, announced]) {
      const { files, store } = memoryStore();
      await expect(downloadFile(file, [address], store, quiet)).rejects.toThrow(/it sends .+ bytes, expected about/);
      expect(files.size).toBe(0);
      await downloadFile(file, [address, await mirror()], store, quiet);
      expect(files.get(file.name)).toEqual(packed);
    }
  });

  it.each([
    ['http://example.org/mnist/', 'it is reached by http; expected https'],
    ['ftp://example.org/', 'it is reached by ftp; expected https'],
    ['mnist', 'it is no address; expected one that begins with https://'],
  ])('is not asked of %s', async (address, problem) => {
    await expect(downloadFile(file, [address], memoryStore().store, quiet)).rejects.toThrow(`${address}: ${problem}`);
  });

  it('begins anew where what is kept is the beginning of another file', async () => {
    const { files, store } = memoryStore({ [`${file.name}.part`]: new Uint8Array(1000).fill(7) });
    const ranges: string[] = [];
    await downloadFile(file, [await mirror(ranges)], store, quiet);
    expect(ranges).toEqual(['bytes=1000-', 'all']);
    expect(files.get(file.name)).toEqual(packed);
  });
});

describe('the content of a file', () => {
  it('is unpacked no further than it should be', async () => {
    const bomb = gzipSync(new Uint8Array(50_000_000));
    expect(await contentProblem(bomb, file)).toBe(
      `it unpacks to more than ${content.length} bytes, all that it should have`,
    );
  });

  it('is found damaged whichever byte is another, and wherever it is cut', async () => {
    expect(await contentProblem(packed, file)).toBeUndefined();
    for (let i = 0; i < 40; i++) {
      const at = Math.floor((i / 40) * (packed.length - 8)) + (i === 0 ? 0 : 10);
      const other = packed.slice();
      other[at] = other[at]! ^ 0x55;
      expect(await contentProblem(other, file), `byte ${at}`).toBeDefined();
      expect(await contentProblem(packed.subarray(0, at), file), `cut at ${at}`).toBeDefined();
    }
  });

  it('is the same in several parts', async () => {
    const parts = [content.subarray(0, 100_000), content.subarray(100_000)].map((part) => gzipSync(part));
    const joined = new Uint8Array(parts[0]!.length + parts[1]!.length);
    joined.set(parts[0]!);
    joined.set(parts[1]!, parts[0]!.length);
    expect(await contentProblem(joined, file)).toBeUndefined();
  });
});
