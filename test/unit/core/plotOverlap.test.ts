import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import { presets } from '../../../src/core/experiment/presets';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { facetLayout, margins, type PlotData, type PlotSpec, type PlotTheme, ROWS } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { vegaConfig } from '../../../src/core/plots/spec';
import { endEpoch, record, sampleRun } from './reportRun';

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

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Item {
  readonly items?: Item[];
  readonly marktype?: string;
  readonly x?: number;
  readonly y?: number;
  readonly dx?: number;
  readonly dy?: number;
  readonly text?: unknown;
  readonly align?: string;
  readonly baseline?: string;
  readonly opacity?: number;
  readonly fontSize?: number;
}

/** Pixels of a letter, of the font's size: a text's width where there is no canvas to measure it. */
const LETTER = 0.55;

function boxOf(
  { x = 0, y = 0, dx = 0, dy = 0, text, align, baseline, fontSize = 11 }: Item,
  at: [number, number],
): Box {
  const width = String(text).length * fontSize * LETTER;
  const left = at[0] + x + dx - (align === 'right' ? width : align === 'center' ? width / 2 : 0);
  const below = baseline === 'top' ? fontSize : baseline === 'middle' ? fontSize / 2 : 0;
  const bottom = at[1] + y + dy + below;
  return { text: String(text), left, right: left + width, top: bottom - fontSize, bottom };
}

/** Where the texts of a picture stand. */
async function texts(spec: PlotSpec, { rows, params }: PlotData): Promise<Box[]> {
  const full = { ...spec, config: vegaConfig(theme), data: { name: ROWS, values: rows } };
  const view = new View(parse(compile(full as unknown as TopLevelSpec).spec), { renderer: 'none' });
  for (const [name, value] of Object.entries(params)) view.signal(name, value);
  await view.runAsync();
  const found: Box[] = [];
  const visit = (item: Item, at: [number, number], kind: string | undefined) => {
    if (item.items === undefined) {
      if (kind === 'text' && item.opacity !== 0 && String(item.text ?? '') !== '') found.push(boxOf(item, at));
      return;
    }
    const inside: [number, number] = item.marktype === undefined ? [at[0] + (item.x ?? 0), at[1] + (item.y ?? 0)] : at;
    for (const each of item.items) visit(each, inside, item.marktype);
  };
  visit((view.scenegraph() as unknown as { root: Item }).root, [0, 0], undefined);
  view.finalize();
  return found;
}

const overlapping = (boxes: readonly Box[]): string[] =>
  boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} / ${b.text}`),
  );

/** All layers end at nearly the same height: the labels have the least room. */
function trained(change: Partial<ExperimentConfig>) {
  const run = sampleRun({ ...change, epochs: 3, seeds: 1 });
  for (const network of run.networks) {
    record(network, 12, { loss: () => 2, norm: (_, layer) => 1 + 0.001 * layer });
    for (let epoch = 0; epoch < 3; epoch++) endEpoch(network, 0.5, 2.3);
  }
  return run;
}

const deep = { activations: ['sigmoid', 'tanh', 'relu'], hidden: Array.from({ length: 10 }, () => 8) };
const cases = [
  ['three activations of ten layers', deep] as const,
  ...presets.map(({ id, config }) => [`the preset ${id}`, config] as const),
];

describe.each(cases)('%s', (_name, change) => {
  const run = trained(change);
  const count = change.activations.length;

  it.each([276, 450, 900])('has no two texts over each other at %d px, nor an axis under nothing', async (total) => {
    const feed = new PlotFeed(run);
    const gradient = new GradientPlot(feed);
    const saturation = new SaturationPlot(feed);
    const places = new PreactivationPlot(run);
    const lines = facetLayout(total, count, { one: 200, several: 150 }, margins.left, margins.labels);
    const low = facetLayout(total, count, { one: 170, several: 120 }, margins.left, margins.labels);
    const hills = facetLayout(total, count, { one: places.height, several: places.height }, margins.lanes, 14);
    const pictures = [
      [gradient.spec(theme, lines), gradient.data(lines), 'epoch', lines.columns],
      [saturation.spec(theme, low, 'saturated'), saturation.data(low, 'saturated'), 'epoch', low.columns],
      [places.spec(theme, hills), places.data(), 'pre-activation z', hills.columns],
    ] as const;
    for (const [spec, data, axis, columns] of pictures) {
      const boxes = await texts(spec, data);
      expect(boxes.length).toBeGreaterThan(2 * count);
      expect(overlapping(boxes)).toEqual([]);
      expect(boxes.filter(({ text }) => text === axis)).toHaveLength(columns);
      expect(count % columns).toBe(0);
    }
  });
});
