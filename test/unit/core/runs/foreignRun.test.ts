import fc from 'fast-check';
import { strToU8 } from 'fflate';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { judgeAll } from '../../../../src/core/advice/judge';
import { paperConfig } from '../../../../src/core/experiment/config';
import { encodeBase64 } from '../../../../src/core/format/base64';
import { AccuracyPlot, LossPlot } from '../../../../src/core/plots/curves';
import { describePlot } from '../../../../src/core/plots/describe';
import { PlotFeed } from '../../../../src/core/plots/feed';
import { GradientHeat } from '../../../../src/core/plots/heat';
import { describeHeat } from '../../../../src/core/plots/heatWords';
import { GradientPlot, SaturationPlot } from '../../../../src/core/plots/layers';
import { leftOut } from '../../../../src/core/plots/leftOut';
import { plotKinds } from '../../../../src/core/plots/plot';
import { PreactivationPlot } from '../../../../src/core/plots/preactivation';
import { runCsv } from '../../../../src/core/report/csv';
import { epochTable, markdownTable, plainTable } from '../../../../src/core/report/table';
import { epochColumns, probeColumns, stepColumns } from '../../../../src/core/runs/columns';
import { RunFileError } from '../../../../src/core/runs/fileError';
import { logLines, readRunLog, runLog } from '../../../../src/core/runs/log';
import { applyNews, type RunNews } from '../../../../src/core/runs/news';
import { overlayRuns } from '../../../../src/core/runs/overlay';
import { type RunRecord, rewind } from '../../../../src/core/runs/record';
import { readRunFile } from '../../../../src/core/runs/runFile';
import { parseRun, serialiseRun } from '../../../../src/core/runs/serialise';
import { runSummarySchema, summarise, summaryOut } from '../../../../src/core/runs/summary';
import { figureOut } from '../../../../src/core/runs/wire';
import { runDescription } from '../../../../src/host/runs/runList';
import { runNews } from '../../../../src/protocol/schemas';
import { contents, emptyRun, finishedRun, probesOf, stepsOf } from './runs';

const layout = { columns: 1, width: 300, height: 200 };

const series = (values: readonly number[]) => encodeBase64(new Uint8Array(Float32Array.from(values).buffer));

interface Told {
  readonly loss: (step: number) => number;
  /** Of the first batch, a layer each, and of all later ones; without them, none are recorded. */
  readonly norms?: readonly [number, number, number];
  readonly activation?: string;
}

/** A run as another program may write it: losses of two epochs of four steps and gradient norms, and nothing else. */
function foreignText({ loss, norms, activation = 'relu' }: Told): string {
  const steps = Array.from({ length: 8 }, (_, i) => i);
  const epochs = [0, 1].map((e) => ({
    epoch: e + 1,
    loss: figureOut([0, 1, 2, 3].reduce((sum, i) => sum + loss(4 * e + i), 0) / 4),
  }));
  return JSON.stringify({
    format: 'gradient-lens-run',
    version: 1,
    id: 'from-pytorch',
    startedAt: '2026-01-31T12:05:00.000Z',
    config: {
      ...paperConfig,
      activations: [activation],
      hidden: [6, 5],
      epochs: 2,
      kernelInitializer: { kind: 'he_normal' },
    },
    dataset: { name: 'MNIST', train: 512, test: 100, classes: 10, inputs: 12 },
    seconds: 3,
    networks: [
      {
        id: `${activation}#0`,
        activation,
        seed: 0,
        layers: ['hidden 1', 'hidden 2', 'output'],
        state: 'finished',
        seconds: 3,
        epochs,
        steps: {
          loss: series(steps.map(loss)),
          ...(norms === undefined ? {} : { gradientNorms: series(steps.flatMap(() => norms)) }),
        },
      },
    ],
  });
}

const foreignRun = (told: Told): RunRecord => readRunFile(strToU8(foreignText(told))).run;
const learns = (step: number) => 2.3 / (step + 1);
const stuck = () => 2.3;
const verdictOf = (run: RunRecord) => [...judgeAll(run).values()][0]!;

describe('a run of losses and gradient norms', () => {
  const run = foreignRun({ loss: learns, norms: [0.5, 0.4, 0.3] });

  test('opens', () => {
    const [network] = run.networks;
    expect(network!.steps.count).toBe(8);
    expect(network!.steps.accuracy).toBeUndefined();
    expect(network!.steps.gradientNorms!.row(7)).toEqual(Float32Array.of(0.5, 0.4, 0.3));
    expect([network!.probes.count, network!.epochs.length]).toEqual([0, 2]);
  });

  test('comes back from its own file, and from a log', () => {
    const text = serialiseRun(run);
    expect(contents(parseRun(text))).toEqual(contents(run));
    expect(JSON.parse(text).networks[0].steps).not.toHaveProperty('accuracy');
    const log = readRunLog(runLog(run));
    expect([log.whole, log.problem]).toEqual([true, undefined]);
    expect(contents({ ...log.run, seconds: 3 })).toEqual(contents(run));
  });

  test('is a CSV of what there is', () => {
    const [head, first, , , fourth] = runCsv(run).split('\r\n');
    expect(head).toBe(
      'activation,seed,epoch,step,loss,gradient norm: hidden 1,gradient norm: hidden 2,gradient norm: output,epoch loss',
    );
    expect(first).toBe('relu,0,1,1,2.3,0.5,0.4,0.3,');
    expect(fourth).toBe(`relu,0,1,4,0.575,0.5,0.4,0.3,${run.networks[0]!.epochs[0]!.loss}`);
  });

  test('is a table without accuracies', () => {
    const { rows } = epochTable(run);
    expect(rows.map(({ cells }) => cells[0]!.accuracy)).toEqual([undefined, undefined]);
    expect(markdownTable(run)).toContain('| 1 | 1.1979 |');
    expect(markdownTable(run)).toContain('| epoch | ReLU loss |');
    for (const columns of [undefined, 14]) {
      const text = plainTable(run, columns);
      expect(text).toContain('1.1979');
      expect(text).not.toMatch(/NaN|undefined|accuracy|–/);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns ?? 80);
    }
  });

  test('is drawn as far as it goes, and says what is not', () => {
    const { kinds, sentences } = leftOut(run);
    expect([...kinds].sort()).toEqual(['accuracy', 'preactivation', 'saturation']);
    expect(sentences).toEqual([
      'Not recorded, and so not drawn: accuracy of each step, saturated units, pre-activations.',
    ]);
    const feed = new PlotFeed(run);
    expect(new LossPlot(feed).data('log').points).toBe(8);
    expect(new GradientPlot(feed).data(layout).points).toBe(3 * 8);
    expect(new AccuracyPlot(feed).data().points).toBe(0);
    expect(describePlot('loss', run, judgeAll(run))).toContain('ReLU (learns): loss 0.');
    expect(describePlot('accuracy', run, judgeAll(run))).toContain('ReLU (learns): not recorded');
  });

  test('lies beside a run that has all, with what it lacks named', () => {
    const own = finishedRun({ activations: ['relu'] }, 'own');
    const both = overlayRuns([
      { run: own, name: 'here' },
      { run, name: 'torch' },
    ]);
    const { kinds, sentences } = leftOut(both);
    expect(kinds.size).toBe(0);
    expect(sentences).toEqual([
      'Not recorded of ReLU · torch, and so without its lines: accuracy of each step, saturated units, pre-activations.',
    ]);
    expect(new AccuracyPlot(new PlotFeed(both)).data().points).toBe(12);
    const lines = runCsv(both).trimEnd().split('\r\n');
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
  });

  test('is listed by its loss', () => {
    const summary = summarise(run, new Map(), { pinned: false }, 0);
    const back = v.parse(runSummarySchema, JSON.parse(JSON.stringify(summaryOut(summary))));
    expect(back.networks[0]!.last).toEqual(run.networks[0]!.epochs[1]);
    expect(runDescription(back)).toMatch(/^ReLU loss 0\.3\d+ · MNIST$/);
  });

  test('goes as news between page and host', () => {
    const { steps } = run.networks[0]!;
    const told: RunNews = {
      kind: 'recorded',
      network: 'relu#0',
      steps: steps.block(),
      probes: { step: new Int32Array(0) },
    };
    expect(v.parse(runNews, told)).toEqual(told);
    const another = emptyRun({ activations: ['relu'] });
    applyNews(another, told);
    expect(another.networks[0]!.steps.block()).toEqual(steps.block());
  });
});

describe('its verdict', () => {
  const unprobed = 'Not recorded, and so not judged: saturated units, dead units.';

  test('goes by the loss where there is no accuracy, and says so', () => {
    const { kind, head, why, evidence } = verdictOf(foreignRun({ loss: learns, norms: [0.5, 0.4, 0.3] }));
    expect(kind).toBe('healthy');
    expect(head).toMatch(
      /learns: training has come to a loss of 0\.3\d after 2 epochs, where guessing gives ln 10 = 2\.30,/,
    );
    expect(head).toMatch(/a gradient of 0\.50 reaches hidden layer 1/);
    expect(why).toBe(`No accuracy was recorded: the loss says how much is learnt. ${unprobed}`);
    expect(evidence.map(({ label }) => label).join()).not.toMatch(/accuracy|units|pre-activations/);
  });

  test.each([
    ['vanishing', [1e-7, 1e-3, 1]],
    ['exploding', [900, 30, 1]],
    ['stalled', [0.5, 0.4, 0.3]],
  ] as const)('is %s where the norms say so: %j', (kind, norms) => {
    expect(verdictOf(foreignRun({ loss: stuck, norms }))).toMatchObject({ kind });
  });

  test('is no more than stalled where nothing but the loss is known', () => {
    const { kind, head, why, remedy } = verdictOf(foreignRun({ loss: stuck }));
    expect(remedy).toBeUndefined();
    expect(kind).toBe('stalled');
    expect(head).toBe('ReLU has stalled (loss of 2.30 after 2 epochs, where guessing gives ln 10 = 2.30).');
    expect(why).toContain('not judged: vanishing and exploding gradients, saturated units, dead units.');
  });

  test('of a loss that is lost is not that it learns', () => {
    expect(verdictOf(foreignRun({ loss: () => Number.NaN }))).toMatchObject({
      kind: 'stalled',
      head: 'ReLU has stalled (loss of NaN after 2 epochs, where guessing gives ln 10 = 2.30).',
    });
    const { kind, head } = verdictOf(foreignRun({ loss: (i) => (i === 0 ? 2.5 : 6e4) }));
    expect(kind).toBe('diverged');
    expect(head).toMatch(/^ReLU diverged: training has raised the loss from 2\.50/);
  });

  test('of units goes on where only the pre-activations are missing', () => {
    const run = finishedRun({ activations: ['tanh'], epochs: 1 });
    const { probes, steps } = run.networks[0]!;
    const { preActivationMean: _, ...others } = probes.block();
    const lacking = emptyRun({ activations: ['tanh'], epochs: 1 });
    const saturatedShare = new Float32Array(8).fill(0.9);
    applyNews(lacking, {
      kind: 'recorded',
      network: 'tanh#0',
      steps: steps.block(),
      probes: { ...others, saturatedShare },
    });
    const { kind, why } = verdictOf(lacking);
    expect(kind).toBe('saturated');
    expect(why).toMatch(/The initialiser \S+ does that\.$/);
  });
});

describe('series', () => {
  const refused: [string, (copy: { steps: Record<string, string>; probes?: unknown }) => void, RegExp][] = [
    ['without a loss', ({ steps }) => delete steps.loss, /damaged at networks\.0\.steps\.loss/],
    ['with norms too few', ({ steps }) => (steps.gradientNorms = series([1, 2])), /do not have the same length/],
    ['with probes of no step', (copy) => (copy.probes = { step: series([4e9]) }), /probes of relu#0/],
  ];
  test.each(refused)('%s are refused', (_, change, message) => {
    const copy = JSON.parse(foreignText({ loss: learns, norms: [1, 1, 1] }));
    change(copy.networks[0]);
    expect(() => parseRun(JSON.stringify(copy))).toThrow(RunFileError);
    expect(() => parseRun(JSON.stringify(copy))).toThrow(message);
  });

  test('are those that the first rows had, to the end', () => {
    const run = emptyRun({ activations: ['relu'] });
    const [network] = run.networks;
    const { accuracy: _, ...without } = stepsOf(0, 4, 3);
    const { accuracy: __, ...later } = stepsOf(4, 4, 3);
    const news = (steps: typeof without): RunNews => ({
      kind: 'recorded',
      network: 'relu#0',
      steps,
      probes: { step: new Int32Array(0) },
    });
    applyNews(run, news(without));
    applyNews(run, news(stepsOf(4, 4, 3)));
    expect([network!.steps.count, network!.steps.accuracy]).toEqual([8, undefined]);
    expect(network!.steps.gradientNorms!.rows).toBe(8);
    const read = readRunLog(logLines([{ kind: 'head', run }, news(stepsOf(0, 4, 3)), news(later), { kind: 'end' }], 0));
    expect(read.problem).toMatch(/the steps of relu#0 have no accuracy, unlike those before/);
    rewind(network!, 0, 4);
    applyNews(run, news(stepsOf(0, 4, 3)));
    expect(network!.steps.accuracy!.rows).toBe(4);
  });

  test('that may be missing may all be missing, in any company', () => {
    const optional = (list: typeof stepColumns | typeof probeColumns | typeof epochColumns) =>
      Object.entries(list).flatMap(([name, column]) => (column.optional ? [name] : []));
    const without = <T extends object>(block: T, names: readonly string[]): T =>
      Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name))) as T;
    const gone = fc.record({
      steps: fc.subarray(optional(stepColumns)),
      probes: fc.subarray(optional(probeColumns)),
      epochs: fc.subarray(optional(epochColumns)),
      noProbes: fc.boolean(),
      activation: fc.constantFrom('relu', 'tanh', 'sigmoid'),
    });
    fc.assert(
      fc.property(gone, ({ steps, probes, epochs, noProbes, activation }) => {
        const run = emptyRun({ activations: [activation] });
        const network = `${activation}#0`;
        applyNews(run, {
          kind: 'recorded',
          network,
          steps: without(stepsOf(0, 12, 3), steps),
          probes: without(probesOf(0, noProbes ? 0 : 12, 3), probes),
        });
        for (const epoch of [1, 2, 3]) {
          const row = { epoch, loss: 2, accuracy: 0.2, testLoss: 2, testAccuracy: 0.2 };
          applyNews(run, { kind: 'epochEnded', network, row: without(row, epochs) });
        }
        applyNews(run, { kind: 'state', network, state: 'finished', seconds: 1 });
        const back = parseRun(serialiseRun(run));
        expect(contents(back)).toEqual(contents(run));

        const verdict = verdictOf(back);
        const said = [verdict.text, ...verdict.evidence.map(({ value }) => value)];
        for (const kind of plotKinds) said.push(describePlot(kind, back, judgeAll(back)));
        const heat = new GradientHeat(back, back.networks[0]!);
        said.push(describeHeat(heat), plainTable(back), ...leftOut(back).sentences);
        expect(said.join('\n')).not.toMatch(/undefined|NaN/);

        const lines = runCsv(back).trimEnd().split('\r\n');
        expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
        const feed = new PlotFeed(back);
        new LossPlot(feed).data('linear');
        new AccuracyPlot(feed).data();
        new GradientPlot(feed).data(layout);
        for (const measure of ['saturated', 'derivative'] as const) new SaturationPlot(feed).data(layout, measure);
        new PreactivationPlot(back).data();
        heat.data(heat.layout(300));
      }),
      { numRuns: 150 },
    );
  });
});
