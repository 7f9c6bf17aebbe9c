// Downloading a dataset in an extension host: by its own network and VS Code's own file system.
import * as vscode from 'vscode';
import { encodeIdx } from '../../src/core/data/idx';
import { systemClock } from '../../src/host/clock';
import { readFolder } from '../../src/host/data/dataFiles';
import type { RemoteFile } from '../../src/host/data/download';
import { MnistStore } from '../../src/host/data/mnistStore';
import { vscodeRunFiles } from '../../src/host/runs/vscodeRunFiles';
import { equal } from './help';
import { afterEach, before, beforeEach, describe, it } from './mocha';

const { fs, workspaceFolders } = vscode.workspace;
const root = workspaceFolders![0]!.uri;
/** Time goes a hundred times as fast: a mirror is given up after 300 ms. */
const quick = {
  now: () => systemClock.now(),
  after: (milliseconds: number, call: () => void) => systemClock.after(milliseconds / 100, call),
};

describe('MNIST in an extension host', () => {
  let address = '';
  let published: RemoteFile[] = [];
  let folder: vscode.Uri;
  let windows = 0;
  const logged: string[] = [];

  before(async () => {
    address = new TextDecoder().decode(await fs.readFile(vscode.Uri.joinPath(root, 'mirrors.txt')));
    const names = ['train-images.gz', 'train-labels.gz'];
    published = await Promise.all(
      names.map(async (name) => {
        const content = new TextEncoder().encode(name.repeat(3000));
        const digest = await crypto.subtle.digest('SHA-256', content);
        const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
        return { name, sha256, bytes: content.length, compressedBytes: 200 };
      }),
    );
  });
  beforeEach(() => {
    folder = vscode.Uri.joinPath(root, `.mnist-of-test-${crypto.randomUUID()}`);
    logged.length = 0;
  });
  afterEach(async () => {
    await fs.delete(folder, { recursive: true, useTrash: false });
  });

  /** The store as a window has it. */
  const open = (...kinds: string[]): MnistStore =>
    new MnistStore({
      files: vscodeRunFiles(folder),
      published,
      clock: quick,
      owner: `window-${++windows}`,
      mirrors: () => kinds.map((kind) => (kind.startsWith('http') ? kind : `${address}${kind}/`)),
      showing: (download) => download({ signal: new AbortController().signal, report: () => {} }),
      log: (_level, text) => void logged.push(text),
    });
  const lengths = async (store: MnistStore) => (await store.read()).map(({ bytes }) => bytes.length > 0);
  const left = async () => (await fs.readDirectory(folder)).map(([name]) => name).sort();
  const refused = async (act: Promise<unknown>): Promise<string> => {
    try {
      await act;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    throw new Error('It was not refused.');
  };

  it('comes from the first mirror that gives it: others are silent, slow, endless, broken or something else', async () => {
    const store = open('silent', 'headers', 'drip', 'endless', 'bomb', 'page', 'cut', 'gone', 'good');
    equal(await store.isStored(), false);
    equal(await store.download(), true);
    equal(await lengths(store), [true, true]);
    equal(await left(), ['train-images.gz', 'train-labels.gz']);
  });

  it('is refused with what each mirror answered, and leaves nothing under its name', async () => {
    const message = await refused(open('http://192.0.2.1/', 'endless', 'page', 'gone').download());
    for (const part of ['it is reached by http; expected https', 'bytes, expected about 200', 'not gzipped', '404'])
      equal(message.includes(part), true, `${part} in ${message}`);
    equal((await left()).includes('train-images.gz'), false);
  });

  it('that is damaged where it lies is found so, and mended by another download', async () => {
    const store = open('good');
    await store.download();
    const file = vscode.Uri.joinPath(folder, 'train-labels.gz');
    const whole = await fs.readFile(file);
    for (const damaged of [
      whole.slice(0, 40),
      whole.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
      new Uint8Array(),
    ]) {
      await fs.writeFile(file, damaged);
      equal(await store.isStored(), true);
      equal(
        await refused(store.read()),
        'The stored train-labels.gz is damaged. Download MNIST again, which replaces it.',
      );
      equal(await store.download(), true);
      equal(await lengths(store), [true, true]);
    }
  });

  it('is whole however many windows ask for it in the same moment', async () => {
    const stores = [open('good'), open('good'), open('good')];
    equal(await Promise.all(stores.map((store) => store.download())), [true, true, true]);
    for (const store of stores) equal(await lengths(store), [true, true]);
    equal(await left(), ['train-images.gz', 'train-labels.gz']);
  });
});

describe('a folder of data', () => {
  const files = [
    ['train-images-idx3-ubyte', encodeIdx([4, 1, 2], new Uint8Array(8))],
    ['train-labels-idx1-ubyte', encodeIdx([4], Uint8Array.of(0, 1, 0, 1))],
    ['t10k-images-idx3-ubyte', encodeIdx([2, 1, 2], new Uint8Array(4))],
    ['t10k-labels-idx1-ubyte', encodeIdx([2], Uint8Array.of(0, 1))],
  ] as const;

  for (const name of ['100%', '50%off', 'a%41b', 'my digits', 'Ziffern #1?'])
    it(`called "${name}" is read by its URI, and by its path`, async () => {
      const folder = vscode.Uri.joinPath(root, name);
      try {
        for (const [file, bytes] of files) await fs.writeFile(vscode.Uri.joinPath(folder, file), bytes);
        const ways = [folder.toString(), ...(folder.scheme === 'file' ? [folder.fsPath] : [])];
        for (const way of ways)
          equal((await readFolder(way)).map((each) => each.name).sort(), files.map(([file]) => file).sort());
      } finally {
        await fs.delete(folder, { recursive: true, useTrash: false });
      }
    });
});
