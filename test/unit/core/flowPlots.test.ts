import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { activation, activationNames } from '../../../src/core/activations/catalogue';
import { calculate } from '../../../src/core/advice/calculate';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { describeFlow, type FlowLine, flowData, flowSpec } from '../../../src/core/plots/flow';
import {
  curvesData,
  curvesLayout,
  curvesSpec,
  describeCurves,
  nearlyFlatShare,
} from '../../../src/core/plots/flowCurves';
import { type PlotData, type PlotSpec, ROWS } from '../../../src/core/plots/plot';
import { describeWalk, walkData, walkLine, walkSpec } from '../../../src/core/plots/walkthrough';
import { type MeasuredFlow, summariseLogs } from '../../../src/core/theory/measured';
import { compiled } from './plotCompiled';
import { theme } from './plotTheme';

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

/** Where Vega draws the marks of a picture: their coordinates, however the axes came out. */
async function drawn(spec: PlotSpec, { rows }: PlotData): Promise<{ count: number; coordinates: number[] }> {
  const { spec: vega } = compile({ ...spec, data: { name: ROWS, values: rows } } as unknown as TopLevelSpec);
  const view = new View(parse(vega), { renderer: 'none' });
  await view.runAsync();
  const coordinates: number[] = [];
  let count = 0;
  const visit = (item: { items?: unknown[]; x?: number; y?: number; x2?: number; y2?: number }) => {
    if (item.items) for (const each of item.items) visit(each as typeof item);
    else {
      count++;
      for (const at of [item.x, item.y, item.x2, item.y2]) if (at !== undefined && at !== null) coordinates.push(at);
    }
  };
  visit((view.scenegraph() as unknown as { root: Parameters<typeof visit>[0] }).root);
  view.finalize();
  return { count, coordinates };
}

const withKernels = (name: string, stddev: number, depth: number): FlowConfig => ({
  ...paperFlow,
  candidates: [{ activations: [name] }],
  widths: Array.from({ length: depth }, () => 128),
  kernelInitializer: { kind: 'normal', mean: 0, stddev },
});
/** Ratios near both ends of what a number holds. */
const nearTheEnds = [
  ['10⁻²⁵³', withKernels('sigmoid', 1e-3, 100)],
  ['10²⁸⁷', withKernels('linear', 1000, 72)],
] as const;

describe('the main plot', () => {
  it('draws at each layer what was calculated and measured', () => {
    const lines = linesOf(paperFlow);
    const { rows } = flowData(lines, 'delta', layout, 'dark');
    lines.forEach(({ flow, measured }, line) => {
      const of = (kind: string) => rows.filter((row) => row.k === kind && row.line === line);
      const { layers } = flow.prediction;
      expect(of('line').map(({ x, y }) => [x, y])).toEqual(layers.map(({ layer, delta }) => [layer, delta]));
      expect(of('best').map(({ x, y }) => [x, y])).toEqual(
        layers.slice(0, -1).flatMap(({ layer, atBest }) => (atBest ? [[layer, atBest.value]] : [])),
      );
      expect(of('band').map(({ low, high }) => [low, high])).toEqual(layers.map(({ band }) => band));
      expect(of('measured').map(({ x, y, low, high }) => [x, y, low, high])).toEqual(
        measured!.layers.map(({ layer, delta }) => [layer, delta.typical, delta.low, delta.high]),
      );
    });
  });

  it('of kernels has neither band nor best case', () => {
    const { rows } = flowData(linesOf(paperFlow), 'kernel', layout, 'dark');
    const kinds = new Set(rows.map(({ k }) => k));
    expect(kinds).not.toContain('band');
    expect(kinds).not.toContain('best');
    const expected = calculate(paperFlow).flatMap(({ prediction }) => prediction.layers.map((at) => at.kernelGradient));
    expect(rows.filter(({ k }) => k === 'line').map(({ y }) => y)).toEqual(expected);
  });

  it('without a measurement has none', () => {
    const lines = calculate(paperFlow).map((flow) => ({ flow, measured: undefined }));
    const { rows } = flowData(lines, 'delta', layout, 'dark');
    expect(rows.filter(({ k }) => k === 'measured')).toEqual([]);
    expect(JSON.stringify(rows)).not.toContain('measured');
  });

  it('keeps the line before a remedy, in its own colour and with as many layers as it had', () => {
    const [before] = calculate(paperFlow);
    const after: FlowConfig = {
      ...paperFlow,
      candidates: [{ activations: ['relu'] }],
      widths: [128, 128, 128, 128, 128],
    };
    const lines = calculate(after).map((flow) => ({ flow, measured: undefined, before }));
    const { rows, params } = flowData(lines, 'delta', layout, 'dark');
    const old = rows.filter(({ k }) => k === 'before');
    expect(old.map(({ x, y }) => [x, y])).toEqual(before!.prediction.layers.map(({ layer, delta }) => [layer, delta]));
    expect(old[0]!.c).not.toBe(rows.find(({ k }) => k === 'line')!.c);
    expect(params.xMax).toBe(10.5);
    expect(JSON.stringify(rows.find(({ k }) => k === 'hover')!.tip)).toContain('"sigmoid, before":"2.0 × 10⁻⁶"');
    expect(describeFlow(lines, 'delta')).toContain('sigmoid, before the change 2.0 × 10⁻⁶');
    expect(JSON.stringify(flowSpec(lines, 'delta', theme, layout, true))).toContain('"sigmoid, before"');
  });

  it('holds four candidates of a hundred layers, each with its own look', () => {
    const lines = linesOf(hard);
    const { rows } = flowData(lines, 'delta', layout, 'dark');
    expect(rows.filter(({ k }) => k === 'line')).toHaveLength(400);
    expect(rows.filter(({ k }) => k === 'hover')).toHaveLength(100);
    const looks = lines.map((_, line) => {
      const { c, s } = rows.find((row) => row.line === line)!;
      return `${c} ${s}`;
    });
    expect(new Set(looks).size).toBe(4);
    expect(new Set(rows.map(({ i }) => i)).size).toBe(rows.length);
  });

  it('tells four lines of one activation apart', () => {
    const config = { ...paperFlow, candidates: Array.from({ length: 4 }, () => ({ activations: ['relu'] })) };
    const { rows } = flowData(linesOf(config), 'delta', layout, 'light');
    const shapes = [0, 1, 2, 3].map((line) => rows.find((row) => row.k === 'line' && row.line === line)!.s);
    expect(new Set(shapes).size).toBe(4);
  });

  it('puts exact zeros into a lane below the axis, and marks where a line overflows', () => {
    const step = flowData(linesOf({ ...paperFlow, candidates: [{ activations: ['step'] }] }), 'delta', layout, 'dark');
    const { yMin, yLow } = step.params as { yMin: number; yLow: number };
    const zeros = step.rows.filter(({ k }) => k === 'zero');
    expect(zeros).toHaveLength(9);
    for (const { y } of zeros) {
      expect(y).toBeGreaterThan(yMin);
      expect(y).toBeLessThan(yLow);
    }
    const config = { ...paperFlow, candidates: [{ activations: ['exponential'] }] };
    const { rows } = flowData(linesOf(config), 'delta', layout, 'dark');
    expect(rows.filter(({ k }) => k === 'broken')).toEqual([expect.objectContaining({ x: 1, t: '∞' })]);
  });

  it.each(nearTheEnds)('has an axis of numbers for %s', (_name, config) => {
    const { rows, params } = flowData(linesOf(config), 'delta', layout, 'dark');
    for (const x of numbersIn([rows, params])) expect(Number.isFinite(x)).toBe(true);
    const { yMin, yLow, yMax } = params as { yMin: number; yLow: number; yMax: number };
    expect(yMin).toBeGreaterThan(0);
    expect(yLow).toBeGreaterThan(yMin);
    expect(yMax).toBeGreaterThan(yLow);
  });

  it.each([['the paper', paperFlow], ['what vanishes, overflows and is 0', hard], ...nearTheEnds] as const)(
    'of %s is drawn by Vega, every mark at a place',
    async (_name, config) => {
      const lines = linesOf(config);
      const { count, coordinates } = await drawn(
        flowSpec(lines, 'delta', theme, layout),
        flowData(lines, 'delta', layout, 'dark'),
      );
      expect(count).toBeGreaterThan(50);
      expect(coordinates.filter((at) => !Number.isFinite(at))).toEqual([]);
    },
  );

  it('has best case, prediction, band and measurement of every candidate', () => {
    const { rows } = flowData(linesOf(paperFlow), 'delta', layout, 'dark');
    const kinds = new Set(rows.map(({ k }) => k));
    for (const kind of ['line', 'best', 'band', 'measured', 'hover']) expect(kinds).toContain(kind);
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
    expect(describeFlow(linesOf(paperFlow), 'delta')).toMatch(/sigmoid.*2\.0 × 10⁻⁶/);
  });
});

describe('the curves over the pre-activations', () => {
  it('know how much is flat', () => {
    expect(nearlyFlatShare(activation('sigmoid'), 101, 78)).toBe(1);
    expect(nearlyFlatShare(activation('relu'), 0, 1)).toBeCloseTo(0.5, 2);
    expect(nearlyFlatShare(activation('linear'), 0, 1)).toBe(0);
  });

  it.each([1, 50, 100])('are finite at layer %d of what overflows', (layer) => {
    const { rows, params } = curvesData(calculate(hard), layer, curvesLayout(600, 4), 'light');
    for (const x of numbersIn([rows, params])) expect(Number.isFinite(x)).toBe(true);
  });

  it('compile, and are said in words', () => {
    const flows = calculate(paperFlow);
    compiled(curvesSpec(flows, 1, theme, curvesLayout(600, 2)));
    // Nothing of a vanishing sigmoid is flat: its slopes say what does it.
    const notes = (width: number) =>
      curvesData(flows, 1, curvesLayout(width, 2), 'light').rows.flatMap(({ k, t }) =>
        k.startsWith('note') ? [t] : [],
      );
    expect(notes(600)).toEqual(['slopes leave 0.21, 0 % flat', 'slopes leave 0.68, 0.5 % flat']);
    expect(notes(300)).toEqual(['slopes leave 0.21', 'slopes leave 0.68']);
    expect(describeCurves(flows, 1)).toContain('slopes leave 0.68, 0.5 % flat');
  });
});

describe('no activation', () => {
  const kernels = [
    null,
    { kind: 'normal', mean: 1, stddev: 9 },
    { kind: 'zeros' },
    { kind: 'constant', value: 1e6 },
  ] as const;

  it.each(activationNames)('%s puts a NaN or an infinity into a plot', (name) => {
    for (const kernelInitializer of kernels) {
      for (const depth of [1, 3, 100]) {
        const widths = Array.from({ length: depth }, () => 16);
        const config: FlowConfig = { ...paperFlow, candidates: [{ activations: [name] }], widths, kernelInitializer };
        const plots = [
          ...(['delta', 'kernel'] as const).map((measure) => flowData(linesOf(config), measure, layout, 'dark')),
          curvesData(calculate(config), depth, curvesLayout(600, 1), 'light'),
        ];
        for (const { rows, params } of plots) {
          expect(numbersIn([rows, params]).filter((x) => !Number.isFinite(x))).toEqual([]);
        }
      }
    }
    for (const weight of [0, 1e-4, 1, 1e9]) {
      const line = walkLine(activation(name), { weight, bias: 0.3 }, 100, { input: 1, target: 0 });
      const { rows, params } = walkData(line, layout, 'dark');
      expect(numbersIn([rows, params]).filter((x) => !Number.isFinite(x))).toEqual([]);
    }
  });
});

describe('the chain of neurons', () => {
  it.each([0.5, -0.5])('draws the size of the running product, and the best case above it: weight %d', (weight) => {
    const line = walkLine(activation('sigmoid'), { weight, bias: 0.2 }, 12, { input: 0.5, target: 1 });
    const { rows } = walkData(line, layout, 'dark');
    const of = (kind: string) => rows.filter(({ k }) => k === kind).map(({ y }) => y as number);
    expect(of('line')).toEqual(line.chain.steps.map(({ runningProduct }) => Math.abs(runningProduct)));
    expect(of('best')).toEqual(Array.from({ length: 12 }, (_, i) => (0.5 * 0.25) ** (12 - i)));
    // φ′ is at its largest at 0 alone.
    of('line').forEach((y, i) => {
      expect(y).toBeLessThan(of('best')[i]!);
    });
  });

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
