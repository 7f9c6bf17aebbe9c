import { expect, it } from 'vitest';
import { parseNotebook } from '../../../src/code/notebookFile';

const file = (content: object): string => JSON.stringify(content);

it('gives the code cells with their numbers among all cells', () => {
  const text = file({
    cells: [
      { cell_type: 'markdown', source: '# A' },
      { cell_type: 'code', source: ['import keras\n', 'x = 1'] },
      { cell_type: 'code', source: 'y = 2', outputs: [] },
      { cell_type: 'code' },
    ],
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
  });
  expect(parseNotebook(text)).toEqual({
    language: 'python',
    cells: [
      { cell: 1, text: 'import keras\nx = 1' },
      { cell: 2, text: 'y = 2' },
      { cell: 3, text: '' },
    ],
  });
});

it('asks the kernel for the language where the notebook leaves it empty', () => {
  const metadata = { kernelspec: { language: 'julia' }, language_info: { name: '' } };
  expect(parseNotebook(file({ cells: [], metadata })).language).toBe('julia');
  expect(parseNotebook(file({ cells: [], metadata: { language_info: { name: '' } } })).language).toBe('python');
});

it('reads the older form', () => {
  const text = file({ worksheets: [{ cells: [{ cell_type: 'code', input: ['a = 1'] }] }] });
  expect(parseNotebook(text).cells).toEqual([{ cell: 0, text: 'a = 1' }]);
});

it.each([
  ['', 'It is not JSON'],
  ['{', 'It is not JSON'],
  ['[]', 'It has no cells'],
  ['null', 'It is not a notebook'],
  ['{}', 'It has no cells'],
  [file({ cells: [{ source: 'x' }] }), 'It is not a notebook'],
  [file({ cells: [{ cell_type: 'code', source: 7 }] }), 'It is not a notebook'],
])('%j is refused with a sentence', (text, message) => {
  expect(() => parseNotebook(text)).toThrow(message);
});
