// One word for one thing, wherever it is read: activations by their labels, layers by the names at their lines.
import { describe, expect, it } from 'vitest';
import { activation, activationNames, labelOf } from '../../../src/core/activations/catalogue';
import { calculate } from '../../../src/core/advice/calculate';
import { judgeAll } from '../../../src/core/advice/judge';
import { paperFlow } from '../../../src/core/calculation/config';
import { describePlot } from '../../../src/core/plots/describe';
import { describeFlow } from '../../../src/core/plots/flow';
import { describeCurves } from '../../../src/core/plots/flowCurves';
import { plotKinds } from '../../../src/core/plots/plot';
import { plotWords } from '../../../src/core/plots/words';
import { runCsv } from '../../../src/core/report/csv';
import { runMarkdown } from '../../../src/core/report/markdown';
import { plainTable } from '../../../src/core/report/table';
import { trialOf } from '../../../src/core/report/trial';
import { hiddenLayerInWords } from '../../../src/core/runs/layerWords';
import { networkName, overlayRuns, seriesOf } from '../../../src/core/runs/overlay';
import { runTitle } from '../../../src/core/runs/summary';
import { endEpoch, record, sampleRun } from './reportRun';

function trained(hidden: number[], seeds = 1) {
  const run = sampleRun({ activations: ['relu', 'leaky_relu', 'hard_sigmoid'], hidden, seeds, epochs: 1 });
  for (const network of run.networks) {
    record(network, 4, { loss: () => 1, norm: (_, layer) => 10 ** -layer });
    endEpoch(network, 0.5, 1);
  }
  return run;
}

describe('the label of an activation', () => {
  it('is another one for another function', () => {
    const names = [...activationNames, 'leaky_relu(negative_slope=0.25)', 'softplus(threshold=20)', 'softplus(beta=2)'];
    expect(new Set(names.map(labelOf)).size).toBe(names.length);
    expect(labelOf('softplus(threshold=20)')).toBe('softplus (threshold=20)');
    for (const name of activationNames) expect(labelOf(name)).toBe(activation(name).label);
  });

  it('is the name where that is not known', () => {
    expect(labelOf('snake')).toBe('snake');
  });
});

describe('a run', () => {
  const run = trained([8, 8]);
  const verdicts = judgeAll(run);
  const twice = overlayRuns([
    { run, name: 'before' },
    { run: trained([8, 8]), name: 'after' },
  ]);

  it('calls activations by their labels in sentences, legends, plots and tables', () => {
    const said = [
      ...[run, twice].flatMap((each) => seriesOf(each).map(({ name }) => name)),
      ...plotKinds.map((kind) => describePlot(kind, run, verdicts)),
      ...[...verdicts.values()].flatMap(({ text, short }) => [text, short]),
      plainTable(run),
      runMarkdown(run, verdicts),
      trialOf(run).who,
      runTitle({ config: run.config }),
    ].join('\n');
    expect(said).toContain('leaky ReLU 0.2 · after');
    expect(said).not.toMatch(/\brelu\b|leaky_relu|hard_sigmoid/);
  });

  it('has in its CSV the names that can be typed', () => {
    expect(runCsv(run)).toContain('leaky_relu,0,1,1,');
  });
});

describe('layers', () => {
  it.each([1, 3])('of a calculation of %i have the names that those of a run have', (depth) => {
    const flows = calculate({ ...paperFlow, widths: Array.from({ length: depth }, () => 8) });
    const [first, last] = [hiddenLayerInWords(1, depth), hiddenLayerInWords(depth, depth)];
    const run = trained(Array.from({ length: depth }, () => 8));
    expect(judgeAll(run).get('leaky_relu#0')!.text).toContain(first);
    const lines = flows.map((flow) => ({ flow, measured: undefined }));
    expect(describeFlow(lines, 'delta')).toContain(`${first} predicted`);
    expect(describeCurves(flows, depth)).toContain(`of ${last}`);
    for (const { text } of flows.map(({ verdict }) => verdict)) {
      expect(text).toMatch(depth === 1 ? /the one hidden layer/ : new RegExp(`at ${last} reaches ${first}`));
      expect(text).not.toMatch(/(?<!hidden )layer \d/);
    }
  });

  it('and networks of several seeds are told apart by words, not by ids', () => {
    const run = sampleRun({ activations: ['leaky_relu'], seeds: 2 });
    expect(run.networks.map((network) => networkName(run, network))).toEqual(
      [0, 1].map((seed) => `${labelOf('leaky_relu')}, seed ${seed}`),
    );
  });

  it.each([
    [[8], 'hidden', 'the hidden layer'],
    [[8, 8, 8], 'hidden 1', 'hidden layer 1'],
  ])('of %j are called the same at lines, in notes and in sentences', (hidden, line, sentence) => {
    const run = trained(hidden);
    expect(seriesOf(run)[0]!.layers[0]).toBe(line);
    expect(networkName(run, run.networks[0]!)).toBe(seriesOf(run)[0]!.name);
    expect(plotWords('gradient', run).caption).toContain(`Bold: ${line}; double: output.`);
    const verdicts = judgeAll(run);
    for (const { head, evidence } of verdicts.values()) {
      expect(head).toContain(sentence);
      expect(evidence[0]!.label).toBe(`gradient norm of ${sentence}, first batch`);
    }
    const said = plotKinds.map((kind) => `${describePlot(kind, run, verdicts)} ${plotWords(kind, run).note}`).join(' ');
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/first layer|(?<!hidden )\blayer 1\b/i);
  });

  it('are called hidden where an overlay has some of several depths', () => {
    const mixed = overlayRuns([
      { run: trained([8]), name: 'a' },
      { run: trained([8, 8]), name: 'b' },
    ]);
    expect(plotWords('gradient', mixed).caption).toContain('Bold: first hidden; double: output.');
  });
});

describe('the words of a plot', () => {
  const run = trained([8]);
  const overlay = overlayRuns([
    { run, name: 'a' },
    { run: trained([8]), name: 'b' },
  ]);

  it('leave dashes to the runs of an overlay', () => {
    for (const kind of plotKinds) expect(plotWords(kind, run).note).not.toMatch(/dash/i);
    for (const kind of ['gradient', 'saturation', 'preactivation'] as const) {
      expect(`${plotWords(kind, overlay).caption} ${plotWords(kind, overlay).note}`).not.toMatch(/dash/i);
    }
    expect(plotWords('loss', overlay).note).toContain('its dashes say which run');
    expect(plotWords('accuracy', overlay).caption).toContain('dashes: which run');
  });

  it('tell of bands only where some are drawn', () => {
    expect(networkName(run, run.networks[0]!)).toBe(seriesOf(run)[0]!.name);
    expect(plotWords('gradient', run).note).toContain('Band: range of the steps behind each point.');
    expect(plotWords('gradient', trained([8, 8, 8, 8])).note).not.toContain('Band');
    expect(plotWords('gradient', trained([8], 2)).note).toContain('Band: from the least seed to the greatest.');
  });
});
