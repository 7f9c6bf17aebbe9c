import { expect, it } from 'vitest';
import { PlotFeed } from '../../../src/core/plots/feed';
import { overlayRuns } from '../../../src/core/runs/overlay';
import { SteadyEpochs } from '../../../webview/run/steadyEpochs';
import { emptyRun, finishedRun, train } from '../core/runs/runs';

it('an axis of epochs does not shrink under the eyes of who sees a run stop; later it ends with the data', () => {
  const run = emptyRun({ epochs: 400 });
  for (const network of run.networks) train(run, network, 9);
  const seen = new SteadyEpochs();
  expect(seen.of(run)).toBe(400);
  for (const network of run.networks) network.state = 'stopped';
  expect(seen.of(run)).toBe(400);
  expect(new SteadyEpochs().of(run)).toBe(2.25);
  const overlay = overlayRuns([
    { run, name: 'stopped' },
    { run: { ...finishedRun(), id: 'other' }, name: 'finished' },
  ]);
  expect(seen.of(overlay)).toBe(400);
  expect(new SteadyEpochs().of(overlay)).toBe(3);
  expect(new PlotFeed(run, 240, 400).stops()).toEqual(
    ['sigmoid', 'ReLU'].map((name) => ({ name, x: 2.25, state: 'stopped' })),
  );
  expect(new PlotFeed(run).stops()).toEqual([]);
  expect(new PlotFeed(finishedRun(), 240, 400).stops()).toEqual([]);
});
