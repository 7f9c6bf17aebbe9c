import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetError } from '../../../src/core/data/dataset';
import { DownloadError, type RemoteFile } from '../../../src/host/data/download';
import { type DownloadNotice, MnistStore } from '../../../src/host/data/mnistStore';
import type { RunFiles } from '../../../src/host/runs/runFiles';
import { RunLock } from '../../../src/host/runs/runLock';
import type { DownloadProgress } from '../../../src/protocol/pages/runs';
import { Disk, HandClock, settled } from './memoryFiles';
import { closeServers, serve } from './servers';

const published: RemoteFile[] = [];
const packed = new Map<string, Uint8Array>();
for (const [name, length] of [
  ['images.gz', 400_000],
  ['labels.gz', 500],
] as const) {
  const content = Uint8Array.from({ length }, (_, i) => (i * 2654435761) >>> 24);
  const bytes = gzipSync(content, { level: 1 });
  const sha256 = createHash('sha256').update(content).digest('hex');
  published.push({ name, sha256, bytes: length, compressedBytes: bytes.length });
  packed.set(name, bytes);
}

let disk: Disk;
let clock: HandClock;
/** Names that the mirror was asked for. */
let asked: string[];

beforeEach(() => {
  disk = new Disk();
  clock = new HandClock();
  asked = [];
});
afterEach(closeServers);

type Answer = (name: string, response: ServerResponse) => void;

const whole: Answer = (name, response) => {
  response.writeHead(200, { 'content-length': packed.get(name)!.length });
  response.end(packed.get(name));
};

const mirror = (answer: Answer = whole) =>
  serve((request, response) => {
    const name = request.url!.slice(1);
    asked.push(name);
    answer(name, response);
  });

/** What a window has; `cancel` is the button of the notice that is shown. */
async function open(answer?: Answer, files: RunFiles = disk.window(), before: readonly string[] = []) {
  const address = await mirror(answer);
  const logged: string[] = [];
  const shown: { message: string; increment: number }[] = [];
  let notices = 0;
  let controller = new AbortController();
  const store = new MnistStore({
    files,
    published,
    clock,
    owner: 'this window',
    mirrors: () => [...before, address],
    showing(download) {
      notices++;
      controller = new AbortController();
      const notice: DownloadNotice = {
        signal: controller.signal,
        report: (message, increment) => void shown.push({ message, increment }),
      };
      return download(notice);
    },
    log: (level, text) => void logged.push(`${level}: ${text}`),
  });
  return { store, logged, shown, notices: () => notices, cancel: () => controller.abort(new Error('cancelled')) };
}

describe('MNIST in the extension’s storage', () => {
  it('is not there before somebody asks for it, and whole after', async () => {
    const { store, shown, logged } = await open();
    expect(await store.isStored()).toBe(false);
    await expect(store.read()).rejects.toThrow(
      new DatasetError('MNIST has not been downloaded yet (2 of 2 files are missing).'),
    );
    expect(asked).toEqual([]);
    const told: DownloadProgress[] = [];
    expect(await store.download((progress) => told.push(progress))).toBe(true);
    expect(await store.isStored()).toBe(true);
    expect(await store.read()).toEqual([...packed].map(([name, bytes]) => ({ name, bytes })));
    expect(disk.names).toEqual(['images.gz', 'labels.gz']);
    expect(told.at(-1)).toEqual({
      file: 'labels.gz',
      received: packed.get('labels.gz')!.length,
      total: packed.get('labels.gz')!.length,
      fileIndex: 1,
      files: 2,
    });
    expect(told[0]).toMatchObject({ file: 'images.gz', fileIndex: 0, files: 2 });
    // In several pieces, each told as what it adds.
    expect(told.length).toBeGreaterThan(2);
    expect(shown.reduce((sum, { increment }) => sum + increment, 0)).toBeCloseTo(100, 6);
    expect(logged.map((line) => line.slice(0, 15))).toEqual(['info: images.gz', 'info: labels.gz']);
  });

  it('asks the mirror first that had the file before', async () => {
    const refusing: string[] = [];
    const other = await serve((request, response) => {
      refusing.push(request.url!.slice(1));
      response.writeHead(404).end();
    });
    const { store } = await open(whole, disk.window(), [other]);
    expect(await store.download()).toBe(true);
    expect(refusing).toEqual(['images.gz']);
    expect(asked).toEqual(['images.gz', 'labels.gz']);
  });

  it('whose download is cancelled is no error, keeps what came, and can be asked for again', async () => {
    let hangs = true;
    const { store, cancel, logged, notices } = await open((name, response) => {
      if (!hangs) return whole(name, response);
      response.writeHead(200, { 'content-length': packed.get(name)!.length });
      response.write(packed.get(name)!.subarray(0, 100));
    });
    expect(await store.download(cancel)).toBe(false);
    expect(logged).toEqual([]);
    expect(disk.names).toEqual(['images.gz.part']);
    expect(await store.isStored()).toBe(false);
    hangs = false;
    expect(await store.download()).toBe(true);
    expect([await store.isStored(), notices()]).toEqual([true, 2]);
  });

  it('is waited for where another window downloads it, and no longer once that is cancelled', async () => {
    const other = new RunLock(disk.window(), clock, 'another window');
    await other.hold('download');
    const { store, cancel, shown, logged } = await open();
    const download = store.download();
    await settled();
    expect(shown.map(({ message }) => message)).toEqual(['another window downloads it…']);
    cancel();
    expect(await download).toBe(false);
    expect([asked, logged]).toEqual([[], []]);
    await other.release('download');
    expect(await store.download()).toBe(true);
  });

  it('whose download fails says so to everybody who waits, and in the log, and is tried anew', async () => {
    let works = false;
    const { store, logged, notices } = await open((name, response) => {
      if (works) whole(name, response);
      else response.writeHead(404).end();
    });
    const both = await Promise.allSettled([store.download(), store.download()]);
    for (const each of both) expect(each.status === 'rejected' && each.reason).toBeInstanceOf(DownloadError);
    expect(logged).toEqual([expect.stringMatching(/^error: DownloadError: images\.gz .*answered 404/)]);
    expect([notices(), disk.names]).toEqual([1, []]);
    works = true;
    expect(await store.download()).toBe(true);
  });

  it('is downloaded once for all who ask meanwhile, and each hears how far it is', async () => {
    const { store, notices } = await open();
    const [first, second]: DownloadProgress[][] = [[], []];
    const done = await Promise.all([
      store.download((progress) => first!.push(progress)),
      store.download((progress) => second!.push(progress)),
    ]);
    expect([done, notices(), asked]).toEqual([[true, true], 1, ['images.gz', 'labels.gz']]);
    expect(first!.length).toBeGreaterThan(0);
    expect(second).toEqual(first);
  });

  it('that is damaged is not handed out, and only what is damaged comes again', async () => {
    const { store, logged } = await open();
    await store.download();
    const bytes = disk.files.get('labels.gz')!;
    bytes[100]! ^= 1;
    asked.length = logged.length = 0;
    await expect(store.read()).rejects.toThrow(
      new DatasetError('The stored labels.gz is damaged. Download MNIST again, which replaces it.'),
    );
    expect(logged).toEqual([expect.stringMatching(/^warn: labels\.gz: it is not gzipped, or cut short/)]);
    const told: DownloadProgress[] = [];
    await store.download((progress) => told.push(progress));
    expect(asked).toEqual(['labels.gz']);
    expect(told.at(-1)).toMatchObject({ file: 'labels.gz', fileIndex: 0, files: 1 });
    expect((await store.read())[1]!.bytes).toEqual(packed.get('labels.gz'));
    await store.download();
    expect(asked).toEqual(['labels.gz']);
  });

  it('leaves nothing of what a window that went away had put aside, and nothing else alone', async () => {
    disk.files.set('images.gz.1234.tmp', new Uint8Array(9));
    disk.files.set('notes.tmp', new Uint8Array(9));
    const { store } = await open();
    await store.download();
    expect(disk.names).toEqual(['images.gz', 'labels.gz', 'notes.tmp']);
  });

  it('is not there in a folder that cannot be read', async () => {
    const list = () => Promise.reject(new Error('The folder could not be read (no permission).'));
    const { store } = await open(whole, { ...disk.window(), list });
    expect(await store.isStored()).toBe(false);
    await expect(store.download()).rejects.toThrow('no permission');
  });
});
