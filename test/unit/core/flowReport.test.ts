import { describe, expect, it } from 'vitest';
import { calculate } from '../../../src/core/flow/calculate';
import { paperFlow } from '../../../src/core/flow/config';
import { readFlowArgument } from '../../../src/core/flow/link';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/flow/measured';
import { flowCsv, flowMarkdown } from '../../../src/core/report/flowTable';

const flows = calculate(paperFlow);
const size = summariseLogs([Math.log(0.5), Math.log(0.5)]);
const measured: MeasuredFlow[] = flows.map(() => ({
  networks: 2,
  layers: Array.from({ length: 10 }, (_, l) => ({ layer: l + 1, delta: size, kernelGradient: size })),
  ratio: size,
}));

describe('a calculation as Markdown', () => {
  const text = flowMarkdown({ config: paperFlow, flows, measured: [] });

  it('has a row for each layer of each candidate, all of them as wide as their head', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 * (10 + 2));
    const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(cells).size).toBe(1);
    expect(rows[2]).toContain('| 2.0e-6 |');
  });

  it('says the verdict, and ends with a link that opens it again', () => {
    expect(text).toContain('**sigmoid** (vanishing)');
    expect(readFlowArgument(text)).toEqual({ config: paperFlow });
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

  it('quotes what holds a comma', () => {
    const config = { ...paperFlow, widths: [8, 8], candidates: [{ activations: ['tanh', 'relu'] }] };
    expect(flowCsv({ config, flows: calculate(config), measured: [] })).toContain('"tanh, ReLU",1,8');
  });
});
