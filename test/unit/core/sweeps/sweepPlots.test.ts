import { describe, expect, it } from 'vitest';
import { describeSweep, type SweepPlot, sweepData, sweepSpec, sweepTitle } from '../../../../src/core/plots/sweep';
import { sweepMeasures } from '../../../../src/core/sweeps/curves';
import { pointsOf, type SweepPlan } from '../../../../src/core/sweeps/plan';
import type { SweepResult } from '../../../../src/core/sweeps/result';
import { compiled } from '../plotCompiled';
import { overlapping, texts } from '../plotTexts';
import { theme } from '../plotTheme';
import { resultAt, sweepPlan, wholeSweep } from './sweeps';

const layout = { columns: 1, width: 420, height: 220 };

/** A sweep of which each network came to what is said of its place. */
const plotOf = (
  plan: SweepPlan,
  measure: SweepPlot['measure'],
  change: (values: readonly (string | number)[], seed: number) => Partial<SweepResult> = () => ({}),
): SweepPlot => ({
  plan,
  measure,
  results: new Map(pointsOf(plan).map(({ id, values, seed }, i) => [id, resultAt(id, i, change(values, seed))])),
});
const rowsOf = (plot: SweepPlot, kind: string) => sweepData(plot, layout, 'dark').rows.filter(({ k }) => k === kind);

const plans = {
  depth: sweepPlan(['depth=1..20'], { seeds: 3 }),
  grid: sweepPlan(['lr=1e-4..1e-1:7', 'width=16,64,256'], { seeds: 2 }),
  activations: sweepPlan(['activation=sigmoid,tanh,relu,gelu,hard_sigmoid,leaky_relu(negative_slope=0.3)']),
  initialisers: sweepPlan(['init=he_normal;glorot_uniform;normal:1,1;variance_scaling:0.3333,fan_in,uniform']),
  seeds: sweepPlan(['seed=0..199'], { activations: ['relu'] }),
  one: sweepPlan(['batch=64']),
};

describe('the plot of a sweep', () => {
  it.each(Object.entries(plans))('along %s compiles for each measure, alone and in a page', (_, plan) => {
    for (const measure of sweepMeasures) {
      for (const alone of [true, false]) {
        compiled(sweepSpec({ ...wholeSweep(plan), measure }, theme, layout, alone));
        compiled(sweepSpec({ plan, results: new Map(), measure }, theme, layout, alone));
      }
    }
  });

  it.each(Object.entries(plans))(
    'along %s has texts that neither overlap nor are cut, wide and narrow',
    async (_, plan) => {
      // Names that have no room beside each other stand aslant.
      const isName = typeof plan.axes[0]!.values[0] === 'string';
      for (const width of isName ? [1200] : [220, 420, 900]) {
        const plot: SweepPlot = { ...wholeSweep(plan), measure: 'arrives' };
        const at = { ...layout, width };
        const found = await texts(sweepSpec(plot, theme, at), sweepData(plot, at, theme.background));
        expect(overlapping(found), String(width)).toEqual([]);
        expect(found.filter(({ cut }) => cut)).toEqual([]);
        expect(found.length).toBeGreaterThan(3);
      }
    },
  );

  it('has the median of the seeds at each place, with a band where they differ', () => {
    const plot = plotOf(plans.depth, 'accuracy', ([depth], seed) => ({
      accuracy: depth === 1 ? 0.5 : 0.2 + seed / 10,
    }));
    const lines = rowsOf(plot, 'line');
    expect(lines).toHaveLength(40);
    expect(lines.filter(({ n }) => n === 'sigmoid').map(({ x }) => x)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(lines[0]).toMatchObject({ n: 'sigmoid', x: 1, y: 0.5 });
    expect(lines[1]!.y).toBeCloseTo(0.3, 12);
    const bands = rowsOf(plot, 'band');
    expect(bands).toHaveLength(38);
    expect(bands[0]).toMatchObject({ x: 2, low: 0.2, high: 0.4 });
    expect(sweepData(plot, layout, 'dark').points).toBe(40);
  });

  it('has the prediction behind what was measured at the start, and nowhere else', () => {
    const predicted = rowsOf(plotOf(plans.depth, 'arrives'), 'predicted');
    expect(predicted).toHaveLength(40);
    expect(predicted[0]).toMatchObject({ x: 1, y: 1 });
    for (const measure of ['accuracy', 'loss', 'arrivesAtEnd'] as const)
      expect(rowsOf(plotOf(plans.depth, measure), 'predicted')).toEqual([]);
    // Before anything has been trained it is there already.
    expect(rowsOf({ plan: plans.depth, results: new Map(), measure: 'arrives' }, 'predicted')).toEqual(predicted);
  });

  it('spaces numbers by their ratios or steps, and names one after the other', () => {
    const xs = (plan: SweepPlan) => [...new Set(rowsOf(plotOf(plan, 'accuracy'), 'mark').map(({ x }) => x as number))];
    const rates = xs(plans.grid);
    expect(rates[0]).toBe(-4);
    for (let i = 1; i < rates.length; i++) expect(rates[i]! - rates[i - 1]!).toBeCloseTo(0.5, 5);
    expect(xs(plans.initialisers)).toEqual([0, 1, 2, 3]);
    expect(xs(sweepPlan(['depth=1,2,5']))).toEqual([1, 2, 5]);
  });

  it('lays exact zeros on their own line, below the least that is drawn', () => {
    const plot = plotOf(sweepPlan(['depth=1,2'], { activations: ['sigmoid'] }), 'arrives', ([depth]) => ({
      arrives: depth === 2 ? 0 : 1e-6,
    }));
    const { params, rows } = sweepData(plot, layout, 'dark');
    const [first, second] = rows.filter(({ k }) => k === 'mark').map(({ y }) => y as number);
    expect(first).toBe(1e-6);
    expect(second).toBeLessThan(params.yLow as number);
    expect(second).toBeGreaterThan(params.yMin as number);
  });

  it('labels every name, aslant where there is no room, and as many numbers as there is room for', () => {
    const labels = (plan: SweepPlan, width: number) =>
      sweepData(plotOf(plan, 'accuracy'), { ...layout, width }, 'dark').params.xLabels as string[];
    const slanted = (plan: SweepPlan, width: number) =>
      JSON.stringify(sweepSpec(plotOf(plan, 'accuracy'), theme, { ...layout, width })).includes('"labelAngle":-35');
    const names = ['he_normal', 'glorot_uniform', 'normal:1,1', 'variance_scaling:0.333,fan_in,uniform'];
    for (const width of [220, 1200]) expect(labels(plans.initialisers, width)).toEqual(names);
    expect([220, 1200].map((width) => slanted(plans.initialisers, width))).toEqual([true, false]);
    expect(slanted(plans.seeds, 220)).toBe(false);
    expect(labels(plans.depth, 900)).toHaveLength(20);
    expect(labels(plans.depth, 220).length).toBeLessThan(12);
  });

  it('tells curves of a second setting by their dash, and those of an activation by its colour', () => {
    const lines = rowsOf(plotOf(plans.grid, 'accuracy'), 'line');
    const looks = new Set(lines.map(({ n, c, d }) => JSON.stringify([n, c, d])));
    expect(looks.size).toBe(6);
    expect(new Set(lines.map(({ n }) => n))).toEqual(
      new Set([
        'sigmoid, width 16',
        'ReLU, width 16',
        'sigmoid, width 64',
        'ReLU, width 64',
        'sigmoid, width 256',
        'ReLU, width 256',
      ]),
    );
    expect(new Set(lines.map(({ c }) => c)).size).toBe(2);
    expect(new Set(lines.map(({ d }) => JSON.stringify(d))).size).toBe(3);
  });

  it('tells the numbers of a place, and how many seeds are there so far', () => {
    const [first, second] = pointsOf(plans.depth);
    const results = new Map([[first!.id, resultAt(first!.id, 0, { arrives: 0.25 })]]);
    const [hover] = sweepData({ plan: plans.depth, results, measure: 'arrives' }, layout, 'dark').rows.filter(
      ({ k }) => k === 'hover',
    );
    expect(hover!.tip).toEqual({
      'hidden layers': '1',
      sigmoid: '0.250, 1 of 3 seeds',
      'sigmoid, predicted': '1.00',
      'ReLU, predicted': '1.00',
    });
    expect(second!.activation).toBe('relu');
    expect([hover!.x1, hover!.x2]).toEqual([0.5, 1.5]);
  });

  it('says in words where each line begins and ends', () => {
    const plot = plotOf(sweepPlan(['depth=1..3']), 'accuracy', ([depth]) => ({ accuracy: 1 - Number(depth) / 4 }));
    expect(sweepTitle(plot)).toBe('Test accuracy along hidden layers');
    expect(describeSweep(plot)).toBe(
      'Test accuracy along hidden layers. sigmoid: 75 % at 1, 25 % at 3; ReLU: 75 % at 1, 25 % at 3.',
    );
    expect(describeSweep({ ...plot, results: new Map() })).toContain('sigmoid: nothing yet');
  });
});
