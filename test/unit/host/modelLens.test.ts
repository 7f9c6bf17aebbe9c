import { expect, it, vi } from 'vitest';
import { ModelLens } from '../../../src/host/code/models/modelLens';

vi.mock('vscode', () => ({
  workspace: {
    onDidChangeTextDocument: () => ({ dispose() {} }),
    onDidCloseTextDocument: () => ({ dispose() {} }),
  },
  Disposable: { from: () => ({ dispose() {} }) },
  Range: class {
    constructor(readonly line: number) {}
  },
  CodeLens: class {
    constructor(
      readonly range: { line: number },
      readonly command: { title: string; command: string },
    ) {}
  },
}));
vi.mock('../../../src/host/settings', () => ({ modelSettings: () => ({ codeLens: true }) }));

it('says over a text that is not read that it is not, and why', async () => {
  const document = { uri: { toString: () => 'file:///a.py' }, languageId: 'python' };
  let why: string | undefined = 'takes longer than 4 s to read';
  const models = { read: async () => undefined, whyNotRead: () => why };
  const lens = new ModelLens(models as never, () => {});
  const told = () => lens.provideCodeLenses(document as never, { isCancellationRequested: false } as never);
  const lenses = (await told())!;
  expect(lenses.map(({ range, command }) => [range, command?.title, command?.command])).toEqual([
    [
      { line: 0 },
      'Gradient Lens does not read this text: its code takes longer than 4 s to read',
      'gradientLens.showLog',
    ],
  ]);
  why = undefined;
  expect(await told()).toBeUndefined();
  lens.dispose();
});
