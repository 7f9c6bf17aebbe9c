import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import { presets } from '../../../src/core/experiment/presets';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { facetLayout, margins } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { overlapping, texts } from './plotTexts';
import { theme } from './plotTheme';
import { endEpoch, record, sampleRun } from './reportRun';

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
const five = { activations: ['sigmoid', 'tanh', 'relu', 'leaky_relu', 'elu'], hidden: [8, 8] };
const cases = [
  ['three activations of ten layers', deep] as const,
  ['five activations', five] as const,
  ...presets.map(({ id, config }) => [`the preset ${id}`, config] as const),
];

describe.each(cases)('%s', (_name, change) => {
  const run = trained(change);
  const count = change.activations.length;

  it.each([276, 450, 700, 900])(
    'has no two texts over each other at %d px, nor an axis under nothing',
    async (total) => {
      const feed = new PlotFeed(run);
      const gradient = new GradientPlot(feed);
      const saturation = new SaturationPlot(feed);
      const places = new PreactivationPlot(run);
      const lines = facetLayout(total, count, { one: 200, several: 150 }, margins.left, margins.labels);
      const low = facetLayout(total, count, { one: 170, several: 120 }, margins.left, margins.labels);
      const hills = facetLayout(total, count, { one: places.height, several: places.height }, margins.lanes, 14);
      const pictures = [
        [gradient.spec(theme, lines), gradient.data(lines), 'epoch', lines],
        [saturation.spec(theme, low, 'saturated'), saturation.data(low, 'saturated'), 'epoch', low],
        [places.spec(theme, hills), places.data(), 'pre-activation z', hills],
      ] as const;
      for (const [spec, data, axis, layout] of pictures) {
        const boxes = await texts(spec, data);
        expect(boxes.length).toBeGreaterThan(2 * count);
        expect(overlapping(boxes)).toEqual([]);
        expect(boxes.filter(({ text }) => text === axis)).toHaveLength(layout.ragged ? count : layout.columns);
        expect(count % layout.columns === 0).toBe(!layout.ragged);
      }
    },
  );
});
