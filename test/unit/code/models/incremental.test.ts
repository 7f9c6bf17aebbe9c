import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ParsedDocument, parse, parseEdited } from '../../../../src/code/document';
import { readModels } from '../../../../src/code/models/read';
import { applied, change } from '../edited';
import { lines } from '../reading';
import { corpus } from './layersShown';

const options = { tensorflowKeras: 3 } as const;

const read = (documents: readonly ParsedDocument[]) =>
  readModels(
    documents.map((document, cell) => ({ document, cell })),
    options,
  );

const cold = (documents: readonly ParsedDocument[]) =>
  read(documents.map(({ text, language }) => parse(text, language)));

describe('a text that is edited', () => {
  const all = ['keras', 'torch', 'flax', 'tfjs'].flatMap((folder) => corpus(folder));

  test('is read as if it were new, with all places, whatever the edits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 5 }),
        ({ documents }, changes) => {
          const cells = documents.map(({ document: { text, language } }) => parse(text, language));
          read(cells);
          for (const [which, each] of changes) {
            const k = which % cells.length;
            const former = cells[k]!;
            const { text, edit } = applied(former.text, each);
            cells[k] = parseEdited(former, [edit], text);
            expect(read(cells)).toEqual(cold(cells));
          }
        },
      ),
      { seed: 18, numRuns: 80 },
    );
  });

  const model = (name: string, units: number) =>
    lines(
      `class ${name}(nn.Module):`,
      '    def __init__(self, width):',
      '        super().__init__()',
      `        self.out = nn.Linear(width, ${units})`,
      '    def forward(self, x):',
      '        return torch.relu(self.out(x))',
      '',
    );

  test('has its models where they stand now', () => {
    const text = lines('import torch', 'import torch.nn as nn', model('A', 3), model('B', 4));
    const former = parse(text, 'python');
    const before = read([former]).models;
    const shift = '# on top\n';
    const after = parseEdited(former, [{ from: 0, to: 0, insertedLength: shift.length }], shift + text);
    const { models } = read([after]);
    expect(models.map(({ source }, k) => source.from - before[k]!.source.from)).toEqual([9, 9]);
    for (const { name, source, nodes, symbols } of models) {
      expect(after.text.slice(source.from, source.to)).toBe(name);
      expect(nodes.map(({ source: { from, to } }) => after.text.slice(from, to))).toEqual([
        'x',
        expect.stringMatching(/^nn\.Linear\(width, \d\)$/),
        'torch.relu(self.out(x))',
      ]);
      expect(symbols.map(({ source: { from, to } }) => after.text.slice(from, to))).toEqual(['width']);
    }
  });

  test('may stand in two cells', () => {
    const document = parse(lines('import torch', 'import torch.nn as nn', model('A', 3)), 'python');
    expect(read([document, document])).toEqual(cold([document, document]));
  });

  test('goes back to what it was', () => {
    const first = parse(lines('import torch', 'import torch.nn as nn', model('A', 3)), 'python');
    const at = first.text.indexOf('3)');
    const change = { from: at, to: at + 1, insertedLength: 1 };
    const second = parseEdited(first, [change], first.text.replace('3)', '7)'));
    const units = (document: ParsedDocument) =>
      read([document]).models.map(({ nodes }) => nodes.map(({ operation }) => 'units' in operation && operation.units));
    expect([units(first), units(second), units(first)]).toEqual([
      [[false, 3, false]],
      [[false, 7, false]],
      [[false, 3, false]],
    ]);
  });
});
