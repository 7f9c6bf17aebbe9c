import { describe, expect, it } from 'vitest';
import { type CandidateFlow, calculate } from '../../../src/core/advice/calculate';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { readFlowArgument } from '../../../src/core/links/flowArgument';
import {
  flowCells,
  flowColumns,
  flowCsv,
  flowMarkdown,
  flowRows,
  flowSettings,
} from '../../../src/core/report/flowTable';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/theory/measured';
import { numberIn } from '../../figure';

const flows = calculate(paperFlow);
const size = summariseLogs([Math.log(0.5), Math.log(0.5)]);
const measured: MeasuredFlow[] = flows.map(() => ({
  networks: 2,
  layers: Array.from({ length: 10 }, (_, l) => ({ layer: l + 1, delta: size, kernelGradient: size })),
  ratio: size,
}));

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const lines = text.split('\r\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
    ),
  );
}
const named = (label: string): CandidateFlow => ({ ...flows[0]!, label });
const overflowing: FlowConfig = {
  ...paperFlow,
  candidates: [{ activations: ['exponential'] }, { activations: ['step'] }],
};

describe('the columns', () => {
  it('are as many as the numbers of a row, with a measurement and without', () => {
    for (const found of [undefined, measured[0]]) {
      const columns = flowColumns(found !== undefined);
      for (const row of flowRows(flows[0]!, found)) expect(row).toHaveLength(columns.length);
      expect(new Set(columns.map(({ title }) => title)).size).toBe(columns.length);
      for (const { hint } of columns) expect(hint.length).toBeGreaterThan(10);
    }
    expect(flowColumns(true).length).toBe(flowColumns(false).length + 3);
  });

  it('hold what they say', () => {
    const ids = flowColumns(true).map(({ id }) => id);
    flowRows(flows[1]!, measured[1]).forEach((row, l) => {
      const at = flows[1]!.prediction.layers[l]!;
      expect(Object.fromEntries(ids.map((id, i) => [id, row[i]]))).toEqual({
        layer: l + 1,
        units: 128,
        mean: at.mean,
        q: at.q,
        chi: at.chi,
        best: at.atBest?.value,
        delta: at.delta,
        low: at.band[0],
        high: at.band[1],
        kernel: at.kernelGradient,
        measured: size.typical,
        spread: size.spread,
        measuredKernel: size.typical,
      });
    });
  });

  it('are empty where a layer was not measured', () => {
    const rows = flowRows(flows[0]!, { ...measured[0]!, layers: measured[0]!.layers.slice(0, 9) });
    const of = (row: readonly (number | undefined)[]) =>
      ['measured', 'spread', 'measuredKernel'].map((id) => row[flowColumns(true).findIndex((each) => each.id === id)]);
    expect(of(rows[8]!)).toEqual([size.typical, size.spread, size.typical]);
    expect(of(rows[9]!)).toEqual([undefined, undefined, undefined]);
  });

  it('begin with what comes out, so that a narrow page shows it', () => {
    expect(
      flowColumns(true)
        .slice(0, 4)
        .map(({ id }) => id),
    ).toEqual(['layer', 'units', 'delta', 'measured']);
  });

  it('read as whole numbers for layer and units, and to three digits for the rest', () => {
    expect(flowCells([3, 4096, 0, 1234.5678, 2.0296e-6, Number.POSITIVE_INFINITY, undefined])).toEqual([
      '3',
      '4096',
      '0',
      '1,235',
      '2.0 × 10⁻⁶',
      '∞',
      '–',
    ]);
  });
});

describe('the settings in a line', () => {
  it('of the paper are short', () => expect(flowSettings(paperFlow)).toBe('10 × 128 · Keras · glorot_uniform'));

  it('say that the inputs are digits, as others of the same size give another result', () => {
    const digits: FlowConfig = { ...paperFlow, data: 'digits' };
    expect(flowSettings(digits)).toBe('10 × 128 · on drawn digits · Keras · glorot_uniform');
    expect(flowSettings({ ...digits, inputs: 784 })).toBe(flowSettings(digits));
    expect(flowSettings({ ...digits, inputs: 1 })).toBe(
      '10 × 128 · on drawn digits · 1 input · Keras · glorot_uniform',
    );
  });

  it('tell what differs', () => {
    const config: FlowConfig = {
      ...paperFlow,
      framework: 'torch',
      widths: [64, 32],
      inputs: 784,
      kernelInitializer: { kind: 'normal', mean: 0, stddev: 0.1 },
      biasStd: 0.2,
      normalisation: 'layer',
      dropout: 0.3,
      residual: true,
      inputVariance: 0.1,
    };
    expect(flowSettings(config)).toBe(
      '64, 32 · 784 inputs · PyTorch · normal:0,0.1 · biases of std 0.2 · layer normalisation · dropout 0.3 · residual · inputs’ mean square 0.1',
    );
  });
});

describe('a calculation as Markdown', () => {
  const text = flowMarkdown({ config: paperFlow, flows, measured: [] });

  it('has a row for each layer of each candidate, all of them as wide as their head', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 * (10 + 2));
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(cells).size).toBe(1);
    expect(rows[2]).toContain('| 2.0 × 10⁻⁶ |');
  });

  it('says the verdict, and ends with a link that opens it again', () => {
    expect(text).toContain('**sigmoid** (vanishing)');
    expect(readFlowArgument(text)).toEqual({ config: paperFlow });
  });

  it('escapes what would break a table or open a link', () => {
    const label = 'a|b, [c](d) *e* <f>_g_';
    const page = flowMarkdown({ config: paperFlow, flows: [named(label)], measured: [] });
    expect(page.split('\n')[0]).toMatch(/^\*\*a\\\|b, \\\[c\\\]\(d\) \\\*e\\\* \\<f\\>\\_g\\_\*\* \(vanishing\): /);
  });

  it('has the numbers of the prediction, to the digits that a table shows', () => {
    const rows = text.split('\n').filter((line) => /^\| \d/.test(line));
    rows.forEach((row, i) => {
      const cells = row.split('|').slice(1, -1);
      const { layer, delta } = flows[Math.floor(i / 10)]!.prediction.layers[i % 10]!;
      expect(Number(cells[0])).toBe(layer);
      expect(numberIn(cells[2]!.trim()) / delta).toBeCloseTo(1, 1);
    });
  });

  it('says what overflows and what is 0', () => {
    const page = flowMarkdown({ config: overflowing, flows: calculate(overflowing), measured: [] });
    expect(page).toContain('(exploding)');
    expect(page).toContain('(dead)');
    expect(page).toContain('| ∞ |');
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it('has columns for what was measured', () => {
    expect(text).not.toContain('measured');
    expect(flowMarkdown({ config: paperFlow, flows, measured })).toContain('measured ‖δ‖');
  });
});

describe('a calculation as CSV', () => {
  it('has every digit', () => {
    const [head, ...lines] = flowCsv({ config: paperFlow, flows, measured }).trimEnd().split('\r\n');
    const columns = head!.split(',');
    expect(lines).toHaveLength(20);
    lines.forEach((line, i) => {
      const cells = line.split(',');
      expect(cells).toHaveLength(columns.length);
      const flow = flows[Math.floor(i / 10)]!;
      expect(cells[0]).toBe(flow.label);
      expect(Number(cells[columns.indexOf('‖δ‖')])).toBe(flow.prediction.layers[i % 10]!.delta);
      expect(Number(cells[columns.indexOf('measured ‖δ‖')])).toBe(size.typical);
    });
  });

  it('reads back as the very numbers, overflows among them', () => {
    const found = calculate(overflowing);
    const [head, ...rows] = parseCsv(flowCsv({ config: overflowing, flows: found, measured: [] }));
    expect(head!.slice(1)).toEqual(flowColumns(false).map(({ title }) => title));
    const expected = found.flatMap((flow) => flowRows(flow, undefined));
    expect(rows.map((cells) => cells.slice(1).map((cell) => (cell === '' ? undefined : Number(cell))))).toEqual(
      expected,
    );
    expect(expected.flat()).toContain(Number.POSITIVE_INFINITY);
  });

  it.each(['a,b', 'say "x"', 'a|b', 'line\nbreak', '"'])('keeps the name %j whole', (label) => {
    const csv = flowCsv({ config: paperFlow, flows: [named(label)], measured: [] });
    const rows = parseCsv(csv).slice(1);
    expect(rows).toHaveLength(10);
    for (const cells of rows) {
      expect(cells[0]).toBe(label);
      expect(cells).toHaveLength(11);
    }
  });

  it('quotes what holds a comma', () => {
    const config = { ...paperFlow, widths: [8, 8], candidates: [{ activations: ['tanh', 'relu'] }] };
    expect(flowCsv({ config, flows: calculate(config), measured: [] })).toContain('"tanh, ReLU",1,8');
  });
});
