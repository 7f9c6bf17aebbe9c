import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientHeat } from '../../../src/core/plots/heat';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { frameOf, heightOf, type LinesPainting, type LiveData } from '../../../src/core/plots/painting';
import type { PlotData, PlotSpec } from '../../../src/core/plots/plot';
import { ROWS } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
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
function all(of = run()): (readonly [string, LiveData<LinesPainting>, PlotData, PlotSpec])[] {
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

/** The heat strip and the pre-activations as they are painted, as a whole, and their specs. */
function others(of = run()) {
  const heat = new GradientHeat(of, of.networks[0]!);
  const strip = heat.layout(280);
  const places = new PreactivationPlot(of);
  return {
    heat: { live: heat.live(theme, strip), whole: heat.data(strip), spec: heat.spec(theme, strip) },
    places: { live: places.live(theme), whole: places.data(), spec: places.spec(theme, layout) },
  };
}

describe('a heat strip that is painted', () => {
  it('says what the rows of its whole spec say', () => {
    const { live, whole } = others().heat;
    const shown = (...of: string[]) => whole.rows.filter(({ k }) => of.includes(k));
    const { rows, values } = live.painting;
    const cells = rows.flatMap(({ points, top, bottom }) =>
      points.flatMap(({ x1, x2, y }) => (y > 0 ? [{ x1, x2, y, top, bottom }] : [])),
    );
    expect(cells).toEqual(shown('cell').map(({ x1, x2, y, top, bottom }) => ({ x1, x2, y, top, bottom })));
    const zeros = rows.flatMap(({ points }) => points.filter(({ zero }) => zero !== 'none'));
    expect(zeros.map(({ x1, zeroShare }) => [x1, zeroShare])).toEqual(
      shown('zero').map(({ x1, share }) => [x1, share]),
    );
    expect(zeros.length).toBeGreaterThan(0);
    expect(values.map(({ y, text }) => [y, text])).toEqual(shown('value', 'lost').map((row) => [row.middle, row.text]));
    expect(live.rows).toEqual(shown('track', 'name', 'tick'));
    expect(live.hover()).toEqual(shown('hover'));
    expect([live.points, live.params]).toEqual([whole.points, whole.params]);
  });

  it('says what broke, also beside it', () => {
    const broken = sampleRun({ activations: ['relu'], epochs: 20 });
    record(broken.networks[0]!, 40, { loss: () => 1, norm: (i) => (i < 30 ? 1 : Number.NaN) });
    const { live } = others(broken).heat;
    expect(live.painting.rows[0]!.points.at(-1)?.broken?.value).toBeNaN();
    expect(live.painting.values[0]).toMatchObject({ text: 'NaN', colour: theme.error, weight: 600 });
  });
});

describe('pre-activations that are painted', () => {
  it('say what the rows of their whole spec say', () => {
    const { live, whole } = others().places;
    const shown = (kind: string) => whole.rows.filter(({ k }) => k === kind);
    const { places, reach } = live.painting;
    expect(places.map((each) => [each.id, each.mean, each.mean + each.stddev, each.y])).toEqual(
      shown('place').map(({ i, z, z2, y }) => [i, z, z2, y]),
    );
    expect(places.map(({ first }) => first)).toEqual(shown('first').map(({ z }) => z));
    expect(places.flatMap(({ drop }) => drop ?? [])).toEqual(shown('drop').map(({ top }) => top));
    expect(reach).toBe(whole.params.zEnd);
    expect(live.rows).toEqual(shown('curve'));
    expect(live.hover()).toEqual(whole.rows.filter(({ k }) => k !== 'curve'));
    expect([live.points, live.params]).toEqual([whole.points, whole.params]);
  });

  it('keep their hills until the axis grows', () => {
    const growing = sampleRun({ activations: ['sigmoid'], epochs: 20 });
    const plot = new PreactivationPlot(growing);
    const before = plot.live(theme).rows;
    expect(plot.live(theme).rows).toBe(before);
    record(growing.networks[0]!, 4, { loss: () => 1, norm: () => 1 });
    const after = plot.live(theme);
    expect(after.painting.reach).toBe(1000);
    expect(after.rows).not.toEqual(before);
    record(growing.networks[0]!, 4, { loss: () => 1, norm: () => 1 });
    expect(plot.live(theme).rows).toBe(after.rows);
  });

  it('have no place before the first probe', () => {
    const empty = sampleRun({ activations: ['sigmoid', 'relu'] });
    expect(new PreactivationPlot(empty).live(theme).painting.places).toEqual([]);
  });
});

describe('a frame', () => {
  it.each(all())(
    'of the %s compiles without a warning and has the axes, but nothing that is painted',
    async (_, live, __, spec) => {
      const frame = frameOf(spec, 'lines');
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

  it.each(['heat', 'places'] as const)('of the %s compiles, too, and has its axis alone', async (which) => {
    const { live, spec } = others()[which];
    const frame = frameOf(spec, live.painting.of);
    compiled(frame);
    const kinds = which === 'heat' ? ['cell', 'zero', 'broken', 'value', 'lost', 'hover'] : ['drop', 'place', 'first'];
    for (const kind of kinds) expect(JSON.stringify(frame)).not.toContain(`datum.k === '${kind}'`);
    const alone = { ...frame, data: { name: ROWS, values: live.rows }, config: vegaConfig(theme) };
    const view = new View(parse(compile(alone as unknown as TopLevelSpec).spec), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    expect(svg.match(/role-axis-label/g)?.length ?? 0).toBeGreaterThanOrEqual(1);
    expect(svg).toContain(which === 'heat' ? '>20<' : '>pre-activation z<');
  });
});
