import { describe, expect, it } from 'vitest';
import { AccuracyPlot } from '../../../src/core/plots/curves';
import { PlotFeed, type Point } from '../../../src/core/plots/feed';
import { GradientPlot } from '../../../src/core/plots/layers';
import type { CellsPainting, LinesPainting, PaintedLine, PlacesPainting } from '../../../src/core/plots/painting';
import { drawSymbol } from '../../../webview/plots/embed';
import { paintCells } from '../../../webview/plots/painted/cells';
import { paintLines } from '../../../webview/plots/painted/lines';
import { paintPlaces, placeAt } from '../../../webview/plots/painted/places';
import { theme } from '../core/plotTheme';
import { record, sampleRun } from '../core/reportRun';
import { recordingCanvas } from './recordingContext';

const frame = { x: 40, y: 10, width: 100, height: 200 };

/** A bucket of one epoch. */
const point = (bucket: number, y: number, more: Partial<Point> = {}): Point => ({
  ...{ bucket, x: bucket + 0.5, x1: bucket, x2: bucket + 1, firstStep: bucket, lastStep: bucket },
  ...{ y, low: y / 2, high: 2 * y, zero: 'none', zeroShare: 0, broken: undefined, count: 1 },
  ...more,
});

const line = (points: readonly Point[], more: Partial<PaintedLine> = {}): PaintedLine => ({
  ...{ frame: '', points, scale: 1, colour: 'red', width: 2, opacity: 1, dash: [], band: false, zeroWidth: 3 },
  ...more,
});

const painting = (lines: readonly PaintedLine[], more: Partial<LinesPainting> = {}): LinesPainting => ({
  ...{ of: 'lines', epochs: 10, y: { type: 'linear', low: 0, high: 1 }, bandOpacity: 0.2, lines },
  ...{ markers: [], labels: [], labelColour: 'grey' },
  ...more,
});

const log = { type: 'log', low: 1e-4, high: 1, zeroAt: 1e-3 } as const;
const allZero = { zero: 'all', zeroShare: 1, y: Number.NaN, low: Number.NaN, high: Number.NaN } as const;

function drawnOf(of: LinesPainting, name = '', from = 0) {
  const { context, taken } = recordingCanvas();
  paintLines(context, of, name, frame, { font: 'sans', drawSymbol }, from);
  return taken();
}

const strokes = (of: LinesPainting) => drawnOf(of).filter(({ how }) => how === 'stroke');

describe('lines', () => {
  it('go through their points, inside their frame', () => {
    const [drawn, ...others] = strokes(painting([line([point(0, 0.5), point(1, 0.25), point(2, 1)])]));
    expect(others).toEqual([]);
    expect(drawn).toMatchObject({ colour: 'red', width: 2, alpha: 1, dash: [], clip: ['rect', 0, 0, 100, 200] });
    expect(drawn!.path).toEqual([
      ['moveTo', 5, 100],
      ['lineTo', 15, 150],
      ['lineTo', 25, 0],
    ]);
  });

  it('lie on a logarithm where the axis is one, and are multiplied where they are scaled', () => {
    const [drawn] = strokes(painting([line([point(0, 1e-2), point(1, 5e-5)], { scale: 2 })], { y: log }));
    const [a, b] = drawn!.path;
    expect(a![2]).toBeCloseTo(200 * (-Math.log10(2e-2) / 4), 9);
    expect(b![2]).toBeCloseTo(200, 9);
  });

  it('have a gap at NaN, and a dot where a point has nothing beside it', () => {
    const points = [point(0, 0.5), point(1, 0.5), point(2, Number.NaN), point(3, 0.25), point(4, Number.NaN)];
    const drawn = drawnOf(painting([line(points)]));
    expect(drawn[0]!.path.map(([name]) => name)).toEqual(['moveTo', 'lineTo', 'moveTo']);
    expect(drawn[1]).toMatchObject({ how: 'fill', colour: 'red' });
    expect(drawn[1]!.path.at(-1)).toEqual(['arc', 35, 150, Math.SQRT2]);
    expect(drawn).toHaveLength(2);
  });

  it('are a dot where there is one point, and nothing where there is none', () => {
    const [one, dot] = drawnOf(painting([line([point(0, 1)])]));
    expect(one!.path).toEqual([['moveTo', 5, 0]]);
    expect(dot!.path).toContainEqual(['arc', 5, 0, Math.SQRT2]);
    expect(drawnOf(painting([line([])])).flatMap(({ path }) => path)).toEqual([]);
    expect(drawnOf(painting([]))).toEqual([]);
  });

  it('of exact zeros lie in their lane, one stroke where strips touch, and leave a gap in the line', () => {
    const zero = (bucket: number) => point(bucket, 0, allZero);
    const points = [zero(0), zero(1), point(2, 0.1), zero(3), zero(6)];
    const [lane, own] = strokes(painting([line(points)], { y: log }));
    expect(lane).toMatchObject({ width: 3, colour: 'red' });
    const height = 150;
    expect(lane!.path.map(([name, x, y]) => [name, x, Math.round(y! * 1e6) / 1e6])).toEqual([
      ...[
        ['moveTo', 0, height],
        ['lineTo', 10, height],
        ['lineTo', 20, height],
      ],
      ...[
        ['moveTo', 30, height],
        ['lineTo', 40, height],
        ['moveTo', 60, height],
        ['lineTo', 70, height],
      ],
    ]);
    expect(own!.path).toEqual([['moveTo', 25, expect.closeTo(50, 9)]]);
  });

  it('of some zeros go on: only their lane says so', () => {
    const points = [point(0, 0.1), point(1, 0.1, { zero: 'some', zeroShare: 0.5 })];
    const [lane, own] = strokes(painting([line(points)], { y: log }));
    expect(lane!.path).toHaveLength(2);
    expect(own!.path).toHaveLength(2);
  });

  it('may be dashed, and double', () => {
    const inner = { colour: 'black', width: 1 };
    const points = [point(0, 0.5), point(1, 0.5)];
    const [outer, within] = strokes(painting([line(points, { dash: [7, 3], inner, opacity: 0.75 })]));
    expect(outer).toMatchObject({ colour: 'red', dash: [7, 3], alpha: 0.75 });
    expect(within).toMatchObject({ colour: 'black', width: 1, alpha: 1, path: outer!.path });
  });

  it('have a band from the least to the greatest, in parts where it has none', () => {
    const points = [point(0, 0.4), point(1, 0.2), point(2, Number.NaN), point(3, 0.4)];
    const bands = drawnOf(painting([line(points, { band: true })])).filter(({ alpha }) => alpha === 0.2);
    expect(bands.map(({ how }) => how)).toEqual(['fill', 'fill']);
    expect(bands[0]!.path.map(([, x, y]) => [x, Math.round(y!)])).toEqual([
      [5, 40],
      [15, 120],
      [15, 180],
      [5, 160],
    ]);
    expect(bands[1]!.path).toHaveLength(2);
  });

  it('have no band down to 0 on a logarithm', () => {
    const points = [point(0, 0.1, { low: 0 }), point(1, 0.1)];
    const bands = drawnOf(painting([line(points, { band: true })], { y: log })).filter(({ alpha }) => alpha === 0.2);
    expect(bands).toHaveLength(1);
    expect(bands[0]!.path).toHaveLength(2);
  });

  it('of another frame are not there', () => {
    const of = painting([line([point(0, 1), point(1, 1)], { frame: 'a' })], {
      markers: [{ frame: 'a', x: 1, y: 1, shape: 'circle', colour: 'red', edge: 'black' }],
      labels: [{ frame: 'a', x: 5, y: 9, text: 'hidden 1', limit: 60 }],
    });
    expect(drawnOf(of, 'b')).toEqual([]);
    expect(drawnOf(of, 'a').length).toBeGreaterThan(3);
  });

  it('have markers with an edge, over the frame’s edge too, and names with as much as has room', () => {
    const of = painting([], {
      markers: [{ frame: '', x: 10, y: 1, shape: 'square', colour: 'red', edge: 'black' }],
      labels: [{ frame: '', x: 5, y: 20, text: 'a long name', limit: 40 }],
    });
    const [fill, edge, label] = drawnOf(of);
    expect(fill).toMatchObject({ how: 'fill', colour: 'red', origin: [100, 0], clip: undefined });
    expect(edge).toMatchObject({ how: 'stroke', colour: 'black', width: 1 });
    expect(label).toMatchObject({ text: 'a lon…', colour: 'grey', path: [['text', 105, 23]], font: '11px sans' });
  });

  it('painted from a place on begin at the point before it; a dashed one begins at its start', () => {
    const points = Array.from({ length: 10 }, (_, i) => point(i, 0.5));
    const of = painting([line(points), line(points, { dash: [3, 3] })]);
    const [plain, dashed] = drawnOf(of, '', 50);
    expect(plain!.path[0]).toEqual(['moveTo', 45, 100]);
    expect(dashed!.path[0]).toEqual(['moveTo', 5, 100]);
  });

  it('are stronger in high contrast', () => {
    const run = sampleRun({ activations: ['sigmoid', 'relu'], hidden: [8, 8], epochs: 20 });
    for (const network of run.networks) record(network, 40, { loss: () => 1, norm: () => 1 });
    const layout = { columns: 2, width: 100, height: 200 };
    const feed = new PlotFeed(run);
    const alphas = (highContrast: boolean) => {
      const own = { ...theme, highContrast };
      const drawn = drawnOf(new GradientPlot(feed).live(own, layout).painting, 'sigmoid');
      return drawn.filter(({ how }) => how !== 'fillText').map(({ how, alpha }) => [how, alpha] as const);
    };
    const least = (of: ReturnType<typeof alphas>, which: string) =>
      Math.min(...of.flatMap(([how, alpha]) => (how === which ? [alpha] : [])));
    expect(least(alphas(true), 'stroke')).toBeGreaterThan(least(alphas(false), 'stroke'));
    expect(least(alphas(true), 'fill')).toBe(0.35);
    expect(least(alphas(false), 'fill')).toBe(0.2);
  });

  it('of a run that is over another one are told apart by dashes, as its plot says', () => {
    const run = sampleRun({ activations: ['relu'], epochs: 20 });
    record(run.networks[0]!, 40, { loss: () => 1, norm: () => 1 });
    const { painting } = new AccuracyPlot(new PlotFeed(run)).live(theme);
    const [drawn] = strokes(painting);
    expect(drawn).toMatchObject({ width: 1.75, dash: [] });
    expect(drawn!.path).toHaveLength(40);
  });
});

const cells = (points: readonly Point[]): CellsPainting => ({
  ...{ of: 'cells', epochs: 3, low: 1e-4, high: 1, ramp: ['#000000', '#303030', '#606060', '#ffffff'] },
  ...{ zero: 'orange', rule: 'black', broken: 'crimson', rows: [{ top: 0, bottom: 12, middle: 6, points }] },
  values: [{ y: 6, text: 'NaN', colour: 'crimson', weight: 600 }],
});

describe('cells', () => {
  const paint = (points: readonly Point[], from = 0) => {
    const { context, taken } = recordingCanvas();
    paintCells(context, cells(points), frame, 'sans', from);
    return taken();
  };

  it('have the colour of their size, in whole pixels, from the ramp’s one end to the other', () => {
    const drawn = paint([point(0, 1e-4), point(1, 10 ** (-8 / 3)), point(2, 5)]).slice(0, 3);
    expect(drawn.map(({ colour }) => colour)).toEqual(['rgb(0, 0, 0)', 'rgb(48, 48, 48)', 'rgb(255, 255, 255)']);
    expect(drawn.map(({ path }) => path[0])).toEqual([
      ['rect', 0, 0, 33, 12],
      ['rect', 33, 0, 34, 12],
      ['rect', 67, 0, 33, 12],
    ]);
  });

  it('have a share of zeros from below, and a line where all are', () => {
    const [size, some, all, rule] = paint([point(0, 1, { zero: 'some', zeroShare: 0.25 }), point(1, 0, allZero)]);
    expect(size!.colour).toBe('rgb(255, 255, 255)');
    expect(some).toMatchObject({ colour: 'orange', path: [['rect', 0, 9, 33, 3]] });
    expect(all).toMatchObject({ colour: 'orange', path: [['rect', 33, 0, 34, 12]] });
    expect(rule).toMatchObject({ colour: 'black', path: [['rect', 33, 5.5, 34, 1]] });
  });

  it('say what broke, and beside them what was last recorded', () => {
    const [broken, value] = paint([point(0, Number.NaN, { broken: { x: 0.5, value: Number.NaN } })]);
    expect(broken).toMatchObject({ colour: 'crimson', path: [['rect', 0, 0, 33, 12]] });
    expect(value).toMatchObject({ text: 'NaN', colour: 'crimson', font: '600 11px sans', path: [['text', 106, 9]] });
  });

  it('to the left of a place are left out', () => {
    const drawn = paint([point(0, 1), point(1, 1), point(2, 1)], 70);
    expect(drawn.filter(({ how }) => how === 'fillRect').map(({ path }) => path[0]![1])).toEqual([67]);
  });
});

describe('places', () => {
  const place = { frame: 'a', colour: 'red', stddev: 1, first: 3, y: 0.5 };
  const of: PlacesPainting = {
    ...{ of: 'places', reach: 10, low: 0, high: 1, dropColour: 'grey' },
    places: [
      { ...place, id: 'one', mean: 0, drop: 1 },
      { ...place, id: 'two', mean: 9.5, stddev: Number.NaN, first: Number.NaN, y: 0.25 },
      { ...place, id: 'other', frame: 'b', mean: 0 },
    ],
  };
  const paint = (cursor?: string) => {
    const { context, taken } = recordingCanvas();
    paintPlaces(context, of, 'a', frame, cursor);
    return taken();
  };

  it('are a bar with a dot, a ring for the first batch, and a line up to φ′', () => {
    const [drop, bar, ring, dot, second, ...others] = paint();
    expect(others).toEqual([]);
    expect(drop).toMatchObject({ how: 'stroke', dash: [2, 2], colour: 'grey', clip: ['rect', 0, 0, 100, 200] });
    expect(drop!.path).toEqual([
      ['moveTo', 50, 100],
      ['lineTo', 50, 0],
    ]);
    const half = (50 * Math.log(2)) / Math.log(11);
    const close = (x: number) => expect.closeTo(x, 9);
    expect(bar).toMatchObject({ how: 'fill', alpha: 0.45, colour: 'red' });
    expect(bar!.path).toEqual([['roundRect', close(50 - half), 96.5, close(2 * half), 7, 2]]);
    expect(ring).toMatchObject({ how: 'stroke', width: 1.25, dash: [], clip: undefined });
    expect(ring!.path[0]!.slice(0, 3)).toEqual(['arc', close(50 + (50 * Math.log(4)) / Math.log(11)), 100]);
    expect(dot!.path[0]!.slice(0, 3)).toEqual(['arc', 50, 100]);
    expect(second!.path[0]![2]).toBe(150);
  });

  it('stand out under the cursor', () => {
    expect(paint('one').find(({ path }) => path[0]?.[0] === 'roundRect')?.alpha).toBe(1);
  });

  it('are found under the pointer: dot, ring or bar, in their own frame', () => {
    const at = (x: number, y: number, name = 'a') => placeAt(of, name, frame, { x, y })?.id;
    expect(at(50, 100)).toBe('one');
    expect(at(40, 103)).toBe('one');
    expect(at(50 + (50 * Math.log(4)) / Math.log(11), 102)).toBe('one');
    expect(at(40, 110)).toBeUndefined();
    expect(at(50, 100, 'b')).toBe('other');
    expect(at(99, 150)).toBe('two');
  });
});
