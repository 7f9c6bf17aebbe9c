import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/core/activations/catalogue';
import { calculate } from '../../../src/core/advice/calculate';
import { type FlowConfig, paperFlow } from '../../../src/core/calculation/config';
import { type FlowMeasure, flowData, flowSpec } from '../../../src/core/plots/flow';
import { curvesData, curvesLayout, curvesSpec } from '../../../src/core/plots/flowCurves';
import { margins, type PlotLayout } from '../../../src/core/plots/plot';
import { walkData, walkLine, walkSpec } from '../../../src/core/plots/walkthrough';
import { type Box, overlapping, texts } from './plotTexts';
import { theme } from './plotTheme';

const names = ['sigmoid', 'tanh', 'relu', 'leaky_relu(negative_slope=0.3)', 'gelu', 'hard_sigmoid', 'selu', 'softplus'];

const layers = (count: number, depth: number, change: Partial<FlowConfig> = {}): FlowConfig => ({
  ...paperFlow,
  candidates: names.slice(0, count).map((name) => ({ activations: [name] })),
  widths: Array.from({ length: depth }, () => 16),
  ...change,
});

const one = (total: number): PlotLayout => ({
  columns: 1,
  width: total - margins.left - margins.right,
  height: 260,
});

/** Texts that reach beyond what a page of that width shows of a picture. */
const beyond = (boxes: readonly Box[], { width }: PlotLayout): string[] =>
  boxes.filter(({ left, right }) => left < -margins.left || right > width + margins.right).map(({ text }) => text);

const sizes = [276, 450, 600, 900] as const;

describe.each([1, 4, 8])('the plots of a calculation with %d activations', (count) => {
  it.each([1, 2, 10, 100])('have no text over another, nor one cut off, in %d layers', async (depth) => {
    const flows = calculate(layers(count, depth));
    const lines = flows.map((flow) => ({ flow, measured: undefined }));
    for (const total of sizes) {
      for (const measure of ['delta', 'kernel'] satisfies FlowMeasure[]) {
        const layout = one(total);
        const data = flowData(lines, measure, layout, 'dark');
        const boxes = await texts(flowSpec(lines, measure, theme, layout), data);
        expect(boxes.length).toBeGreaterThan(4);
        expect(overlapping(boxes), `${measure}, ${total} px`).toEqual([]);
        expect(beyond(boxes, layout), `${measure}, ${total} px`).toEqual([]);
      }
      const layout = curvesLayout(total, count);
      const boxes = await texts(curvesSpec(flows, depth, theme, layout), curvesData(flows, depth, layout, 'dark'));
      expect(boxes.length).toBeGreaterThan(4 * count);
      expect(overlapping(boxes), `curves, ${total} px`).toEqual([]);
    }
  });
});

describe('the plots of hard cases', () => {
  it.each([
    ['the paper’s initialiser', { kernelInitializer: { kind: 'normal', mean: 1, stddev: 1 } }],
    ['an overflow', { kernelInitializer: { kind: 'normal', mean: 0, stddev: 1000 } }],
    ['zeros', { kernelInitializer: { kind: 'zeros' } }],
  ] satisfies [string, Partial<FlowConfig>][])('have no text over another with %s', async (_name, change) => {
    const flows = calculate(layers(4, 100, change));
    const lines = flows.map((flow) => ({ flow, measured: undefined }));
    for (const total of sizes) {
      const layout = one(total);
      const boxes = await texts(flowSpec(lines, 'delta', theme, layout), flowData(lines, 'delta', layout, 'dark'));
      expect(overlapping(boxes), `${total} px`).toEqual([]);
      const facets = curvesLayout(total, 4);
      const curves = await texts(curvesSpec(flows, 1, theme, facets), curvesData(flows, 1, facets, 'dark'));
      expect(overlapping(curves), `curves, ${total} px`).toEqual([]);
    }
  });

  it.each([1, 10, 100])('the chain of %d neurons has its labels side by side', async (neurons) => {
    for (const total of sizes) {
      const layout = one(total);
      const line = walkLine(activation('sigmoid'), { weight: 1, bias: -0.5 }, neurons, { input: 0.5, target: 0 });
      const boxes = await texts(walkSpec(line, theme, layout), walkData(line, layout, 'dark'));
      expect(overlapping(boxes), `${total} px`).toEqual([]);
      expect(beyond(boxes, layout), `${total} px`).toEqual([]);
    }
  });
});
