import { beforeEach, expect, it, vi } from 'vitest';
import { LONGEST_TEXT } from '../../../src/code/work';
import { CodeDocuments } from '../../../src/host/code/codeDocuments';

const changes: ((event: object) => void)[] = [];
vi.mock('vscode', () => ({
  workspace: {
    onDidChangeTextDocument: (listener: (event: object) => void) => {
      changes.push(listener);
      return { dispose() {} };
    },
    onDidCloseTextDocument: () => ({ dispose() {} }),
  },
  Disposable: { from: () => ({ dispose() {} }) },
}));

const read = vi.hoisted(() => vi.fn());
vi.mock('../../../src/code/work', async (original) => ({
  ...(await original<typeof import('../../../src/code/work')>()),
  readInSlices: read,
}));

function opened(first: string) {
  const document = {
    uri: { toString: () => 'file:///a.py', scheme: 'file' },
    languageId: 'python',
    version: 1,
    isClosed: false,
    text: first,
    getText: () => document.text,
  };
  const warnings: string[] = [];
  const documents = new CodeDocuments({ warn: (message: string) => warnings.push(message) });
  const type = (insert: string) => {
    document.text += insert;
    document.version++;
    const change = { rangeOffset: document.text.length - insert.length, rangeLength: 0, text: insert };
    for (const tell of changes) tell({ document, contentChanges: [change] });
  };
  return {
    parsed: () => documents.parsed(document as never),
    whyNotRead: () => documents.whyNotRead(document as never),
    type,
    warnings,
  };
}

beforeEach(() => {
  changes.length = 0;
  read.mockReset();
});

it('does not try again what took too long, until it changes; the log has one line', async () => {
  const { parsed, whyNotRead, type, warnings } = opened('a = (');
  read.mockResolvedValue(undefined);
  expect(whyNotRead()).toBeUndefined();
  expect(await parsed()).toBeUndefined();
  expect(whyNotRead()).toBe('takes longer than 4 s to read');
  expect(await parsed()).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(1);
  type('1');
  expect(await parsed()).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(2);
  expect(warnings).toEqual([
    'file:///a.py is not read: its code takes longer than 4 s to read. It is tried again when it changes.',
  ]);
  const whole = { language: 'python', text: 'a = (1)', version: 3 };
  read.mockResolvedValue(whole);
  type(')');
  expect(whyNotRead()).toBeUndefined();
  expect(await parsed()).toBe(whole);
  expect(whyNotRead()).toBeUndefined();
});

it('tells the next reading all that was edited since the last one that was whole', async () => {
  const { parsed, type } = opened('a = 1');
  const whole = { language: 'python', text: 'a = 1', version: 1 };
  read.mockResolvedValueOnce(whole);
  await parsed();
  type('\nb = (');
  read.mockResolvedValueOnce(undefined);
  await parsed();
  type('2)');
  read.mockResolvedValueOnce({ language: 'python', version: 3 });
  await parsed();
  expect(read.mock.lastCall?.[0].former).toEqual({
    document: whole,
    edits: [
      { from: 5, to: 5, insertedLength: 6 },
      { from: 11, to: 11, insertedLength: 2 },
    ],
  });
});

it('leaves a text alone that is far too long', async () => {
  const { parsed, warnings } = opened('a'.repeat(LONGEST_TEXT + 1));
  expect(await parsed()).toBeUndefined();
  expect(read).not.toHaveBeenCalled();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('its code has 1,000,001 characters, of at most 1,000,000.');
});
