import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { PlotFeed } from '../../../src/core/plots/feed';
import { GradientHeat } from '../../../src/core/plots/heat';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { frameOf, type LiveData } from '../../../src/core/plots/painting';
import { facetLayout, margins, type PlotData, type PlotSpec, type PlotTheme } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { createRunRecord, type RunRecord } from '../../../src/core/runs/record';
import { fullSpec } from '../../../webview/plots/driver';
import { drawSymbol, type EmbeddedPlot, embedPlot } from '../../../webview/plots/embed';
import { Painter } from '../../../webview/plots/painter';
import { tooltip } from '../../../webview/plots/tooltip';
import { PER_EPOCH, probesOf, STEPS, stepsOf, workload } from '../../bench/page/workload';

/** Draws each live plot twice: as a whole by Vega, and painted over its frame while the run grows; and compares the pictures. */

interface Both {
  readonly whole: PlotData;
  readonly live: LiveData;
  readonly spec: PlotSpec;
  readonly width: number;
}

/** Two networks of many layers, or one of one layer: with a band in each frame. */
function emptyRun(deep: boolean): RunRecord {
  const config = deep
    ? { ...workload, activations: ['sigmoid', 'silu'] }
    : { ...workload, activations: ['relu'], hidden: [32] };
  const { batchSize } = config;
  const dataset = { name: 'drawn', train: PER_EPOCH * batchSize, test: 100, classes: 10, inputs: 784 };
  return createRunRecord('run', '2026-01-31T12:05:00.000Z', config, dataset);
}

function grow(run: RunRecord, until: number): void {
  for (const [i, network] of run.networks.entries()) {
    const from = network.steps.count;
    const layers = network.layers.length;
    // The workload's last network is the one that breaks, and its first the one with exact zeros.
    const of = i === 0 ? 0 : 5;
    const narrow = (block: Float32Array, all: number, width: number) =>
      Float32Array.from({ length: (block.length / all) * width }, (_, k) => {
        return block[Math.floor(k / width) * all + (k % width)]!;
      });
    const all = workload.hidden.length + 1;
    const steps = stepsOf(of, from, until);
    network.steps.append({ ...steps, gradientNorms: narrow(steps.gradientNorms!, all, layers) });
    const probes = probesOf(of, from, until);
    const hidden = (block: Float32Array | undefined) => narrow(block!, all - 1, layers - 1);
    network.probes.append({
      step: probes.step,
      meanDerivative: hidden(probes.meanDerivative),
      saturatedShare: hidden(probes.saturatedShare),
      deadShare: hidden(probes.deadShare),
      preActivationMean: hidden(probes.preActivationMean),
      preActivationStddev: hidden(probes.preActivationStddev),
      updateRatio: narrow(probes.updateRatio!, all, layers),
    });
    for (let epoch = network.epochs.length + 1; epoch * PER_EPOCH <= until; epoch++) {
      const loss = 2 * Math.exp((-3 * epoch) / 100);
      network.epochs.push({ epoch, loss, accuracy: 0.5, testLoss: loss, testAccuracy: 0.1 + epoch / 120 });
    }
  }
}

function plotOf(kind: string, run: RunRecord, theme: PlotTheme): () => Both {
  const feed = new PlotFeed(run);
  const single = { columns: 1, width: 330, height: 190 };
  const several = facetLayout(640, run.networks.length, { one: 200, several: 150 }, margins.left, margins.labels);
  if (kind === 'loss' || kind === 'linear loss') {
    const scale = kind === 'loss' ? 'log' : 'linear';
    const plot = new LossPlot(feed);
    const spec = plot.spec(theme, single, scale);
    return () => ({ whole: plot.data(scale), live: plot.live(theme, scale), spec, width: single.width });
  }
  if (kind === 'accuracy') {
    const plot = new AccuracyPlot(feed);
    const spec = plot.spec(theme, single);
    return () => ({ whole: plot.data(), live: plot.live(theme), spec, width: single.width });
  }
  if (kind === 'gradient') {
    const plot = new GradientPlot(feed);
    const spec = plot.spec(theme, several);
    return () => ({ whole: plot.data(several), live: plot.live(theme, several), spec, width: several.width });
  }
  if (kind === 'saturation') {
    const plot = new SaturationPlot(feed);
    const spec = plot.spec(theme, several, 'saturated');
    const width = several.width;
    return () => ({
      whole: plot.data(several, 'saturated'),
      live: plot.live(theme, several, 'saturated'),
      spec,
      width,
    });
  }
  if (kind === 'heat') {
    const plot = new GradientHeat(run, run.networks[0]!);
    const layout = plot.layout(320);
    const spec = plot.spec(theme, layout);
    return () => ({ whole: plot.data(layout), live: plot.live(theme, layout), spec, width: layout.width });
  }
  const plot = new PreactivationPlot(run);
  const heights = { one: plot.height, several: plot.height };
  const layout = facetLayout(640, run.networks.length, heights, margins.lanes, 14);
  const spec = plot.spec(theme, layout);
  return () => ({ whole: plot.data(), live: plot.live(theme), spec, width: layout.width });
}

function pixelsOf(canvases: readonly HTMLCanvasElement[], { width, height }: HTMLCanvasElement, ground: string) {
  const flat = Object.assign(document.createElement('canvas'), { width, height });
  const context = flat.getContext('2d')!;
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  for (const each of canvases) context.drawImage(each, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

const canvasOf = (plot: EmbeddedPlot): HTMLCanvasElement => plot.element.querySelector('canvas')!;

/** How many pixels are drawn over the frame, and how many of the painted ones are far from Vega's colour. */
async function compare(kind: string, theme: PlotTheme, deep: boolean) {
  const run = emptyRun(deep);
  const both = plotOf(kind, run, theme);
  grow(run, 1);
  const { live: first, whole: begun, spec, width } = both();
  const embed = (own: PlotSpec, data: PlotData) =>
    embedPlot({ spec: fullSpec(own, theme), data, width, renderer: 'canvas', tooltip });
  const frame = await embed(frameOf(spec, first.painting.of), first);
  const whole = await embed(spec, begun);
  const painter = new Painter(document.createElement('canvas'), drawSymbol);
  const look = { font: theme.fontFamily, foreground: theme.foreground };
  const size = () => ({ ...frame.size(), zoom: 1 });
  painter.paint(first.painting, frame.frames(), size(), look, []);
  // The run grows by unequal pieces, so that buckets end within them.
  for (let until = 1; until < STEPS; ) {
    until = Math.min(STEPS, until + 37 + (until % 501));
    grow(run, until);
    const { live } = both();
    await frame.update(live, width);
    painter.paint(live.painting, frame.frames(), size(), look, []);
  }
  await whole.update(both().whole, width);
  const own = canvasOf(whole);
  const reference = pixelsOf([own], own, theme.canvas);
  const painted = pixelsOf([canvasOf(frame), painter.element], own, theme.canvas);
  const ground = pixelsOf([canvasOf(frame)], own, theme.canvas);
  let [drawn, far] = [0, 0];
  for (let i = 0; i < reference.length; i += 4) {
    const distance = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
      Math.max(...[0, 1, 2].map((c) => Math.abs(a[i + c]! - b[i + c]!)));
    if (distance(reference, ground) > 24) drawn++;
    if (distance(reference, painted) > 48) far++;
  }
  return { drawn, far };
}

Object.assign(window, { compare });
