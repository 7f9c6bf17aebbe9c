import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { networkFeed, PlotFeed } from '../../../src/core/plots/feed';
import { GradientHeat, heatAxis } from '../../../src/core/plots/heat';
import { heatLayout } from '../../../src/core/plots/heatLayout';
import { describeHeat } from '../../../src/core/plots/heatWords';
import { heatColours } from '../../../src/core/plots/palette';
import { type PlotRow, type PlotSpec, type PlotTheme, ROWS } from '../../../src/core/plots/plot';
import { sparklines } from '../../../src/core/plots/sparkline';
import { vegaConfig } from '../../../src/core/plots/spec';
import { type NetworkRecord, rewind } from '../../../src/core/runs/record';
import { contrast } from './colourDistance';
import { overlapping, texts } from './plotTexts';
import { theme as dark } from './plotTheme';
import { record, sampleRun } from './reportRun';

const light: PlotTheme = { ...dark, background: 'light', canvas: '#ffffff', foreground: '#3b3b3b', grid: '#e4e4e4' };

/** A network of so many hidden layers, 4 steps an epoch. */
function strip(hidden: number, epochs: number) {
  const run = sampleRun({ activations: ['sigmoid'], hidden: Array.from({ length: hidden }, () => 8), epochs });
  const network = run.networks[0]!;
  const heat = new GradientHeat(run, network);
  const train = (steps: number, norm: (i: number, layer: number) => number) =>
    record(network, steps, { loss: (i) => 3 / (i + 1), norm });
  const rows = (kind: string, layer?: number) =>
    heat.data(heat.layout(280)).rows.filter(({ k, l }) => k === kind && (layer === undefined || l === layer));
  return { run, network, heat, train, rows };
}

interface Mark {
  readonly datum?: { readonly k?: string; readonly l?: number };
  readonly items?: readonly Mark[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill?: string;
}

/** The marks that Vega draws of one kind of row. */
async function marks(heat: GradientHeat, total: number, kind: string): Promise<Mark[]> {
  const layout = heat.layout(total);
  const { rows } = heat.data(layout);
  const spec = { ...heat.spec(dark, layout), data: { name: ROWS, values: rows } };
  const view = new View(parse(compile(spec as unknown as TopLevelSpec).spec), { renderer: 'none' });
  await view.runAsync();
  const found: Mark[] = [];
  const visit = (mark: Mark) => {
    if (mark.items) mark.items.forEach(visit);
    else if (mark.datum?.k === kind) found.push(mark);
  };
  visit((view.scenegraph() as unknown as { root: Mark }).root);
  view.finalize();
  return found;
}

describe('the heat strip', () => {
  it('gives an exact zero its own colour, a line and a "0", never a place on the ramp', () => {
    const { train, rows } = strip(1, 2);
    train(8, (_, layer) => (layer === 0 ? 0 : 1.1));
    expect(rows('cell', 0)).toEqual([]);
    expect(rows('zero', 0)).toHaveLength(8);
    for (const row of rows('zero', 0)) expect(row).toMatchObject({ all: true, share: 1, top: 0 });
    expect(rows('value').map(({ text }) => text)).toEqual(['0', '1.1']);
    expect(rows('zero', 1)).toEqual([]);
    for (const { t } of rows('cell', 1)) expect(t).toBeCloseTo((Math.log10(1.1) + 4) / 5, 6);
  });

  it('shows in a bucket the geometric mean of what was not zero, and the share of zeros over it', () => {
    const { train, rows } = strip(1, 60);
    const norms = [0, 1e-4, 1e-2, 0];
    train(4, (i) => norms[i]!);
    const [cell] = rows('cell', 0);
    expect(cell!.y).toBeCloseTo(1e-3, 8);
    const [zero] = rows('zero', 0);
    expect(zero).toMatchObject({ all: false, share: 0.5 });
    expect(zero!.top).toBe(((cell!.top as number) + (cell!.bottom as number)) / 2);
  });

  it('fills from left to right: what is drawn stays where it is', () => {
    const { train, rows } = strip(2, 100);
    const norm = (i: number, layer: number) => 10 ** (-layer - (i % 3) / 3);
    train(70, norm);
    const early = rows('cell');
    train(100, norm);
    const late = rows('cell');
    // 400 steps in columns of 7: ten are whole.
    expect(early.filter(({ l }) => l === 0)).toHaveLength(10);
    for (const row of early) expect(late).toContainEqual(row);
    train(230, norm);
    const whole = rows('cell', 0);
    expect(whole).toHaveLength(58);
    expect(whole[0]!.x1).toBe(0);
    expect(whole.at(-1)!.x2).toBe(100);
  });

  it('widens its colours by whole decades only, and its legend with them', () => {
    const { train, rows } = strip(1, 10);
    const ticks = () => rows('tick').map(({ text, t }) => [text, t]);
    train(1, () => 1);
    expect(ticks()).toEqual([
      ['10⁻⁴', 0],
      ['10⁻²', 0.4],
      ['1', expect.closeTo(0.8, 9)],
    ]);
    const before = ticks();
    train(1, () => 9.9);
    train(1, () => 2e-4);
    train(1, () => Number.NaN);
    train(1, () => 0);
    expect(ticks()).toEqual(before);
    train(1, () => 3e-7);
    expect(ticks().map(([text]) => text)).toEqual(['10⁻⁶', '10⁻⁴', '10⁻²', '1']);
    expect(rows('cell', 0).at(-1)!.t).toBeCloseTo((Math.log10(3e-7) + 7) / 8, 6);
  });

  it('means the same size by a colour in strips that share an axis, with one legend', () => {
    const run = sampleRun({ activations: ['sigmoid', 'relu'], hidden: [8] });
    const [sigmoid, relu] = run.networks as [NetworkRecord, NetworkRecord];
    record(sigmoid, 4, { loss: () => 1, norm: () => 1e-7 });
    record(relu, 4, { loss: () => 1, norm: () => 10 });
    const axis = heatAxis();
    const heats = [
      new GradientHeat(run, sigmoid, { axis, legend: false }),
      new GradientHeat(run, relu, { axis, legend: true }),
    ];
    const rows = () => heats.map((heat) => heat.data(heat.layout(280)).rows);
    rows();
    // The second has widened the axis of the first.
    const [first, second] = rows() as [readonly PlotRow[], readonly PlotRow[]];
    const place = (all: readonly PlotRow[]) => all.find(({ k }) => k === 'cell')?.t as number;
    const decades = Math.log10(axis.high / axis.low);
    expect(place(second) - place(first)).toBeCloseTo(8 / decades);
    expect(first.some(({ k }) => k === 'tick')).toBe(false);
    expect(second.some(({ k }) => k === 'tick')).toBe(true);
  });

  it('marks what was NaN or infinite', () => {
    const { train, rows, heat } = strip(1, 2);
    train(5, () => 0.5);
    train(1, (_, layer) => (layer === 0 ? Number.NaN : Number.POSITIVE_INFINITY));
    expect(rows('broken')).toMatchObject([
      { l: 0, x1: 1.25, x2: 1.5, value: 'NaN' },
      { l: 1, x1: 1.25, x2: 1.5, value: '∞' },
    ]);
    expect(rows('cell')).toHaveLength(10);
    expect(rows('value')).toEqual([]);
    expect(rows('lost').map(({ text }) => text)).toEqual(['NaN', '∞']);
    expect(describeHeat(heat)).toContain('the hidden layer: NaN since step 6; the output layer: ∞ since step 6.');
  });

  it('follows a record that was taken back to an earlier step', () => {
    const { run, network, train, rows } = strip(1, 2);
    train(8, () => 0);
    expect(rows('zero', 0)).toHaveLength(8);
    rewind(network, 3, 4);
    train(3, () => 2);
    expect(rows('zero', 0)).toHaveLength(3);
    expect(rows('cell', 0)).toHaveLength(3);
    expect(rows('cell')).toEqual(
      new GradientHeat(run, network).data(heatLayout(260, 2)).rows.filter(({ k }) => k === 'cell'),
    );
  });

  it('keeps its frame before the first step', () => {
    const { heat, rows } = strip(3, 10);
    expect(rows('track')).toHaveLength(4);
    expect(rows('name').map(({ text }) => text)).toEqual(['hidden 1', 'hidden 2', 'hidden 3', 'output']);
    expect(rows('tick').length).toBeGreaterThan(2);
    expect(heat.data(heat.layout(260)).points).toBe(0);
    expect(describeHeat(heat)).toMatch(/Nothing recorded yet\.$/);
  });

  it('has room for fifty layers: thin rows, and names that do not touch', () => {
    const { heat, train, rows } = strip(50, 100);
    train(400, (i, layer) => (layer < 20 ? 0 : 10 ** (layer - 50) * (1 + (i % 2))));
    const { height, row } = heat.layout(260);
    expect(row).toBeGreaterThanOrEqual(4);
    expect(height).toBeLessThanOrEqual(220);
    const names = rows('name');
    expect(names[0]!.text).toBe('hidden 1');
    expect(names.at(-1)!.text).toBe('output');
    for (let i = 1; i < names.length; i++) {
      expect((names[i]!.middle as number) - (names[i - 1]!.middle as number)).toBeGreaterThanOrEqual(12);
    }
    const { rows: all } = heat.data(heat.layout(260));
    expect(new Set(all.map(({ i }) => i)).size).toBe(all.length);
    const text = describeHeat(heat);
    expect(text).toContain('Gradient of hidden layers 1 to 20: exactly 0 since step 1;');
    expect(text).toContain('the output layer: 2.0 at the last step.');
    expect(text.split(';').length).toBeLessThanOrEqual(7);
  });

  it('says since when a gradient is gone, to the step', () => {
    const { heat, train } = strip(1, 100);
    train(137, (_, layer) => (layer === 0 ? 1e-3 : 1.1));
    train(200, (_, layer) => (layer === 0 ? 0 : 1.1));
    expect(describeHeat(heat)).toContain(
      'the hidden layer: exactly 0 since step 138; the output layer: 1.1 at the last step.',
    );
  });

  it.each([260, 900])('is drawn at %i px from edge to edge, the first layer on top', async (total) => {
    const { heat, train } = strip(2, 100);
    train(200, (_, layer) => (layer === 0 ? 0 : 10 ** -layer));
    const { width, height, row } = heat.layout(total);
    const tracks = await marks(heat, total, 'track');
    expect(tracks.map(({ x, y }) => [x, y])).toEqual([0, 1, 2].map((layer) => [0, layer * row]));
    expect(tracks.map((mark) => mark.width)).toEqual([width, width, width]);
    const cells = await marks(heat, total, 'cell');
    const second = cells.filter(({ datum }) => datum?.l === 1);
    expect(second[0]!.x).toBe(0);
    // Columns touch: no seam, no overlap.
    for (let i = 1; i < second.length; i++) expect(second[i]!.x).toBe(second[i - 1]!.x + second[i - 1]!.width);
    const end = second.at(-1)!.x + second.at(-1)!.width;
    expect(Math.abs(end / width - 0.5)).toBeLessThan(0.02);
    expect(new Set(cells.map(({ fill }) => fill)).size).toBe(2);
    // Each has a line through it.
    const zeros = await marks(heat, total, 'zero');
    const fills = zeros.filter(({ fill }) => fill !== undefined);
    expect(fills).toHaveLength(zeros.length / 2);
    for (const { y, height: tall } of fills) expect([y, y + tall <= row]).toEqual([0, true]);
    expect(height).toBe(3 * row);
  });

  it.each([112, 126, 150, 180, 260])('has no text over another at %i px, nor outside them', async (total) => {
    const { heat, train } = strip(10, 100);
    train(200, (_, layer) => 10 ** (-layer - 0.5));
    const layout = heat.layout(total);
    const boxes = await texts(heat.spec(dark, layout), heat.data(layout));
    expect(overlapping(boxes)).toEqual([]);
    const [left, right] = [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
    expect(left).toBeGreaterThanOrEqual(-61);
    expect(right).toBeLessThanOrEqual(total - 60);
    // The legend says two sizes at least.
    const legend = boxes.filter(({ top }) => top > layout.height + 22).map(({ text }) => text);
    expect(legend).toContain('0');
    expect(legend.length).toBeGreaterThanOrEqual(3);
  });

  it('compiles as Vega-Lite without a warning', () => {
    const { heat } = strip(2, 10);
    const said: unknown[] = [];
    const say = (...all: unknown[]) => {
      said.push(all);
      return logger;
    };
    const logger = {
      level: () => logger,
      warn: say,
      error: say,
      info: () => logger,
      debug: () => logger,
    };
    for (const theme of [dark, light]) {
      for (const alone of [false, true]) {
        const spec: PlotSpec = { ...heat.spec(theme, heat.layout(260), alone), config: vegaConfig(theme) };
        compile(spec as unknown as TopLevelSpec, { logger: logger as never });
      }
    }
    expect(said).toEqual([]);
  });

  it.each([
    ['light', ['#ffffff', '#f8f8f8']],
    ['dark', ['#1f1f1f', '#181818', '#000000']],
  ] as const)('has colours that run one way, away from a %s background', (background, canvases) => {
    const { ramp, zero } = heatColours(background);
    for (const canvas of canvases) {
      const steps = ramp.map((colour) => contrast(colour, canvas));
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
      expect(steps[0]).toBeGreaterThan(1.3);
      expect(steps.at(-1)).toBeGreaterThan(7);
      expect(contrast(zero, canvas)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('sparklines', () => {
  const pair = (epochs = 10) => {
    const run = sampleRun({ activations: ['sigmoid', 'relu'], epochs });
    const feeds = run.networks.map((network) => networkFeed(run, network, 20));
    const [a, b] = run.networks as [(typeof run.networks)[0], (typeof run.networks)[0]];
    return { run, feeds, a, b };
  };
  const points = (path: string) =>
    [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

  it('stay in the unit box, in as many buckets as asked for, along the planned run', () => {
    const { feeds, a, b } = pair();
    record(a, 20, { loss: (i) => 100 / (i + 1), norm: () => 1 });
    record(b, 40, { loss: () => 2.3, norm: () => 1 });
    for (const measure of ['loss', 'accuracy'] as const) {
      const [first, second] = sparklines(feeds, measure);
      expect(points(first!.path)).toHaveLength(10);
      expect(points(second!.path)).toHaveLength(20);
      for (const [x, y] of [...points(first!.path), ...points(second!.path)]) {
        for (const at of [x, y]) expect(at >= 0 && at <= 1).toBe(true);
      }
      expect(first!.end!.x).toBeCloseTo(0.475, 9);
      expect(second!.end!.x).toBeCloseTo(0.975, 9);
    }
    expect(sparklines(feeds, 'accuracy')[0]!.end!.y).toBeCloseTo(0.9, 6);
  });

  it('grow in decades, all together', () => {
    const { feeds, a, b } = pair();
    record(a, 2, { loss: () => Math.sqrt(10), norm: () => 1 });
    expect(sparklines(feeds, 'loss')[0]!.end!.y).toBeCloseTo(0.5, 3);
    record(a, 2, { loss: () => 9, norm: () => 1 });
    expect(points(sparklines(feeds, 'loss')[0]!.path)[0]![1]).toBeCloseTo(0.5, 3);
    record(b, 2, { loss: () => 500, norm: () => 1 });
    expect(points(sparklines(feeds, 'loss')[0]!.path)[0]![1]).toBeCloseTo(1 - 0.5 / 3, 3);
  });

  it('have a gap where a value was not finite, and a dot where one stands alone', () => {
    const { feeds, a } = pair(5);
    const losses = [2, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, 0];
    record(a, 6, { loss: (i) => losses[i]!, norm: () => 1 });
    const [line, none] = sparklines(feeds, 'loss');
    expect(line!.path).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+M[\d.]+ [\d.]+h0M[\d.]+ 1h0$/);
    expect(line!.broken).toBe(true);
    expect(none).toEqual({ path: '', end: undefined, broken: false });
  });
});

describe('a feed', () => {
  it('of one network leaves the other seeds out', () => {
    const run = sampleRun({ activations: ['relu'], seeds: 2 });
    run.networks.forEach((network, i) => void record(network, 4, { loss: () => i + 1, norm: () => 1 }));
    expect(new PlotFeed(run).points('loss', 'ReLU')[0]).toMatchObject({ y: 1.5 });
    expect(networkFeed(run, run.networks[1]!, 60).points('loss', 'ReLU')[0]).toMatchObject({ y: 2 });
  });
});
