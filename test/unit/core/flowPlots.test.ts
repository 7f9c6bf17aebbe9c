import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { calculate } from '../../../src/core/flow/calculate';
import { type FlowConfig, paperFlow } from '../../../src/core/flow/config';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/flow/measured';
import { describeFlow, type FlowLine, flowData, flowSpec } from '../../../src/core/plots/flow';
import {
  curvesData,
  curvesLayout,
  curvesSpec,
  describeCurves,
  saturatedShare,
} from '../../../src/core/plots/flowCurves';
import type { PlotSpec, PlotTheme } from '../../../src/core/plots/plot';
import { vegaConfig } from '../../../src/core/plots/spec';
import { describeWalk, walkData, walkLine, walkSpec } from '../../../src/core/plots/walkthrough';

const theme: PlotTheme = {
  background: 'dark',
  highContrast: false,
  canvas: '#1f1f1f',
  foreground: '#cccccc',
  muted: '#9d9d9d',
  grid: '#333333',
  error: '#f85149',
  fontFamily: 'sans-serif',
};
const layout = { columns: 1, width: 500, height: 240 };

const size = summariseLogs([-2, -1]);
const measuredOf = (config: FlowConfig): MeasuredFlow => ({
  networks: 2,
  layers: config.widths.map((_, l) => ({ layer: l + 1, delta: size, kernelGradient: size })),
  ratio: size,
});
const linesOf = (config: FlowConfig): FlowLine[] =>
  calculate(config).map((flow) => ({ flow, measured: measuredOf(config) }));

const hard: FlowConfig = {
  ...paperFlow,
  widths: Array.from({ length: 100 }, () => 16),
  candidates: ['step', 'exponential', 'sigmoid', 'relu'].map((name) => ({ activations: [name] })),
  kernelInitializer: { kind: 'normal', mean: 1, stddev: 9 },
};

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersIn);
  return [];
}

/** Compiles as the page does; warnings of the compiler are failures. */
function compiled(spec: PlotSpec): void {
  const said: string[] = [];
  const logger = {
    level: () => logger,
    error: (...all: unknown[]) => (said.push(all.join(' ')), logger),
    warn: (...all: unknown[]) => (said.push(all.join(' ')), logger),
    info: () => logger,
    debug: () => logger,
  };
  compile({ ...spec, config: vegaConfig(theme) } as unknown as TopLevelSpec, { logger: logger as never });
  expect(said).toEqual([]);
}

describe('the main plot', () => {
  it('has bound, prediction, band and measurement of every candidate', () => {
    const { rows } = flowData(linesOf(paperFlow), 'delta', layout, 'dark');
    const kinds = new Set(rows.map(({ k }) => k));
    for (const kind of ['line', 'bound', 'band', 'measured', 'hover']) expect(kinds).toContain(kind);
    expect(rows.filter(({ k }) => k === 'line')).toHaveLength(20);
  });

  it.each(['delta', 'kernel'] as const)('%s: draws what vanishes, overflows and is exactly 0', (measure) => {
    const { rows, params } = flowData(linesOf(hard), measure, layout, 'dark');
    for (const x of numbersIn([rows, params])) expect(Number.isFinite(x)).toBe(true);
  });

  it('compiles, in the page and alone', () => {
    for (const lines of [linesOf(paperFlow), linesOf(hard), linesOf({ ...paperFlow, widths: [8] })])
      for (const alone of [false, true]) compiled(flowSpec(lines, 'delta', theme, layout, alone));
  });

  it('says in words what it shows', () => {
    expect(describeFlow(linesOf(paperFlow), 'delta')).toMatch(/sigmoid.*2\.0e-6/);
  });
});

describe('the curves over the pre-activations', () => {
  it('know how much is saturated', () => {
    expect(saturatedShare(activation('sigmoid'), 101, 78)).toBe(1);
    expect(saturatedShare(activation('relu'), 0, 1)).toBeCloseTo(0.5, 2);
    expect(saturatedShare(activation('linear'), 0, 1)).toBe(0);
  });

  it.each([1, 50, 100])('are finite at layer %d of what overflows', (layer) => {
    const { rows, params } = curvesData(calculate(hard), layer, curvesLayout(600, 4), 'light');
    for (const x of numbersIn([rows, params])) expect(Number.isFinite(x)).toBe(true);
  });

  it('compile, and are said in words', () => {
    const flows = calculate(paperFlow);
    compiled(curvesSpec(flows, 1, theme, curvesLayout(600, 2)));
    expect(describeCurves(flows, 1)).toContain('saturated');
  });
});

describe('the chain of neurons', () => {
  const line = walkLine(activation('sigmoid'), { weight: 1, bias: -0.5 }, 10, { input: 0.5, target: 0 });

  it('falls by a quarter a neuron', () => {
    const { rows } = walkData(line, layout, 'dark');
    for (const x of numbersIn(rows)) expect(Number.isFinite(x)).toBe(true);
    expect(describeWalk(line)).toMatch(/9\.5e-7|9\.5 × 10⁻⁷/);
  });

  it('compiles, also where nothing passes or everything overflows', () => {
    const extremes = [line];
    for (const weight of [0, 1e9])
      extremes.push(walkLine(activation('linear'), { weight, bias: 0 }, 100, { input: 1, target: 0 }));
    for (const each of extremes) {
      compiled(walkSpec(each, theme, layout));
      for (const x of numbersIn(walkData(each, layout, 'dark').rows)) expect(Number.isFinite(x)).toBe(true);
    }
  });
});
