import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientHeat } from '../../../src/core/plots/heat';
import { GradientPlot } from '../../../src/core/plots/layers';
import type { Painting } from '../../../src/core/plots/painting';
import { rewind } from '../../../src/core/runs/record';
import { drawSymbol } from '../../../webview/plots/embed';
import type { FramePlaces } from '../../../webview/plots/painted/scales';
import { type Marked, Painter } from '../../../webview/plots/painter';
import { theme } from '../core/plotTheme';
import { record, sampleRun } from '../core/reportRun';
import { recordingCanvas } from './recordingContext';

const size = { width: 400, height: 250, zoom: 1 };
const look = { font: 'sans', foreground: 'white' };
const layout = { columns: 2, width: 100, height: 200 };
const frames: FramePlaces = new Map([
  ['sigmoid', { x: 40, y: 10, width: 100, height: 200 }],
  ['ReLU', { x: 210, y: 10, width: 100, height: 200 }],
]);
const whole = ['rect', 0, 0, 400, 250];

beforeEach(() => {
  vi.stubGlobal('window', { devicePixelRatio: 1 });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Twenty epochs of four steps; a painter of its gradients, and what it drew since it was asked last. */
function painted() {
  const run = sampleRun({ activations: ['sigmoid', 'relu'], epochs: 20 });
  const plot = new GradientPlot(new PlotFeed(run));
  const { element, taken } = recordingCanvas();
  const painter = new Painter(element, drawSymbol);
  const train = (steps: number, which = [0, 1], norm = (i: number) => 0.5 + (i % 3)) => {
    for (const i of which) record(run.networks[i]!, steps, { loss: () => 1, norm });
  };
  const paint = (own = { theme, size }, marked: readonly Marked[] = []) => {
    painter.paint(plot.live(own.theme, layout).painting, frames, own.size, look, marked);
    const drawn = taken();
    const cleared = drawn.flatMap(({ how, path }) => (how === 'clearRect' ? [path[0]!] : []));
    return { cleared, drawn };
  };
  return { run, painter, element, train, paint };
}

describe('a painter', () => {
  it('paints the whole once, and nothing where nothing has come', () => {
    const { train, paint, element } = painted();
    train(8);
    expect(paint().cleared).toEqual([whole]);
    expect([element.width, element.height]).toEqual([400, 250]);
    expect(paint().drawn).toEqual([]);
  });

  it('paints of what grows its end alone', () => {
    const { train, paint } = painted();
    train(40);
    paint();
    train(4);
    const { cleared, drawn } = paint();
    // The last point that stays lies at step 39.5 of 80; a margin to its left holds joins and dots.
    const left = Math.floor(40 + (39.5 / 80) * 100 - 6);
    expect(cleared.map(([, x, y]) => [x, y])).toEqual([
      [left, 4],
      [left + 170, 4],
    ]);
    // As far as the names beside the frame go.
    expect(cleared[0]![1]! + cleared[0]![3]!).toBe(205);
    const lines = drawn.filter(({ how }) => how === 'stroke');
    expect(lines.length).toBeGreaterThan(0);
    for (const { path } of lines) for (const [, x] of path) expect(x).toBeGreaterThan(30);
  });

  it('paints only the frame that grew', () => {
    const { train, paint } = painted();
    train(40);
    paint();
    train(4, [1]);
    expect(paint().cleared.map(([, x]) => x! > 200)).toEqual([true]);
  });

  it('paints the whole where the axis has grown', () => {
    const { train, paint } = painted();
    train(40);
    paint();
    train(4, [0], () => 1e-7);
    expect(paint().cleared).toEqual([whole]);
  });

  it('paints the whole in another theme, another size and on another screen', () => {
    const { train, paint } = painted();
    train(40);
    paint();
    expect(paint({ theme: { ...theme, background: 'light' }, size }).cleared).toEqual([whole]);
    paint();
    const wider = { ...size, width: 420 };
    expect(paint({ theme, size: wider }).cleared).toEqual([['rect', 0, 0, 420, 250]]);
    vi.stubGlobal('window', { devicePixelRatio: 2 });
    expect(paint({ theme, size: wider }).cleared).toEqual([['rect', 0, 0, 420, 250]]);
  });

  it('paints the whole where a record was taken back', () => {
    const { run, train, paint } = painted();
    train(40);
    paint();
    for (const network of run.networks) rewind(network, 0, 0);
    train(3);
    const { cleared } = paint();
    expect(cleared.map(([, x]) => x)).toEqual([34, 204]);
  });

  it('marks what is pointed at in its own frame, and takes the mark away again', () => {
    const { train, paint } = painted();
    train(40);
    paint();
    const strip = { i: 'hover', k: 'hover', n: 'ReLU', x1: 2, x2: 4 };
    const marks = (drawn: ReturnType<typeof paint>['drawn']) => drawn.filter(({ colour }) => colour === 'white');
    const { cleared, drawn } = paint({ theme, size }, [{ strip, opacity: 0.12, cursor: false }]);
    expect(cleared).toEqual([whole]);
    expect(marks(drawn)).toMatchObject([{ alpha: 0.12, path: [['rect', 10, 0, 10, 200]], origin: [210, 10] }]);
    const after = paint();
    expect(after.cleared).toEqual([whole]);
    expect(marks(after.drawn)).toEqual([]);
  });

  it('paints a heat strip’s end, with the values beside it', () => {
    const run = sampleRun({ activations: ['relu'], epochs: 20 });
    const heat = new GradientHeat(run, run.networks[0]!);
    const strip = heat.layout(280);
    const { element, taken } = recordingCanvas();
    const painter = new Painter(element, drawSymbol);
    const one: FramePlaces = new Map([['', { x: 60, y: 0, width: strip.width, height: strip.height }]]);
    const paint = (painting: Painting = heat.live(theme, strip).painting) => {
      painter.paint(painting, one, { width: 280, height: 60, zoom: 1 }, look, []);
      return taken();
    };
    record(run.networks[0]!, 40, { loss: () => 1, norm: () => 0.5 });
    expect(paint().filter(({ how }) => how === 'fillRect')).toHaveLength(40);
    expect(paint()).toEqual([]);
    record(run.networks[0]!, 4, { loss: () => 1, norm: () => 0.25 });
    const end = paint();
    expect(end[0]!.path[0]![1]).toBeGreaterThan(100);
    expect(end.filter(({ how }) => how === 'fillRect').length).toBeLessThan(20);
    expect(end.filter(({ how }) => how === 'fillText').map(({ text }) => text)).toEqual(['0.25', '0.25']);
  });
});
