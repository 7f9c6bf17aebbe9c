import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { frameOf, heightOf, type LiveData } from '../../../src/core/plots/painting';
import type { PlotData, PlotSpec } from '../../../src/core/plots/plot';
import { ROWS } from '../../../src/core/plots/plot';
import { vegaConfig } from '../../../src/core/plots/spec';
import { compiled } from './plotCompiled';
import { theme } from './plotTheme';
import { endEpoch, record, sampleRun } from './reportRun';

const layout = { columns: 2, width: 200, height: 150 };

/** Exact zeros, a lonely point among them, and a network that breaks. */
function run(steps = 60) {
  const run = sampleRun({ activations: ['sigmoid', 'relu'], epochs: 20 });
  const norm = (step: number) => (step % 7 === 3 ? 1e-9 : step < 20 ? 0 : 0.1 + step);
  record(run.networks[0]!, steps, { loss: (i) => 2 / (i + 1), norm });
  record(run.networks[1]!, steps, { loss: (i) => (i > 40 ? Number.NaN : 1 + i), norm: () => 3 });
  endEpoch(run.networks[0]!, 0.5, 1.25);
  return run;
}

const kinds = ({ rows }: PlotData) => new Set(rows.map(({ k }) => k));

/** Each plot as it is painted, as a whole, and its spec. */
function all(of = run()): (readonly [string, LiveData, PlotData, PlotSpec])[] {
  const feed = new PlotFeed(of);
  const loss = new LossPlot(feed);
  const accuracy = new AccuracyPlot(feed);
  const gradient = new GradientPlot(feed);
  const saturation = new SaturationPlot(feed);
  return [
    ['loss', loss.live(theme, 'log'), loss.data('log'), loss.spec(theme, layout, 'log')],
    ['linear loss', loss.live(theme, 'linear'), loss.data('linear'), loss.spec(theme, layout, 'linear')],
    ['accuracy', accuracy.live(theme), accuracy.data(), accuracy.spec(theme, layout)],
    ['gradient', gradient.live(theme, layout), gradient.data(layout), gradient.spec(theme, layout)],
    [
      'saturation',
      saturation.live(theme, layout, 'derivative'),
      saturation.data(layout, 'derivative'),
      saturation.spec(theme, layout, 'derivative'),
    ],
  ];
}

describe('what is painted', () => {
  it.each(all())('of the %s says what the rows of the whole spec say', (_, live, whole) => {
    const { painting } = live;
    const heights = painting.lines.flatMap(({ points, scale }) =>
      points.map((point) => heightOf(point, scale, painting.y.zeroAt) ?? null),
    );
    expect(heights).toEqual(whole.rows.filter(({ k }) => k === 'line').map(({ y }) => y));
    const zeros = painting.lines.flatMap(({ points }) => points.filter(({ zero }) => zero !== 'none'));
    if (painting.y.zeroAt !== undefined) {
      const rows = whole.rows.filter(({ k }) => k === 'zero');
      expect(zeros.map(({ x1, x2 }) => [x1, x2])).toEqual(rows.map(({ x, x2 }) => [x, x2]));
      for (const { y } of rows) expect(y).toBe(painting.y.zeroAt);
    }
    const shown = (kind: string) => whole.rows.filter(({ k }) => k === kind);
    expect(painting.markers.map(({ x, y }) => [x, y])).toEqual(shown('test').map(({ x, y }) => [x, y]));
    expect(painting.labels.map(({ y, text }) => [y, text])).toEqual(shown('label').map(({ h, t }) => [h, t]));
    expect(live.hover()).toEqual(shown('hover'));
    expect(live.rows).toEqual(
      expect.arrayContaining(whole.rows.filter(({ k }) => ['broken', 'facet', 'stop'].includes(String(k)))),
    );
    expect(live.points).toBe(whole.points);
    expect(live.params).toEqual(whole.params);
  });

  it('keeps exact zeros, a lonely point and what broke', () => {
    const [, live, whole] = all().find(([name]) => name === 'gradient')!;
    const [first] = live.painting.lines;
    expect(first!.points.some(({ zero }) => zero === 'all')).toBe(true);
    expect(kinds(whole)).toContain('dot');
    const [, loss] = all().find(([name]) => name === 'loss')!;
    expect(loss.rows.filter(({ k }) => k === 'broken')).toMatchObject([{ n: 'ReLU', t: 'NaN' }]);
  });

  it('is the same whether it grew or was read at once', () => {
    const growing = sampleRun({ activations: ['sigmoid', 'relu'], epochs: 20 });
    const feed = new PlotFeed(growing);
    const gradient = new GradientPlot(feed);
    const whole = run();
    for (let step = 0; step < 60; step++) {
      for (const [i, network] of growing.networks.entries()) {
        const { firstStep: _, ...block } = whole.networks[i]!.steps.block(step, step + 1);
        network.steps.append({ firstStep: step, ...block });
      }
      gradient.live(theme, layout);
    }
    const now = gradient.live(theme, layout).painting.lines.map(({ points }) => points);
    const atOnce = new GradientPlot(new PlotFeed(whole)).live(theme, layout).painting.lines.map(({ points }) => points);
    expect(now).toEqual(atOnce);
  });

  it('begins anew where a record was taken back', () => {
    const own = run();
    const feed = new PlotFeed(own);
    expect(feed.points('loss', 'sigmoid').at(-1)?.lastStep).toBe(59);
    own.networks[0]!.steps.truncate(10);
    expect(feed.points('loss', 'sigmoid').at(-1)?.lastStep).toBe(9);
    expect(feed.points('loss', 'sigmoid')).toEqual(new PlotFeed(own).points('loss', 'sigmoid'));
  });
});

describe('a frame', () => {
  it.each(all())(
    'of the %s compiles without a warning and has the axes, but nothing that is painted',
    async (_, live, __, spec) => {
      const frame = frameOf(spec);
      compiled(frame);
      const text = JSON.stringify(frame);
      for (const kind of ['line', 'band', 'zero', 'dot', 'test', 'label', 'hover'])
        expect(text).not.toContain(`datum.k === '${kind}'`);
      const alone = { ...frame, data: { name: ROWS, values: live.rows }, config: vegaConfig(theme) };
      const view = new View(parse(compile(alone as unknown as TopLevelSpec).spec), { renderer: 'none' });
      const svg = await view.toSVG();
      view.finalize();
      expect(svg).toContain('>epoch<');
      expect(svg.match(/role-axis-label/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
    },
  );
});
