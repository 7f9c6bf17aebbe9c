// A picture that is saved stands alone: its legend and its names are whole, and it says what its lines, bands and dashes are.
import { describe, expect, it } from 'vitest';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { facetLayout, margins, NAME_ROOM, type PlotKind } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { explained, withNames } from '../../../src/core/plots/spec';
import { plotWords } from '../../../src/core/plots/words';
import { overlayRuns } from '../../../src/core/runs/overlay';
import type { RunRecord } from '../../../src/core/runs/record';
import { overlapping, texts } from './plotTexts';
import { theme } from './plotTheme';
import { endEpoch, record, sampleRun } from './reportRun';

const WIDTH = 720;

function trained(hidden: number[]): RunRecord {
  const run = sampleRun({ activations: ['sigmoid', 'leaky_relu'], hidden, seeds: 1, epochs: 2 });
  for (const network of run.networks) {
    record(network, 8, { loss: (step) => 3 / (step + 1), norm: (_, layer) => 10 ** -layer });
    for (let epoch = 0; epoch < 2; epoch++) endEpoch(network, 0.5, 1);
  }
  return run;
}

function pictures(run: RunRecord) {
  const feed = new PlotFeed(run);
  const count = feed.series.length;
  const frames = (height: number, left: number, right: number) =>
    facetLayout(WIDTH, count, { one: height, several: height }, left, right);
  const one = { columns: 1, width: WIDTH - margins.left - margins.right, height: 190 };
  const lines = frames(150, margins.left, margins.labels);
  const [loss, accuracy, gradient, saturation, places] = [
    new LossPlot(feed),
    new AccuracyPlot(feed),
    new GradientPlot(feed),
    new SaturationPlot(feed),
    new PreactivationPlot(run),
  ];
  const hills = frames(places.height, margins.lanes, 14);
  return [
    ['loss', loss.spec(theme, one, 'log', true), loss.data('log')],
    ['accuracy', accuracy.spec(theme, one, true), accuracy.data()],
    ['gradient', gradient.spec(theme, lines, true), gradient.data(lines)],
    ['saturation', saturation.spec(theme, lines, 'saturated', true), saturation.data(lines, 'saturated')],
    ['preactivation', places.spec(theme, hills, true), places.data()],
  ] as const;
}

const run = trained([8, 8]);
const long = overlayRuns([
  { run, name: 'normal:1,1, batch 128, rate 0.001' },
  { run: trained([8, 8, 8, 8]), name: 'glorot_uniform, hidden 2 × 8, batch 64' },
]);
const many = overlayRuns(['first', 'second', 'third'].map((name) => ({ run, name: `${name} run of a long name` })));

describe.each([
  ['a run', run],
  ['an overlay', long],
  ['an overlay in rows', many],
])('a picture of %s', (_, of) => {
  it.each(pictures(of))('of the kind %s is complete, and no text lies over another', async (kind, spec, data) => {
    const { note } = plotWords(kind as PlotKind, of);
    const boxes = await texts(explained(spec, note), data);
    const said = boxes.map(({ text }) => text);
    for (const { name } of new PlotFeed(of).series) expect(said).toContain(name);
    expect(said).toContain(note);
    expect(boxes.filter(({ cut }) => cut)).toEqual([]);
    expect(overlapping(boxes)).toEqual([]);
  });

  it.each([300, 620, 900])('has whole names of its frames in a page of %d px, too', async (width) => {
    const feed = new PlotFeed(of);
    const gradient = new GradientPlot(feed);
    const heights = { one: 200, several: 150 };
    const bare = facetLayout(width, feed.series.length, heights, margins.left, margins.labels);
    const layout = withNames(bare, of, NAME_ROOM);
    const boxes = await texts(gradient.spec(theme, layout), gradient.data(layout));
    for (const { name } of feed.series) expect(boxes.map(({ text }) => text)).toContain(name);
    expect(boxes.filter(({ cut }) => cut)).toEqual([]);
    // Its place is as high as that, before it is drawn.
    expect(layout.outer! > bare.outer!).toBe(layout.names !== undefined);
  });
});
