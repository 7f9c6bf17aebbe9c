import { describe, expect, it } from 'vitest';
import { moved, placeOf, stopsOf, stopText } from '../../../src/core/plots/cursor';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { record, sampleRun } from './reportRun';

const layout = { columns: 2, width: 200, height: 120 };

function recorded() {
  const run = sampleRun();
  for (const network of run.networks) record(network, 8, { loss: (i) => i + 1, norm: () => 1 });
  return run;
}

describe('the cursor of a plot', () => {
  const run = recorded();
  const feed = new PlotFeed(run);
  const stops = stopsOf(new GradientPlot(feed).data(layout).rows);

  it('moves from left to right within a frame, and stays at its ends', () => {
    const first = moved(stops, undefined, 'ArrowRight')!;
    const second = moved(stops, first.id, 'ArrowRight')!;
    expect(second.at).toBeGreaterThan(first.at);
    expect(second.frame).toBe(first.frame);
    expect(moved(stops, second.id, 'ArrowLeft')).toEqual(first);
    expect(moved(stops, first.id, 'ArrowLeft')).toEqual(first);
    const last = moved(stops, first.id, 'End')!;
    expect(moved(stops, last.id, 'ArrowRight')).toEqual(last);
    expect(last.frame).toBe(first.frame);
  });

  it('goes to the same place in the frame below and back', () => {
    const start = moved(stops, stops[0]!.id, 'End')!;
    const below = moved(stops, start.id, 'ArrowDown')!;
    expect(below.frame).not.toBe(start.frame);
    expect(below.at).toBe(start.at);
    expect(moved(stops, below.id, 'ArrowUp')).toEqual(start);
    expect(moved(stops, below.id, 'ArrowDown')).toEqual(below);
  });

  it('stands in its own frame, beside the first or below it', () => {
    const start = stops[0]!;
    const below = moved(stops, start.id, 'ArrowDown')!;
    const last = moved(stops, below.id, 'End')!;
    expect(placeOf(stops, start, 2)).toEqual({ x: 0, y: 0 });
    expect(placeOf(stops, below, 2)).toEqual({ x: 0.5, y: 0 });
    expect(placeOf(stops, last, 2)).toEqual({ x: 1, y: 0 });
    expect(placeOf(stops, last, 1)).toEqual({ x: 1, y: 0.5 });
  });

  it('leaves other keys alone, and starts anew where its row has gone', () => {
    expect(moved(stops, stops[0]!.id, 'Enter')).toBeUndefined();
    expect(moved(stops, undefined, 'Tab')).toBeUndefined();
    expect(moved(stops, 'gone', 'ArrowRight')).toEqual(stops[0]);
    expect(moved([], undefined, 'ArrowRight')).toBeUndefined();
  });

  it('has places with words in every plot of a run', () => {
    const all = [
      new LossPlot(feed).data('log'),
      new AccuracyPlot(feed).data(),
      new GradientPlot(feed).data(layout),
      new SaturationPlot(feed).data(layout, 'saturated'),
      new PreactivationPlot(run).data(),
    ];
    for (const { rows } of all) {
      const places = stopsOf(rows);
      expect(places.length).toBeGreaterThan(1);
      for (const stop of places) expect(stopText(stop)).toMatch(/\w+ [\d.]+/);
    }
    expect(stopText(stops[0]!)).toMatch(/^sigmoid: epoch .*; hidden 1\.00; output 1\.00$/);
  });
});
