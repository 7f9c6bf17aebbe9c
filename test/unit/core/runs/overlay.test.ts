import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../../src/core/advice/judge';
import type { ExperimentConfig } from '../../../../src/core/experiment/config';
import { AccuracyPlot, LossPlot } from '../../../../src/core/plots/curves';
import { describePlot } from '../../../../src/core/plots/describe';
import { PlotFeed } from '../../../../src/core/plots/feed';
import { GradientHeat } from '../../../../src/core/plots/heat';
import { describeHeat } from '../../../../src/core/plots/heatWords';
import { GradientPlot, SaturationPlot } from '../../../../src/core/plots/layers';
import { activationStyle, runDash } from '../../../../src/core/plots/palette';
import type { PlotRow, PlotSpec } from '../../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../../src/core/plots/preactivation';
import { vegaConfig } from '../../../../src/core/plots/spec';
import { columnTitle, epochTable, markdownTable } from '../../../../src/core/report/table';
import { overlayRuns, seriesOf } from '../../../../src/core/runs/overlay';
import type { RunRecord } from '../../../../src/core/runs/record';
import { theme } from '../plotTheme';
import { endEpoch, record, sampleRun } from '../reportRun';

const layout = { columns: 2, width: 200, height: 120 };

function trained(change: Partial<ExperimentConfig>, steps: number, loss: number): RunRecord {
  const run = sampleRun(change);
  for (const network of run.networks) {
    record(network, steps, { loss: () => loss, norm: (_, layer) => 10 ** (layer - network.layers.length + 1) });
    endEpoch(network, 1 / loss, loss);
  }
  return run;
}

/** The paper's run, and a deeper and longer one on other images that shares an activation. */
function pair() {
  const paper = trained({ activations: ['sigmoid', 'relu'] }, 8, 2);
  const deep = trained({ activations: ['relu', 'tanh'], hidden: [8, 8, 8], epochs: 5, learningRate: 0.1 }, 30, 4);
  deep.dataset = { ...deep.dataset, train: 10 * deep.config.batchSize, classes: 4 };
  const run = overlayRuns([
    { run: paper, name: 'paper' },
    { run: deep, name: 'deep' },
  ]);
  return { paper, deep, run };
}

const names = ['sigmoid · paper', 'ReLU · paper', 'ReLU · deep', 'tanh · deep'];
const linesOf = (rows: readonly PlotRow[], name: string, layer = 0) =>
  rows.filter(({ k, n, l }) => k === 'line' && n === name && l === layer);

/** Of a spec, what draws lines. */
interface Mark {
  readonly mark?: { readonly type: string; readonly color: string; readonly strokeWidth: number };
  readonly transform: readonly unknown[];
  readonly encoding: { readonly strokeWidth: { readonly condition: readonly { test: string; value: number }[] } };
}

describe('an overlay of runs', () => {
  it('has all networks, each with an id of its own, and copies nothing recorded', () => {
    const { paper, deep, run } = pair();
    expect(seriesOf(run).map(({ name }) => name)).toEqual(names);
    expect(seriesOf(run).map(({ group }) => group)).toEqual([0, 0, 1, 1]);
    expect(new Set(run.networks.map(({ id }) => id)).size).toBe(4);
    expect(run.networks.map(({ steps }) => steps)).toEqual([
      ...paper.networks.map(({ steps }) => steps),
      ...deep.networks.map(({ steps }) => steps),
    ]);
    expect(run.networks[0]!.steps).toBe(paper.networks[0]!.steps);
    expect(run.config).toMatchObject({ activations: ['sigmoid', 'relu', 'tanh'], epochs: 5 });
    expect(paper.networks[0]!.of).toBeUndefined();
  });

  it('tells runs of one name apart, and the same run twice', () => {
    const { paper } = pair();
    const run = overlayRuns(['a', 'a', 'a (2)'].map((name) => ({ run: paper, name })));
    const own = seriesOf(run).map(({ name }) => name);
    expect(own.slice(0, 3)).toEqual(['sigmoid · a', 'sigmoid · a (2)', 'sigmoid · a (2) (2)']);
    expect(new Set(run.networks.map(({ id }) => id)).size).toBe(6);
  });

  it('needs a run', () => {
    expect(() => overlayRuns([])).toThrow(RangeError);
  });

  it('leaves a run as it is: one series an activation, called by its label', () => {
    const { paper } = pair();
    expect(seriesOf(paper).map(({ name, run }) => [name, run])).toEqual([
      ['sigmoid', paper],
      ['ReLU', paper],
    ]);
  });

  it('draws each line along its own steps, on the longest axis', () => {
    const { run } = pair();
    const { rows } = new LossPlot(new PlotFeed(run)).data('log');
    const short = linesOf(rows, 'ReLU · paper');
    const long = linesOf(rows, 'ReLU · deep');
    // 8 steps of 4 an epoch; 30 steps of 10 an epoch.
    expect(short.at(-1)!.x).toBe(7.5 / 4);
    expect(long.at(-1)!.x).toBe(29.5 / 10);
    expect([short[0]!.y, long[0]!.y]).toEqual([2, 4]);
    expect(new Set(rows.map(({ i }) => i)).size).toBe(rows.length);
    expect(rows.filter(({ k, n }) => k === 'test' && n === 'ReLU · deep')).toMatchObject([{ x: 1, y: 4 }]);
  });

  it('points at one epoch in all lines, with steps only where all have the same', () => {
    const { paper, run } = pair();
    const tips = (of: RunRecord) => new LossPlot(new PlotFeed(of)).data('log').rows.filter(({ k }) => k === 'hover');
    const strips = tips(run);
    expect(strips).toHaveLength(30);
    // Both are at their first step, then one of them at its second.
    expect(strips[0]!.tip).toMatchObject({ epoch: '0.05, step 1' });
    expect(strips[1]!.tip).toEqual({
      epoch: '0.15',
      ...Object.fromEntries(names.map((name) => [name, name.endsWith('paper') ? '2.00' : '4.00'])),
    });
    expect(Object.keys(strips.at(-1)!.tip as object)).toEqual(['epoch', 'ReLU · deep', 'tanh · deep']);
    for (let i = 1; i < strips.length; i++) expect(strips[i]!.x1).toBe(strips[i - 1]!.x2);
    expect(tips(paper)[0]!.tip).toMatchObject({ epoch: '0.12, step 1' });
  });

  it('names layers and doubles the output of each network by its own depth', () => {
    const { run } = pair();
    const { rows } = new GradientPlot(new PlotFeed(run)).data(layout);
    const labels = (name: string) => rows.filter(({ k, n }) => k === 'label' && n === name).map(({ t }) => t);
    expect(labels('ReLU · paper')).toEqual(['hidden', 'output']);
    expect(labels('ReLU · deep')).toEqual(['hidden 1', 'output']);
    expect(linesOf(rows, 'ReLU · paper', 1)[0]).toMatchObject({ output: true, depth: 1 });
    expect(linesOf(rows, 'ReLU · deep', 1)[0]).toMatchObject({ output: false, depth: 1 / 3 });
    expect(linesOf(rows, 'ReLU · deep', 3)[0]).toMatchObject({ output: true, depth: 1 });
    expect(rows.filter(({ k }) => k === 'facet').map(({ n }) => n)).toEqual(names);
    const places = new PreactivationPlot(run).data().rows.filter(({ k }) => k === 'place');
    expect(names.map((name) => places.filter(({ n }) => n === name).length)).toEqual([1, 1, 3, 3]);
  });

  it('draws the output as two lines, and nothing of a layer in dashes', () => {
    const { run } = pair();
    const text = JSON.stringify(new GradientPlot(new PlotFeed(run)).spec(theme, layout));
    // Dashed is only where a value was lost, in the colour of errors.
    expect(text.match(/strokeDash/g)).toHaveLength(1);
    const { spec } = JSON.parse(text) as { spec: { layer: Mark[] } };
    const lines = spec.layer.filter(({ mark }) => mark?.type === 'line');
    expect(lines).toHaveLength(2);
    const [outer, inner] = lines as [Mark, Required<Mark>];
    const output = outer.encoding.strokeWidth.condition[0]!;
    expect(output.test).toBe('datum.output');
    expect(inner.transform.at(-1)).toEqual({ filter: 'datum.output' });
    expect(inner.mark.color).toBe(theme.canvas);
    // Each of the two lines is a pixel at least, and so is what parts them.
    expect(output.value - inner.mark.strokeWidth).toBeGreaterThanOrEqual(2);
    expect(inner.mark.strokeWidth).toBeGreaterThanOrEqual(1);
  });

  it('keeps the colour of an activation and gives each run a dash', () => {
    const { paper, run } = pair();
    const encodings = (of: RunRecord) => {
      const { layer } = new LossPlot(new PlotFeed(of)).spec(theme, layout, 'log', true) as { layer: PlotSpec[] };
      return layer.map(({ encoding }) => encoding as Record<string, { scale: { range: unknown[] } }> | undefined);
    };
    const line = encodings(run).find((each) => each?.strokeDash !== undefined)!;
    const [sigmoid, relu, tanh] = ['sigmoid', 'relu', 'tanh'].map((name) => activationStyle(name).dark);
    expect(line.color!.scale.range).toEqual([sigmoid, relu, relu, tanh]);
    expect(line.strokeDash!.scale.range).toEqual([runDash(0), runDash(0), runDash(1), runDash(1)]);
    expect(runDash(0)).toEqual([]);
    expect(new Set([0, 1, 2, 3, 4, 5].map((group) => runDash(group).join())).size).toBe(6);
    expect(encodings(paper).some((each) => each?.strokeDash !== undefined)).toBe(false);
  });

  it('draws a line of guessing for each number of classes', () => {
    const { paper, run } = pair();
    const texts = (of: RunRecord) =>
      JSON.stringify(new LossPlot(new PlotFeed(of)).spec(theme, layout, 'log', true)).match(/ln \d+: guessing/g);
    expect(texts(paper)).toEqual(['ln 10: guessing']);
    expect(texts(run)).toEqual(['ln 10: guessing', 'ln 4: guessing']);
  });

  it('judges each network by its own settings and dataset', () => {
    const { paper, deep, run } = pair();
    const verdicts = judgeAll(run);
    for (const [i, own] of [paper, deep].entries()) {
      for (const [id, verdict] of judgeAll(own)) expect(verdicts.get(`${i + 1}/${id}`)).toEqual(verdict);
    }
    expect(verdicts.size).toBe(4);
    expect(describePlot('loss', run, verdicts)).toContain('ReLU · deep (');
  });

  it('has a column for each in the table, the paper only beside its own settings', () => {
    const { deep, run } = pair();
    const table = epochTable(run);
    expect(table.columns.map(columnTitle)).toEqual([...names, 'paper (MNIST): sigmoid', 'paper (MNIST): ReLU']);
    expect(table.rows[0]!.cells.slice(0, 4).map((cell) => cell?.loss)).toEqual([2, 2, 4, 4]);
    expect(markdownTable(run)).toContain('ReLU · deep loss');
    const alone = overlayRuns([{ run: deep, name: 'deep' }]);
    expect(epochTable(alone).columns.map(({ source }) => source)).toEqual(['measured', 'measured']);
  });

  it('shows one of its networks in a heat strip over its own run', () => {
    const { deep, run } = pair();
    const strip = (of: RunRecord, i: number) => {
      const heat = new GradientHeat(of, of.networks[i]!);
      return heat.data(heat.layout(300)).rows;
    };
    expect(strip(run, 2)).toEqual(strip(deep, 0));
    expect(describeHeat(new GradientHeat(run, run.networks[2]!))).toContain('ReLU · deep');
  });

  it('compiles as Vega-Lite without a warning', () => {
    const { run } = pair();
    const feed = new PlotFeed(run);
    const said: unknown[] = [];
    const say = (...all: unknown[]) => {
      said.push(all);
      return logger;
    };
    const logger = { level: () => logger, warn: say, error: say, info: () => logger, debug: () => logger };
    const specs = [true, false].flatMap((alone) => [
      new LossPlot(feed).spec(theme, layout, 'log', alone),
      new AccuracyPlot(feed).spec(theme, layout, alone),
      new GradientPlot(feed).spec(theme, layout, alone),
      new SaturationPlot(feed).spec(theme, layout, 'derivative', alone),
      new PreactivationPlot(run).spec(theme, layout, alone),
    ]);
    for (const spec of specs) {
      compile({ ...spec, config: vegaConfig(theme) } as unknown as TopLevelSpec, { logger: logger as never });
    }
    expect(said).toEqual([]);
  });
});
