import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEarly } from '../../../webview/shell/earlyWorkers';
import { loadWorkerParts } from '../../../webview/shell/workers';

/** Stands in a Web Worker's place. */
class FakeWorker extends EventTarget {
  static started: FakeWorker[] = [];
  ended = false;
  constructor(readonly script: string) {
    super();
    FakeWorker.started.push(this);
  }
  terminate(): void {
    this.ended = true;
  }
  postMessage(): void {}
}

let asked: string[];
let status: number;

beforeEach(() => {
  FakeWorker.started = [];
  asked = [];
  status = 200;
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    const response = new Response('bundle', { status });
    // As in a page of VS Code served to Chromium: such an answer can be read, but not as a blob.
    response.blob = async () => {
      throw new TypeError('Failed to fetch');
    };
    return response;
  });
  vi.stubGlobal('earlyWorkers', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('workers that start before their page', () => {
  it('are started once the bundle is there, and taken one by one', async () => {
    const early = startEarly('worker.js', 2);
    expect(early.take()).toBeUndefined();
    const script = await early.script;
    expect(asked).toEqual(['worker.js']);
    expect(FakeWorker.started.map((worker) => worker.script)).toEqual([script, script]);
    const taken = [early.take(), early.take(), early.take()];
    expect(taken).toEqual([...FakeWorker.started, undefined]);
  });

  it('are passed over where they did not come up', async () => {
    const early = startEarly('worker.js', 2);
    await early.script;
    const [broken, sound] = FakeWorker.started;
    broken!.dispatchEvent(new Event('error'));
    expect([early.take(), early.take()]).toEqual([sound, undefined]);
  });

  it('are ended where nobody wants them, and those that work are left alone', async () => {
    const early = startEarly('worker.js', 2);
    await early.script;
    early.take();
    vi.runAllTimers();
    expect(FakeWorker.started.map(({ ended }) => ended)).toEqual([false, true]);
    expect(early.take()).toBeUndefined();
  });
});

describe('the parts of workers', () => {
  const assets = { worker: 'worker.js', files: {} };

  it('are those that were started early: the bundle is not fetched again', async () => {
    globalThis.earlyWorkers = startEarly('worker.js', 1);
    const { launch } = await loadWorkerParts(assets);
    expect(asked).toEqual(['worker.js']);
    launch();
    expect(FakeWorker.started).toHaveLength(1);
    launch();
    expect(FakeWorker.started).toHaveLength(2);
  });

  it('are another bundle’s own where another one was started early', async () => {
    globalThis.earlyWorkers = startEarly('other.js', 1);
    await globalThis.earlyWorkers.script;
    const { launch } = await loadWorkerParts(assets);
    launch();
    expect(asked).toEqual(['other.js', 'worker.js']);
    expect(FakeWorker.started).toHaveLength(2);
  });

  it('are fetched anew where that failed early, and say what is wrong', async () => {
    status = 404;
    globalThis.earlyWorkers = startEarly('worker.js', 1);
    await expect(loadWorkerParts(assets)).rejects.toThrow('worker.js could not be loaded (status 404)');
    status = 200;
    const { launch } = await loadWorkerParts(assets);
    launch();
    expect(FakeWorker.started).toHaveLength(1);
  });
});
