import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { activationNames } from '../../../src/core/activations/catalogue';
import { LinearAxis, LogAxis, niceAbove, powerLabel } from '../../../src/core/plots/axes';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { describePlot } from '../../../src/core/plots/describe';
import { PlotFeed, shownLayers } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot, spread } from '../../../src/core/plots/layers';
import { activationColour, activationStyle } from '../../../src/core/plots/palette';
import { facetLayout, plotKinds } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { vegaConfig } from '../../../src/core/plots/spec';
import { colourDistance, contrast, type Vision } from './colourDistance';
import { theme } from './plotTheme';
import { endEpoch, record, sampleRun } from './reportRun';
import { emptyRun, train } from './runs/runs';

describe('the palette', () => {
  const common = ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu', 'gelu', 'silu', 'selu'];

  it.each(activationNames)('%s stands out at 3:1 on light, dark and high contrast', (name) => {
    for (const background of ['#ffffff', '#f8f8f8'])
      expect(contrast(activationColour(name, 'light'), background)).toBeGreaterThanOrEqual(3);
    for (const background of ['#1f1f1f', '#181818', '#000000', '#272822']) {
      expect(contrast(activationColour(name, 'dark'), background)).toBeGreaterThanOrEqual(3);
    }
  });

  it('tells all activations apart by colour and marker together', () => {
    const looks = activationNames.map((name) => `${activationStyle(name).dark} ${activationStyle(name).shape}`);
    expect(new Set(looks).size).toBe(activationNames.length);
    expect(new Set(common.map((name) => activationColour(name, 'dark'))).size).toBe(common.length);
    expect(new Set(common.map((name) => activationStyle(name).shape)).size).toBe(common.length);
  });

  const pairs = common.flatMap((a, i) => common.slice(i + 1).map((b) => [a, b] as const));

  it('is measured with distances as they are known of the primaries', () => {
    expect(colourDistance('#000000', '#ffffff', 'usual')).toBeCloseTo(100, 3);
    expect(colourDistance('#ff0000', '#00ff00', 'usual')).toBeCloseTo(86.608, 3);
    expect(colourDistance('#ff0000', '#0000ff', 'usual')).toBeCloseTo(52.881, 3);
  });

  it.each(['usual', 'deuteranopia', 'protanopia'] as const)(
    'has no two near colours for %s vision',
    (vision: Vision) => {
      expect(colourDistance('#ff0000', '#ff0000', vision)).toBe(0);
      for (const background of ['light', 'dark'] as const) {
        const near = pairs.filter(([a, b]) => {
          const [one, other] = [activationColour(a, background), activationColour(b, background)];
          return colourDistance(one, other, vision) < (vision === 'usual' ? 15 : 10);
        });
        expect(near).toEqual([]);
      }
    },
  );

  it('has two blues far apart for relu and leaky_relu', () => {
    for (const background of ['light', 'dark'] as const) {
      const [relu, leaky] = ['relu', 'leaky_relu'].map((name) => activationColour(name, background));
      for (const vision of ['usual', 'deuteranopia', 'protanopia'] as const)
        expect(colourDistance(relu!, leaky!, vision)).toBeGreaterThan(15);
    }
  });

  it('gives another dash and another marker wherever a colour comes again', () => {
    const looks = activationNames.map(activationStyle);
    for (const [i, one] of looks.entries()) {
      for (const other of looks.slice(0, i)) {
        if (one.dark !== other.dark) continue;
        expect(one.shape).not.toBe(other.shape);
        expect(one.dash).not.toEqual(other.dash);
      }
    }
  });

  it('knows a grey for a name that it does not know', () => {
    expect(activationStyle('toString').light).toBe(activationStyle('linear').light);
  });
});

describe('axes', () => {
  it('grow by powers of ten and never shrink, with zero on a line of its own below', () => {
    const axis = new LogAxis(-2, 1, true);
    const before = axis.low;
    axis.include(5);
    expect(axis.low).toBe(before);
    axis.include(3e-7);
    expect(axis.low).toBeCloseTo(1e-7, 12);
    axis.include(0);
    axis.include(Number.NaN);
    axis.include(Number.POSITIVE_INFINITY);
    const { values, labels } = axis.ticks();
    expect(labels[0]).toBe('0');
    expect(values[0]!).toBeLessThan(axis.low);
    expect(values[0]!).toBeGreaterThan(axis.bottom);
    expect(labels).toContain('1');
    expect(values.length).toBeLessThanOrEqual(8);
  });

  it('read well', () => {
    expect([3, 0, -2].map(powerLabel)).toEqual(['1,000', '1', '10⁻²']);
    expect([0.3, 1, 2.1, 5.5, 130].map(niceAbove)).toEqual([0.5, 1, 5, 10, 200]);
    const linear = new LinearAxis(2.5);
    linear.include(553);
    expect(linear.high).toBe(1000);
    linear.include(3);
    expect(linear.high).toBe(1000);
  });

  it('move labels apart within the frame', () => {
    const placed = spread([0.5, 0.5, 0.99, 1], 0.1);
    const sorted = [...placed].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(0.0999);
    expect(Math.max(...placed)).toBeLessThanOrEqual(1);
    expect(spread([], 0.1)).toEqual([]);
  });

  it('lay frames out in as few rows as they need, with an axis each where the last row has a gap', () => {
    const of = (width: number, count: number) => {
      const { columns, ragged = false } = facetLayout(width, count, { one: 200, several: 150 }, 44, 66);
      return { columns, ragged };
    };
    expect(of(900, 5)).toEqual({ columns: 5, ragged: false });
    expect(of(700, 5)).toEqual({ columns: 3, ragged: true });
    expect(of(700, 6)).toEqual({ columns: 3, ragged: false });
    expect(of(270, 5)).toEqual({ columns: 1, ragged: false });
  });

  it('lay frames out for every width', () => {
    for (const width of [270, 500, 1100, 2000]) {
      for (const count of [1, 2, 3, 4, 5, 6, 7]) {
        const { columns, width: each } = facetLayout(width, count, { one: 200, several: 150 }, 44, 66);
        expect(columns).toBeGreaterThanOrEqual(1);
        expect(columns).toBeLessThanOrEqual(count);
        expect(44 + columns * (each + 66)).toBeLessThanOrEqual(width);
      }
    }
  });
});

function filled() {
  const run = sampleRun();
  const [sigmoid, relu] = run.networks;
  record(sigmoid!, 8, { loss: () => 2.31, norm: (_, layer) => (layer === 0 ? 0 : 1.1) });
  record(relu!, 8, { loss: (i) => (i >= 5 ? Number.NaN : 100 / (i + 1)), norm: (i) => (i >= 5 ? Number.NaN : i + 1) });
  for (const network of run.networks) endEpoch(network, 0.5, 2.3);
  return run;
}

describe('plots', () => {
  const layout = { columns: 2, width: 200, height: 120 };

  it('draw an exact zero on its line and mark NaN where it happened, once', () => {
    const { rows, points } = new GradientPlot(new PlotFeed(filled())).data(layout);
    const zeros = rows.filter(({ k, n, l }) => k === 'zero' && n === 'sigmoid' && l === 0);
    expect(zeros).toHaveLength(8);
    expect(rows.filter(({ k, n, l, y }) => k === 'line' && n === 'sigmoid' && l === 0 && y !== null)).toEqual([]);
    const broken = rows.filter(({ k, n, l }) => k === 'broken' && n === 'ReLU' && l === 0);
    expect(broken).toMatchObject([{ t: 'NaN', x: 5.5 / 4 }]);
    expect(points).toBe(32);
    expect(rows.find(({ k, x1 }) => k === 'hover' && x1 === 0)?.tip).toMatchObject({
      hidden: 'exactly 0',
      output: '1.10',
    });
  });

  it('draw and call nothing before the first record', () => {
    const feed = new PlotFeed(sampleRun());
    for (const { rows, points } of [
      new LossPlot(feed).data('log'),
      new GradientPlot(feed).data(layout),
      new SaturationPlot(feed).data(layout, 'derivative'),
    ]) {
      expect(points).toBe(0);
      expect(rows.filter(({ k }) => k === 'label' || k === 'line' || k === 'zero')).toEqual([]);
    }
  });

  it('read only what is new, and give the same rows as from the start', () => {
    const run = sampleRun({ activations: ['relu'] });
    const feed = new PlotFeed(run);
    const plot = new LossPlot(feed);
    for (let i = 0; i < 8; i++) {
      record(run.networks[0]!, 1, { loss: (step) => 3 + step, norm: () => 1 });
      plot.data('log');
    }
    expect(plot.data('log').rows).toEqual(new LossPlot(new PlotFeed(run)).data('log').rows);
  });

  it('give every row an identity of its own', () => {
    const run = filled();
    const feed = new PlotFeed(run);
    const all = [
      new LossPlot(feed).data('log'),
      new AccuracyPlot(feed).data(),
      new GradientPlot(feed).data(layout),
      new SaturationPlot(feed).data(layout, 'derivative'),
      new PreactivationPlot(run).data(),
    ];
    for (const { rows } of all) expect(new Set(rows.map(({ i }) => i)).size).toBe(rows.length);
  });

  it('band several seeds by the range of their means', () => {
    const run = sampleRun({ activations: ['relu'], seeds: 3 });
    for (const [i, network] of run.networks.entries()) record(network, 4, { loss: () => i + 1, norm: () => 1 });
    const { rows } = new LossPlot(new PlotFeed(run)).data('linear');
    expect(rows.find(({ k }) => k === 'band')).toMatchObject({ low: 1, high: 3 });
    expect(rows.find(({ k }) => k === 'line')).toMatchObject({ y: 2 });
  });

  it('take the mean derivative relative to its maximum', () => {
    const { rows } = new SaturationPlot(new PlotFeed(filled())).data(layout, 'derivative');
    expect(rows.find(({ k, n }) => k === 'line' && n === 'sigmoid')).toMatchObject({ y: 0.5 });
    expect(rows.find(({ k, n }) => k === 'line' && n === 'ReLU')).toMatchObject({ y: 0.125 });
  });

  it('widen the axis of pre-activations to where they sit', () => {
    const plot = new PreactivationPlot(filled());
    const { params, rows } = plot.data();
    expect(params.zEnd).toBe(1000);
    expect(rows.find(({ k, n }) => k === 'place' && n === 'sigmoid')).toMatchObject({ z: 102, z1: 62, z2: 142 });
  });

  it('stay within what can be drawn, however long and deep the run', () => {
    expect(shownLayers(51)).toHaveLength(12);
    expect(shownLayers(51)[0]).toBe(0);
    expect(shownLayers(51).slice(-2)).toEqual([49, 50]);
    expect(shownLayers(2)).toEqual([0, 1]);
    const run = sampleRun({ activations: ['relu'], epochs: 1000 });
    record(run.networks[0]!, 4000, { loss: (i) => i, norm: () => 1 });
    expect(new LossPlot(new PlotFeed(run)).data('log').points).toBeLessThanOrEqual(240);
  });

  it('draw what stands alone between exact zeros, where a line has nothing to join', () => {
    const run = sampleRun({ activations: ['relu'], epochs: 1 });
    record(run.networks[0]!, 5, { loss: () => 1, norm: (step) => (step === 2 ? 1e-8 : 0) });
    const { rows } = new GradientPlot(new PlotFeed(run)).data(layout);
    const dots = rows.filter(({ k, l }) => k === 'dot' && l === 0);
    expect(dots.map(({ y }) => y as number)).toEqual([expect.closeTo(1e-8, 12)]);
    const compiled = compile({
      ...new GradientPlot(new PlotFeed(run)).spec(theme, layout),
      config: {},
    } as unknown as TopLevelSpec);
    expect(JSON.stringify(compiled.spec)).toContain("datum.k === 'dot'");
    expect(new LossPlot(new PlotFeed(run)).data('log').rows.filter(({ k }) => k === 'dot')).toEqual([]);
  });

  it('fill their width with what there is of a run that was stopped', () => {
    const run = emptyRun({ epochs: 400 });
    for (const network of run.networks) {
      train(run, network, 10);
      network.state = 'stopped';
    }
    const plot = new LossPlot(new PlotFeed(run));
    const { rows } = plot.data('log');
    const lines = rows.filter(({ k, n }) => k === 'line' && n === 'ReLU');
    // One point a step: the buckets are no longer those of 1,600 steps.
    expect(lines).toHaveLength(10);
    const tests = new AccuracyPlot(new PlotFeed(run)).data().rows.filter(({ k, n }) => k === 'test' && n === 'ReLU');
    expect(tests.map(({ x }) => x)).toEqual([1, 2]);
    const domains = JSON.stringify(plot.spec(theme, layout, 'log')).match(/"domain":\[0,2.5\]/g);
    expect(domains?.length).toBeGreaterThan(0);
    expect(Math.max(...rows.filter(({ k }) => k === 'hover').map(({ x2 }) => x2 as number))).toBe(2.5);
  });

  it('compile as Vega-Lite without a warning', () => {
    const run = filled();
    const feed = new PlotFeed(run);
    const loss = new LossPlot(feed);
    const accuracy = new AccuracyPlot(feed);
    const gradient = new GradientPlot(feed);
    const saturation = new SaturationPlot(feed);
    const preactivation = new PreactivationPlot(run);
    const warnings: unknown[] = [];
    const logger = {
      level: () => logger,
      warn: (...message: unknown[]) => {
        warnings.push(message);
        return logger;
      },
      info: () => logger,
      debug: () => logger,
      error: (...message: unknown[]) => {
        warnings.push(message);
        return logger;
      },
    };
    for (const alone of [false, true]) {
      const specs = [
        loss.spec(theme, layout, 'log', alone),
        loss.spec(theme, layout, 'linear', alone),
        accuracy.spec(theme, layout, alone),
        gradient.spec(theme, layout, alone),
        saturation.spec(theme, layout, 'saturated', alone),
        preactivation.spec(theme, layout, alone),
      ];
      for (const spec of specs) {
        compile({ ...spec, config: vegaConfig(theme) } as unknown as TopLevelSpec, { logger: logger as never });
      }
    }
    expect(warnings).toEqual([]);
  });

  it('say in words what they show', () => {
    const run = filled();
    const verdict = {
      kind: 'saturated',
      text: '',
      head: '',
      short: '',
      facts: '',
      figures: '',
      dated: '',
      why: '',
      evidence: [],
      provisional: false,
    } as const;
    const verdicts = new Map([['sigmoid#0', verdict]]);
    expect(describePlot('gradient', run, verdicts)).toContain(
      'sigmoid (saturated): the hidden layer exactly 0, the output layer 1.1',
    );
    for (const kind of plotKinds) expect(describePlot(kind, sampleRun(), verdicts)).toMatch(/Nothing recorded yet\.$/);
  });
});
