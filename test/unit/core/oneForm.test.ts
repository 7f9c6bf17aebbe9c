// A page writes a small number in one form, whether in a sentence, a table, a plot or a tooltip: 2.0 × 10⁻⁶.
import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { calculate } from '../../../src/core/advice/calculate';
import { remedies } from '../../../src/core/advice/flowRemedies';
import { judgeAll } from '../../../src/core/advice/judge';
import { effectOf } from '../../../src/core/advice/remedies/rank';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { AccuracyPlot, LossPlot } from '../../../src/core/plots/curves';
import { describePlot } from '../../../src/core/plots/describe';
import { PlotFeed } from '../../../src/core/plots/feed';
import { describeFlow, flowData, flowSpec } from '../../../src/core/plots/flow';
import { curvesData, curvesLayout, curvesSpec, describeCurves } from '../../../src/core/plots/flowCurves';
import { GradientHeat } from '../../../src/core/plots/heat';
import { describeHeat } from '../../../src/core/plots/heatWords';
import { GradientPlot, SaturationPlot } from '../../../src/core/plots/layers';
import { facetLayout, margins, type PlotData, type PlotSpec, plotKinds } from '../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../src/core/plots/preactivation';
import { describeWalk, walkData, walkLine, walkSpec } from '../../../src/core/plots/walkthrough';
import { flowCells, flowMarkdown, flowRows } from '../../../src/core/report/flowTable';
import { runMarkdown } from '../../../src/core/report/markdown';
import { epochTable, figureTexts } from '../../../src/core/report/table';
import { OTHER_FORM } from '../../figure';
import { texts } from './plotTexts';
import { theme } from './plotTheme';
import { endEpoch, record, sampleRun } from './reportRun';

/** What a picture says, on it and in its tooltips; a row's `i` is its key. */
async function saidBy(spec: PlotSpec, data: PlotData): Promise<string[]> {
  const inRows = data.rows.flatMap((row) =>
    Object.entries(row).flatMap(([key, value]) => (key !== 'i' && typeof value === 'string' ? [value] : [])),
  );
  return [
    ...(await texts(spec, data)).map(({ text }) => text),
    ...inRows,
    ...Object.values(data.params).flat().map(String),
  ].filter((text) => !/^-?\d+(\.\d+)?(e-?\d+)?$/.test(text));
}

const expectOneForm = (said: readonly string[]) => {
  expect(said.filter((text) => OTHER_FORM.test(text))).toEqual([]);
  expect(said.some((text) => /10[⁻¹²³⁴-⁹]/.test(text))).toBe(true);
};

describe('a run', () => {
  const run = sampleRun({ activations: ['sigmoid', 'relu'], hidden: [8, 8, 8], seeds: 1, epochs: 2 });
  for (const network of run.networks) {
    record(network, 8, { loss: (step) => 3.3e7 / (step + 1), norm: (_, layer) => 10 ** (-9 + 3 * layer) });
    for (let epoch = 0; epoch < 2; epoch++) endEpoch(network, 1e-6, 3.3e7);
  }
  const feed = new PlotFeed(run);
  const layout = { columns: 1, width: 600, height: 190 };
  const lines = facetLayout(720, 2, { one: 150, several: 150 }, margins.left, margins.labels);
  const places = new PreactivationPlot(run);
  const [loss, accuracy, gradient, saturation, heat] = [
    new LossPlot(feed),
    new AccuracyPlot(feed),
    new GradientPlot(feed),
    new SaturationPlot(feed),
    new GradientHeat(run, run.networks[0]!),
  ];
  const hills = facetLayout(720, 2, { one: places.height, several: places.height }, margins.lanes, 14);
  const strip = heat.layout(400);
  const pictures: readonly (readonly [string, PlotSpec, PlotData])[] = [
    ['loss, logarithmic', loss.spec(theme, layout, 'log', true), loss.data('log')],
    ['loss, linear', loss.spec(theme, layout, 'linear', true), loss.data('linear')],
    ['accuracy', accuracy.spec(theme, layout, true), accuracy.data()],
    ['gradient', gradient.spec(theme, lines, true), gradient.data(lines)],
    ['saturation', saturation.spec(theme, lines, 'derivative', true), saturation.data(lines, 'derivative')],
    ['preactivation', places.spec(theme, hills, true), places.data()],
    ['heat', heat.spec(theme, strip), heat.data(strip)],
  ];

  it('has it in every plot', async () => {
    expectOneForm((await Promise.all(pictures.map(([, spec, data]) => saidBy(spec, data)))).flat());
  });

  it('has it in words, in verdicts and in tables', () => {
    const verdicts = judgeAll(run);
    expect(verdicts.size).toBe(2);
    const table = epochTable(run);
    expectOneForm([
      ...plotKinds.map((kind) => describePlot(kind, run, verdicts)),
      describeHeat(heat),
      ...[...verdicts.values()].flatMap(({ text, short, evidence }) => [
        text,
        short,
        ...evidence.map(({ value }) => value),
      ]),
      ...table.rows.flatMap(({ cells }) => cells.flatMap((cell) => figureTexts(table, cell))),
      runMarkdown(run, verdicts),
    ]);
  });
});

describe('a calculation', () => {
  const config: FlowConfig = {
    ...paperFlow,
    candidates: ['sigmoid', 'relu', 'exponential'].map((name) => ({ activations: [name] })),
  };
  const flows = calculate(config);
  const lines = flows.map((flow) => ({ flow, measured: undefined }));
  const layout = { columns: 1, width: 500, height: 240 };

  it('has it in every plot', async () => {
    const curves = curvesLayout(600, flows.length);
    const walk = walkLine(activation('sigmoid'), { weight: 1, bias: 0 }, 10, { input: 1, target: 1 });
    expectOneForm(
      (
        await Promise.all([
          saidBy(flowSpec(lines, 'delta', theme, layout), flowData(lines, 'delta', layout, 'dark')),
          saidBy(curvesSpec(flows, 1, theme, curves, true), curvesData(flows, 1, curves, 'dark')),
          saidBy(walkSpec(walk, theme, layout), walkData(walk, layout, 'dark')),
        ])
      ).flat(),
    );
    expectOneForm([describeFlow(lines, 'delta'), describeCurves(flows, 1), describeWalk(walk)]);
  });

  it('has it in words and in tables', () => {
    expectOneForm([
      ...flows.flatMap(({ verdict: { text, head, why } }) => [text, head, why]),
      ...flows.flatMap((flow) => flowRows(flow, undefined).flatMap(flowCells)),
      ...remedies(config, 0).map(effectOf),
      flowMarkdown({ config, flows, measured: [] }),
    ]);
  });
});
