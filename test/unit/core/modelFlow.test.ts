import { describe, expect, it } from 'vitest';
import { modelSentence } from '../../../src/core/advice/modelSentence';
import { modelOut, parseModel } from '../../../src/core/model/json/json';
import type { Model } from '../../../src/core/model/model';
import { networkPlan } from '../../../src/core/model/plan/fromModel';
import { planLayers } from '../../../src/core/model/plan/layers';
import { toldApart } from '../../../src/core/model/toldApart';
import {
  activationsOf,
  describeModelFlow,
  type ModelFlowInput,
  modelFlowData,
  modelFlowSpec,
  unknownFrom,
} from '../../../src/core/plots/modelFlow';
import { margins, type PlotLayout } from '../../../src/core/plots/plot';
import { modelColumns, modelCsv, modelLayers, modelMarkdown } from '../../../src/core/report/modelTable';
import { graphFlow } from '../../../src/core/theory/graph';
import { summariseLogs } from '../../../src/core/theory/measured';
import type { MeasuredPlan } from '../../../src/core/theory/measuredPlan';
import { compiled } from './plotCompiled';
import { overlapping, texts } from './plotTexts';
import { theme } from './plotTheme';

function modelOf(json: object): Model {
  const reading = parseModel({ version: 1, ...json });
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.model;
}

const dense = (name: string, activation = 'tanh') => ({ kind: 'dense', units: 64, activation, name });

const convolutional = modelOf({
  name: 'small | net',
  framework: 'torch',
  input: [14, 14, 1],
  layers: [
    { kind: 'convolution', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu', name: 'conv1' },
    { kind: 'pooling', mode: 'max', size: 2 },
    { kind: 'convolution', filters: 16, kernelSize: 3, activation: 'tanh', name: 'conv2' },
    { kind: 'flatten' },
    dense('fc1', 'relu'),
    { kind: 'dense', units: 10, name: 'fc2' },
  ],
});

const withAttention = modelOf({
  input: [10, 64],
  layers: [
    dense('a'),
    dense('b'),
    { kind: 'attention', heads: 4, units: 64, name: 'mixing' },
    dense('c'),
    dense('d'),
    dense('end'),
  ],
});

const startsUnknown = modelOf({
  input: [10, 64],
  layers: [{ kind: 'attention', heads: 4, units: 64, name: 'mixing' }, dense('c'), dense('d'), dense('end')],
});

const deep = modelOf({
  input: [64],
  layers: Array.from({ length: 100 }, (_, i) => dense(`block_${i}.a_rather_long_name`, 'sigmoid')),
});

/** As the engine measures: every hidden layer with the same sizes. */
function measuredOf(model: Model): MeasuredPlan {
  const size = summariseLogs([-2, -1]);
  return {
    draws: 2,
    layers: modelLayers(model, graphFlow(model), undefined).map(({ node, name }, index) => ({
      index,
      name,
      node,
      kernelGradient: size,
      delta: size,
      toLast: { delta: size, kernelGradient: size },
    })),
    ratio: size,
  };
}

function inputOf(model: Model, measured?: MeasuredPlan): ModelFlowInput {
  const flow = graphFlow(model);
  return {
    layers: modelLayers(model, flow, measured),
    before: undefined,
    unknownFrom: unknownFrom(model, flow),
  };
}

const layoutOf = (total: number): PlotLayout => ({
  columns: 1,
  width: total - margins.left - margins.right,
  height: 260,
});

describe('the layers of a model', () => {
  it('have what is predicted of each, with a band that holds it', () => {
    const flow = graphFlow(convolutional);
    const layers = modelLayers(convolutional, flow, undefined);
    expect(layers.map(({ name, kind, phi }) => [name, kind, phi?.label])).toEqual([
      ['conv1', 'convolution', 'ReLU'],
      ['conv2', 'convolution', 'tanh'],
      ['fc1', 'dense', 'ReLU'],
    ]);
    for (const { predicted } of layers) {
      expect(predicted!.band[0]).toBeLessThanOrEqual(predicted!.delta);
      expect(predicted!.band[1]).toBeGreaterThanOrEqual(predicted!.delta);
    }
    expect('ratio' in flow && [flow.ratio, flow.band]).toEqual([
      layers[0]!.predicted!.delta,
      layers[0]!.predicted!.band,
    ]);
    // The nearer to the last layer, the surer.
    const widths = layers.map(({ predicted }) => Math.log(predicted!.band[1] / predicted!.band[0]));
    expect(widths[1]).toBeLessThan(widths[0]!);
    expect(widths[2]).toBe(0);
  });

  it('are all there where some are unknown, and those have no number', () => {
    const layers = modelLayers(withAttention, graphFlow(withAttention), undefined);
    expect(layers.map(({ name, predicted }) => [name, predicted !== undefined])).toEqual([
      ['a', true],
      ['b', true],
      ['mixing', false],
      ['c', false],
      ['d', false],
    ]);
  });

  it('that are called the same have numbers', () => {
    const layers = [
      ...Array.from({ length: 2 }, () => ({ kind: 'dense', units: 8 })),
      dense('own'),
      { kind: 'dense', units: 2 },
    ];
    const model = toldApart(modelOf({ input: [8], layers }));
    const flow = graphFlow(model);
    const names = modelLayers(model, flow, undefined).map(({ name }) => name);
    expect(names).toEqual(['dense 1', 'dense 2', 'own']);
    // In the sentence, and in the measured plan, too.
    expect(modelSentence(model, flow)).toContain('the gradient at `own` reaches `dense 1`');
    const planned = networkPlan(model);
    if ('problem' in planned) throw new Error(planned.problem);
    expect(planLayers(planned.plan).map(({ name }) => name)).toEqual([...names, 'dense 3']);
    // Read again as it was written, nothing is told apart twice.
    expect(toldApart(modelOf(modelOut(model))).nodes).toEqual(model.nodes);
  });

  it('keep their names where a number is taken', () => {
    const layers = [
      { kind: 'dense', units: 8 },
      dense('dense 1'),
      { kind: 'dense', units: 8 },
      { kind: 'dense', units: 2 },
    ];
    const model = toldApart(modelOf({ input: [8], layers }));
    const names = modelLayers(model, graphFlow(model), undefined).map(({ name }) => name);
    expect(names).toEqual(['dense 2', 'dense 1', 'dense 3']);
  });

  it('are a table in Markdown and CSV, with the columns of a measurement where there is one', () => {
    const flow = graphFlow(convolutional);
    const measured = measuredOf(convolutional);
    const markdown = modelMarkdown({ model: convolutional, flow, measured });
    expect(markdown).toMatch(/^\*\*small \\\| net\*\* \(flows\): 0\.26 of the gradient at fc1 reaches conv1/);
    expect(markdown).toMatch(/\| conv1 \| convolution \| 14×14×16 \|/);
    const [head, ...rows] = modelCsv({ model: convolutional, flow, measured }).trim().split('\r\n');
    expect(head!.split(',')).toEqual(modelColumns(true).map(({ title }) => title));
    expect(rows).toHaveLength(3);
    expect(rows[0]!.split(',')[4]).toBe(String(summariseLogs([-2, -1]).typical));
    const bare = modelCsv({ model: withAttention, flow: graphFlow(withAttention), measured: undefined });
    expect(bare.split('\r\n')[0]!.split(',')).toEqual(modelColumns(false).map(({ title }) => title));
    expect(bare.split('\r\n')[3]).toMatch(/^mixing,attention,[^,]*,,,/);
  });
});

describe('the plot of a model', () => {
  it.each([
    ['a convolutional one', convolutional],
    ['one with unknown layers', withAttention],
    ['one that begins with an unknown layer', startsUnknown],
    ['a hundred layers', deep],
  ])('compiles without a warning and has no text over another: %s', async (_, model) => {
    const input = inputOf(model, measuredOf(model));
    for (const total of [276, 450, 900]) {
      for (const measure of ['delta', 'kernel'] as const) {
        const layout = layoutOf(total);
        for (const alone of [false, true]) {
          compiled(modelFlowSpec(input, measure, theme, layout, alone));
        }
        const boxes = await texts(
          modelFlowSpec(input, measure, theme, layout),
          modelFlowData(input, measure, layout, 'dark'),
        );
        expect(boxes.length).toBeGreaterThan(3);
        expect(overlapping(boxes), `${total} px`).toEqual([]);
        expect(boxes.filter(({ left, right }) => left < -margins.left || right > layout.width + margins.right)).toEqual(
          [],
        );
      }
    }
  });

  it('shades what is behind an unknown step, says from where, and draws nothing there', () => {
    const { rows } = modelFlowData(inputOf(withAttention), 'delta', layoutOf(900), 'dark');
    expect(rows.filter(({ k }) => k === 'unknown')).toMatchObject([{ x1: 2.5, x2: 5.5 }]);
    expect(rows.filter(({ k }) => k.startsWith('unknown ')).map(({ t }) => t)).toEqual(['unknown from mixing on']);
    expect(rows.filter(({ k }) => k === 'line').map(({ x }) => x)).toEqual([1, 2]);
    expect(rows.filter(({ k }) => k === 'hover')).toHaveLength(5);
    expect(rows.find(({ i }) => i === 'hover 3')!.tip).toMatchObject({ layer: 'c (4 of 5)', predicted: 'unknown' });
    const all = modelFlowData(inputOf(startsUnknown), 'delta', layoutOf(900), 'dark').rows;
    expect(all.filter(({ k }) => k === 'unknown')).toMatchObject([{ x1: 0.5, x2: 3.5 }]);
    expect(all.some(({ k }) => k === 'line')).toBe(false);
    expect(
      modelFlowData(inputOf(convolutional), 'delta', layoutOf(900), 'dark').rows.some(({ k }) => k === 'unknown'),
    ).toBe(false);
  });

  it('marks each layer by its activation, and names them where there is room', () => {
    const input = inputOf(convolutional);
    const { rows, params } = modelFlowData(input, 'delta', layoutOf(900), 'dark');
    const marks = rows.filter(({ k }) => k === 'mark');
    expect(marks.map(({ n }) => n)).toEqual(['ReLU', 'tanh', 'ReLU']);
    expect(marks[0]!.c).toBe(marks[2]!.c);
    expect(marks[0]!.c).not.toBe(marks[1]!.c);
    expect(params.xLabels).toEqual(['conv1', 'conv2', 'fc1']);
    expect(activationsOf(input.layers).map(({ label }) => label)).toEqual(['ReLU', 'tanh']);
    expect(modelFlowData(inputOf(deep), 'delta', layoutOf(900), 'dark').params.xLabels).toContain('99');
  });

  it('says in words what it shows', () => {
    expect(describeModelFlow(inputOf(withAttention), 'delta')).toMatch(
      /First of 5 hidden layers, a: predicted 0\.\d+; unknown from mixing on\.$/,
    );
    expect(describeModelFlow(inputOf(startsUnknown), 'delta')).toMatch(
      /mixing: not predicted; unknown from mixing on\.$/,
    );
  });
});
