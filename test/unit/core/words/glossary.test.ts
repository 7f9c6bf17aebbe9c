import { describe, expect, it } from 'vitest';
import { activationNames } from '../../../../src/core/activations/catalogue';
import { calculate } from '../../../../src/core/advice/calculate';
import { judgeAll } from '../../../../src/core/advice/judge';
import { rules } from '../../../../src/core/advice/rules';
import { paperFlow } from '../../../../src/core/calculation/config';
import { flowPresets } from '../../../../src/core/calculation/presets';
import { presets } from '../../../../src/core/experiment/presets';
import { corrections } from '../../../../src/core/explain/flowWords';
import { titled } from '../../../../src/core/explain/titled';
import { plotKinds } from '../../../../src/core/plots/plot';
import { plotWords } from '../../../../src/core/plots/words';
import { flowColumns } from '../../../../src/core/report/flowTable';
import { modelColumns } from '../../../../src/core/report/modelTable';
import { explained, meaning, type Term, termsIn } from '../../../../src/core/words/glossary';
import { paper, paperInFull } from '../../../../src/core/words/paper';
import { endEpoch, record, sampleRun } from '../reportRun';

/** What nobody knows who learns the field: every one of them has to be a term. */
const JARGON =
  /χ₁?|σ_\w|φ′|‖δ|‖∂C\/∂\w‖|fan[-_]\w+|\bgain\b|edge of chaos|saturat\w+|born dead|dead unit|pre-activation|kernel|root mean square over|\bpaper’s/gi;

const finders = (term: Term): RegExp =>
  term.found ?? new RegExp(term.term.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i');

function expectExplained(text: string): void {
  const terms = termsIn(text);
  for (const [word] of text.matchAll(JARGON)) {
    expect(
      terms.some((term) => finders(term).test(text.includes(word) ? word : text)),
      `${word} in: ${text}`,
    ).toBe(true);
  }
}

describe('the words', () => {
  it('name the paper in full, and once', () => {
    expect(termsIn('the paper’s 0.25¹⁰').map(({ means }) => means)).toEqual([`${paper.title} (${paper.author})`]);
    expect(termsIn('paper: sigmoid')).toHaveLength(1);
    expect(termsIn('a newspaper')).toEqual([]);
  });

  it('bring the words that explain them', () => {
    expect(termsIn('the edge of chaos').map(({ term }) => term)).toEqual(
      expect.arrayContaining(['edge of chaos', 'σ_w', 'χ₁', 'χ', '‖δ‖', 'q', 'fan-in']),
    );
    expect(explained('fanIn')).toBe('How many inputs a unit has.');
    for (const { means } of termsIn(
      'edge of chaos, gain, born dead, saturated, ‖∂C/∂W‖, root mean square over networks',
    )) {
      expect(means).not.toMatch(/[.:]$/);
      expectExplained(means);
    }
  });

  it('are not found in what is no word of the field', () => {
    expect(termsIn('Reset all, 3 min left, it can’t be undone. Equal units, questions.')).toEqual([]);
  });
});

describe('nothing stays unexplained', () => {
  it('in presets, hints and notes', () => {
    for (const { title, description } of [...presets, ...flowPresets]) expectExplained(`${title} ${description}`);
    for (const { title, hint } of [...flowColumns(true), ...modelColumns(true)]) expectExplained(`${title} ${hint}`);
    for (const text of Object.values(corrections)) expectExplained(text);
    for (const { title, documentation } of rules) expectExplained(`${title} ${Object.values(documentation).join(' ')}`);
  });

  it('in verdicts of calculations and of runs', () => {
    for (const name of activationNames) {
      const [flow] = calculate({ ...paperFlow, candidates: [{ activations: [name] }] });
      expectExplained(flow!.verdict.text);
    }
    const run = sampleRun({ hidden: [8, 8] });
    for (const network of run.networks) {
      record(network, 8, { loss: () => 2.3, norm: (_, layer) => 10 ** -layer });
      endEpoch(network, 0.1, 2.3);
    }
    for (const { text, evidence } of judgeAll(run).values()) {
      expectExplained([text, ...evidence.map(({ label, value }) => `${label} ${value}`)].join(' '));
    }
    for (const kind of plotKinds) expectExplained(plotWords(kind, run).note);
  });

  it('twice: a table’s hint and a tooltip are the words of the list', () => {
    const hints = flowColumns(true).map(({ hint }) => hint);
    expect(hints).toContain(meaning('chi'));
    expect(corrections.bornDead).toBe(explained('bornDead'));
  });
});

describe('a hover', () => {
  it('names the paper in full, and says what fans are, to who rests on them', () => {
    expect(titled('0.25; the paper’s 0.25¹⁰ counts slopes alone.')).toBe(
      `0.25; <span title="${paperInFull}">the paper’s</span> 0.25¹⁰ counts slopes alone.`,
    );
    expect(titled('Standard deviation 0.05 at fan-in 784: as large.')).toMatch(
      /^<span title="Fan-in: how many inputs a unit has\. [^"]*">Standard deviation 0\.05 at fan-in 784<\/span>: as large\.$/,
    );
    expect(titled('Nothing strange: here.')).toBe('Nothing strange: here.');
  });
});
