import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/code/document';
import { withoutMagics } from '../../../src/code/python/magics';
import { lines, read } from './reading';

const torch = lines('import torch', 'from torch import nn', 'import torch.nn.functional as F');
const inCell = (...cell: string[]) => {
  const source = lines(...cell);
  return read(source, 'python', { before: [parse(torch, 'python')], after: [] });
};

describe('cells that are Python', () => {
  test.each([
    '%%time',
    '%%timeit -n 10 -r 3',
    '%%capture out',
    '%%wandb',
    '%%px --local',
    '%%debug',
    '%%memit',
    '%%backend jax',
    '%%prun -s cumulative',
    '%%writefile tower.py',
    '%%writefile -a src/tower.py',
    '%%file tower.py',
    '%%script python3 -u',
    '%%script false --no-raise-error',
    '%%python3',
    '%%pypy',
    '%%ipytest -qq',
    '%%manim -qm Scene',
    '%%add_to Net',
    '%%heat',
    '%%my_magic with: words',
    lines('%%capture', '%%time'),
    lines('', '  ', '%%wandb'),
  ])('%s', (magic) => {
    expect(inCell(magic, 'net = nn.Sequential(nn.Linear(2, 2), nn.EL‸U())')).toBe('torch.nn.ELU()');
  });
});

describe('cells in another language', () => {
  test.each([
    '%%bash',
    '%%sh -s',
    '%%html',
    '%%HTML',
    '%%javascript',
    '%%js',
    '%%svg',
    '%%latex',
    '%%markdown',
    '%%perl',
    '%%ruby',
    '%%R -i x',
    '%%julia',
    '%%cython -a',
    '%%cu',
    '%%sql',
    '%%bigquery frame',
    '%%mermaid',
    '%%ai chatgpt',
    '%%!',
    '%%script bash',
    '%%script --bg /bin/sh',
    '%%writefile notes.txt',
    '%%writefile Dockerfile',
    '%%file config.yaml',
    '%md',
    '%md-sandbox',
    '%sh',
    lines('%%time', '%%bash'),
  ])('%s', (magic) => {
    expect(inCell(magic, 'nn.Re‸LU()')).toBe('-');
  });
});

describe('lines', () => {
  test.each([
    [['!pip install "torch', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['!pip install \\', '  "torch', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%pip install -q \\', '  torch', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%matplotlib inline', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['try:', '    %tensorflow_version 2.x', '    F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['if fast:', '    %matplotlib inline', '    F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%time y = F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%timeit F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%timeit -n 100 -r3 -o F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%timeit -n100 F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%lprun -f run F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['for x in xs:', '    %time F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['%time act = nn.ELU()', 'a‸ct(x)'], 'torch.nn.ELU()'],
    [['result = %timeit -o F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['files = !ls "', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['here = %pwd', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['nn.Re‸LU?'], 'torch.nn.ReLU'],
    [['?nn.Re‸LU'], 'torch.nn.ReLU'],
    [['nn.Re‸LU??'], 'torch.nn.ReLU'],
    [['y = (a', '  % b)', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['y = (a', '  %b)', 'F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [['if a != b: F.re‸lu(x)'], 'torch.nn.functional.relu(0=?x)'],
    [["print('100 %'); F.re‸lu(x)"], 'torch.nn.functional.relu(0=?x)'],
    [['%%timeit y = F.re‸lu(x)', 'pass'], 'torch.nn.functional.relu(0=?x)'],
  ])('%j', (cell, expected) => {
    expect(inCell(...cell)).toBe(expected);
  });

  test.each([
    '%%bash\necho',
    '%%time\nx',
    '%timeit -n 3 f(x)\r\ny',
    'a = !ls\nb = %time f()',
    '?a\nb??',
    '!a \\\n b',
    '%t',
    '%',
    '!',
    '?',
    '%%',
    '  %time',
  ])('keep every offset: %j', (text) => {
    const read = withoutMagics(text);
    expect(read.length).toBe(text.length);
  });

  test('leave Python as it is', () => {
    for (const text of ['a % b', "x = '%s' % y", 'a != b', 'y = x\n% z', 'x = a if b else c  # why?', '"what?"']) {
      expect(withoutMagics(text)).toBe(text);
    }
  });
});
