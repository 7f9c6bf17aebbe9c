import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from '../../../src/code/document';
import type { WorkLimits } from '../../../src/code/work';
import { ModelDocuments } from '../../../src/host/code/models/modelDocuments';

vi.mock('vscode', () => ({ workspace: { notebookDocuments: [], getConfiguration: () => ({ get: () => undefined }) } }));

const network = 'from torch import nn\nnet = nn.Sequential(nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 2))\n';

/** A document that a person edits, with the trees that the editor has of it. */
function opened(first: string) {
  const document = {
    uri: { toString: () => 'file:///a.py', scheme: 'file' },
    languageId: 'python',
    version: 1,
    isClosed: false,
    text: first,
  };
  const trees = new Map<number, ReturnType<typeof parse>>();
  const parsed = async () => {
    if (document.isClosed) return undefined;
    const { version, text } = document;
    const tree = trees.get(version) ?? { ...parse(text, 'python'), version };
    trees.set(version, tree);
    return tree;
  };
  return {
    document,
    parsed,
    edit(text: string) {
      document.text = text;
      document.version++;
    },
  };
}

/** Rests after each step; the test says what happens meanwhile. */
let rests: number;
let onRest: (rest: number) => void;
let symbols: Map<string, number>;
let warnings: string[];
beforeEach(() => {
  rests = 0;
  onRest = () => {};
  symbols = new Map();
  warnings = [];
});

function modelsOf({ parsed }: ReturnType<typeof opened>, all = Number.POSITIVE_INFINITY): ModelDocuments {
  let now = 0;
  const limits: WorkLimits = {
    slice: 1,
    all,
    now: () => now++,
    rest: async () => onRest(++rests),
  };
  const documents = { parsed, whyNotRead: () => undefined };
  const log = { warn: (text: string) => void warnings.push(text) };
  return new ModelDocuments(documents as never, { of: () => symbols }, log, limits);
}

const namesOf = async (models: ModelDocuments, { document }: ReturnType<typeof opened>) =>
  (await models.read(document as never))?.models.map(({ graph }) => graph.name);

describe('the models of an open text', () => {
  it('are read with rests between, once for all that ask meanwhile', async () => {
    const text = opened(network);
    const models = modelsOf(text);
    const [first, second] = await Promise.all([
      models.read(text.document as never),
      models.read(text.document as never),
    ]);
    expect(first?.models.map(({ graph }) => graph.name)).toEqual(['net']);
    expect(second).toBe(first);
    const before = rests;
    expect(before).toBeGreaterThan(3);
    expect(await models.read(text.document as never)).toBe(first);
    expect(rests).toBe(before);
  });

  it.each([1, 3, 5])('are those of the text as it is at the end, where it is edited in rest %i', async (at) => {
    const text = opened(network);
    const models = modelsOf(text);
    onRest = (rest) => {
      if (rest === at) text.edit(network.replaceAll('net', 'other'));
    };
    expect(await namesOf(models, text)).toEqual(['other']);
    expect(warnings).toEqual([]);
  });

  it('are read with what a person fills in meanwhile', async () => {
    const text = opened(
      'from torch import nn\ndef make(width):\n    return nn.Sequential(nn.Linear(8, width), nn.ReLU())\n',
    );
    const models = modelsOf(text);
    const widths = (read: Awaited<ReturnType<ModelDocuments['read']>>) =>
      read?.models.flatMap(({ graph }) => graph.nodes.flatMap(({ shape }) => [shape?.at(-1)]));
    let second: ReturnType<ModelDocuments['read']> | undefined;
    onRest = (rest) => {
      if (rest !== 2) return;
      symbols = new Map([['width', 16]]);
      second = models.read(text.document as never);
    };
    const first = await models.read(text.document as never);
    expect(widths(first)).toContain(16);
    expect(await second).toBe(first);
  });

  it('are nobody’s once it is closed', async () => {
    const text = opened(network);
    const models = modelsOf(text);
    onRest = (rest) => {
      if (rest !== 2) return;
      text.document.isClosed = true;
      models.forget(text.document.uri as never);
    };
    expect(await models.read(text.document as never)).toBeUndefined();
  });

  it('are given up where that takes too long, with a line in the log, until it changes', async () => {
    const text = opened(network);
    const models = modelsOf(text, 4);
    expect(await models.read(text.document as never)).toBeUndefined();
    expect(await models.read(text.document as never)).toBeUndefined();
    const why = 'takes longer than 0.004 s to follow';
    expect(models.whyNotRead(text.document as never)).toBe(why);
    expect(warnings).toEqual([
      `The models of file:///a.py are not read: its code ${why}. It is tried again when it changes.`,
    ]);
    text.edit('x = 1\n');
    expect(models.whyNotRead(text.document as never)).toBeUndefined();
    expect(await models.read(text.document as never)).toMatchObject({ models: [] });
  });
});
