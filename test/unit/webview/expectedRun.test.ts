import { expect, it } from 'vitest';
import { judgeAll } from '../../../src/core/advice/judge';
import { paperConfig } from '../../../src/core/experiment/config';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { facetLayout } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { epochTable } from '../../../src/core/report/table';
import { createRunRecord } from '../../../src/core/runs/record';
import { expectedRun } from '../../../webview/run/expectedRun';
import { theme } from '../core/plotTheme';

it('has the networks, frames and rows of the run to come, and no number', () => {
  const config = { ...paperConfig, activations: ['sigmoid', 'tanh', 'relu'], hidden: [64, 32], seeds: 2 };
  const digits = { name: 'drawn digits', train: 12_000, test: 2_000, classes: 10, inputs: 784 };
  const expected = expectedRun(config);
  const real = createRunRecord('a', '2026-01-01T00:00:00Z', config, digits);
  const layout = facetLayout(900, 3, { one: 200, several: 150 }, 44, 66);
  expect(expected.networks).toEqual(real.networks);
  expect(judgeAll(expected).size).toBe(0);
  expect(epochTable(expected, config.epochs).rows).toHaveLength(config.epochs);
  for (const Plot of [GradientPlot, SaturationPlot, LossPlot, AccuracyPlot] as const) {
    const [plot, own] = [new Plot(new PlotFeed(expected)), new Plot(new PlotFeed(real))];
    // The view that is made while the data load goes on being used: it must be what the run's own would be.
    expect(plot.spec(theme, layout, 'log' as never)).toEqual(own.spec(theme, layout, 'log' as never));
    const data = plot.data(layout as never, 'saturated' as never);
    expect(data.points).toBe(0);
    expect(data).toEqual(own.data(layout as never, 'saturated' as never));
  }
  const places = new PreactivationPlot(expected);
  expect(places.spec(theme, layout)).toEqual(new PreactivationPlot(real).spec(theme, layout));
  expect(places.data().points).toBe(0);
});
