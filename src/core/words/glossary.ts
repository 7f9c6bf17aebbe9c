import { paper } from './paper';

/**
 * The field's words and symbols that somebody who learns it may not know: one list for tooltips, the pages' list of words,
 * the terminal's footnotes, and the pages of rules.
 */

export interface Term {
  /** As it stands in a text. */
  readonly term: string;
  /** What it means, as the rest of a line that begins with the term: no full stop. */
  readonly means: string;
  /** Where a text uses it; the term itself where left out. */
  readonly found?: RegExp;
}

const terms = {
  paper: {
    term: 'the paper',
    means: `${paper.title} (${paper.author})`,
    found: /\bpaper(?=’s|'s|:| \()|\bthe paper\b/i,
  },
  kernel: { term: 'kernel', means: 'the matrix W of a layer’s weights, without its biases', found: /\bkernels?\b/i },
  preActivation: {
    term: 'pre-activation',
    means: 'z = W·a + b, what a unit hands to its activation',
    found: /pre-activations?/i,
  },
  slope: {
    term: 'φ′',
    means: 'slope of the activation φ at a unit’s pre-activation; a gradient is multiplied by it on its way back',
  },
  delta: { term: '‖δ‖', means: 'size of the gradient at a layer’s pre-activations', found: /‖δ|δ‖/ },
  kernelGradient: { term: '‖∂C/∂W‖', means: 'size of the gradient of a layer’s kernel, which its update follows' },
  arriving: {
    term: '‖∂C/∂a‖',
    means: 'size of the gradient at a layer’s activations, which arrives from the layers behind it',
  },
  mean: {
    term: 'm',
    means: 'mean of a layer’s pre-activations over its units',
    found: /(?<![\p{L}\d’'.])m(?![\p{L}\d’'.])/u,
  },
  q: {
    term: 'q',
    means: 'variance of a layer’s pre-activations over its units',
    found: /(?<![\p{L}\d’'.])q(?![\p{L}\d’'.])/u,
  },
  chi: { term: 'χ', means: 'what one step back multiplies ‖δ‖² by' },
  settledChi: { term: 'χ₁', means: 'χ in layers so deep that q no longer changes' },
  kernelGain: {
    term: 'σ_w',
    means: '√(fan-in · Var(w)): what kernels alone multiply a signal by',
  },
  edgeOfChaos: {
    term: 'edge of chaos',
    means: 'the σ_w at which gradients neither vanish nor explode with depth: χ₁ is 1 there',
  },
  fanIn: { term: 'fan-in', means: 'how many inputs a unit has', found: /\bfan[-_]in\b/i },
  fanOut: { term: 'fan-out', means: 'how many units an input goes to', found: /\bfan[-_]out\b/i },
  gain: {
    term: 'gain',
    means: 'factor that makes up for what an activation takes away: weights have the standard deviation gain/√fan-in',
    found: /\bgain\b/i,
  },
  saturated: {
    term: 'saturated',
    means: 'of a unit whose φ′ is below 1 % of its maximum on a whole batch: hardly any gradient passes it',
    found: /\bsaturat\w+/i,
  },
  deadUnit: {
    term: 'dead unit',
    means: 'a unit that gives 0 on a whole batch: it passes no gradient back',
    found: /\bdead units?\b|\bdying\b/i,
  },
  bornDead: {
    term: 'born dead',
    means:
      'of a network in which all units of some layer are off from the start, so that exactly nothing is passed back; a layer of n ReLU units without a bias is off in one of 2ⁿ draws',
  },
  rootMeanSquare: {
    term: 'root mean square over networks',
    means:
      'root of the mean of squares; where layers are narrow and many, a few networks with large gradients carry it, and the typical network has less',
    found: /root mean square(?! slope)/i,
  },
  typical: {
    term: 'nine in ten networks',
    means:
      'the 5 % and 95 % quantiles of networks whose weights are drawn anew; the number beside them is the median, the typical network’s',
    found: /nine in ten|90 % (of|band)|typical/i,
  },
  vanishing: {
    term: 'vanishing',
    means: 'of a gradient that shrinks on its way back until the first layers hardly learn',
    found: /\bvanish(es|ing|ed)?\b/i,
  },
  exploding: {
    term: 'exploding',
    means: 'of a gradient that grows on its way back until a step in its direction destroys what was learnt',
    found: /\bexplod(es|ing|ed|e)\b/i,
  },
  stalled: {
    term: 'stalled',
    means: 'of a network that trains on and does not get better than it was',
    found: /\bstalled\b/i,
  },
  symmetric: {
    term: 'symmetric',
    means: 'of a start in which all units of a layer are the same: equal gradients keep them so',
    found: /\bsymmetric\b/i,
  },
  diverged: {
    term: 'diverged',
    means: 'of a network whose training has raised its loss, or whose loss is no number any more',
    found: /\bdiverged\b/i,
  },
  guessing: {
    term: 'guessing',
    means: 'giving every class the same probability: its loss is ln of the number of classes',
    found: /\bguess(ing)?\b|\bln 10\b/i,
  },
  nats: { term: 'nat', means: 'unit of a cross-entropy with the natural logarithm', found: /\bnats?\b/ },
} as const satisfies Record<string, Term>;

export type TermId = keyof typeof terms;

const all: readonly Term[] = Object.values(terms);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const finder = ({ term, found }: Term): RegExp => found ?? new RegExp(escaped(term), 'i');

/** "how many inputs a unit has" */
export const meaning = (id: TermId): string => terms[id].means;

/** A symbol at its beginning stays as it is. */
const capital = (text: string): string => (/^[a-z]{2}/.test(text) ? `${text[0]!.toUpperCase()}${text.slice(1)}` : text);

/** What it means as a sentence, for a tooltip on the term itself. */
export const explained = (id: TermId): string => `${capital(terms[id].means)}.`;

/** The terms that a text uses, and those that their meanings use, in the order of the list. */
export function termsIn(text: string): Term[] {
  const used = new Set<Term>();
  // The paper’s title has words of its own.
  const take = (of: string) => {
    for (const term of all) {
      if (used.has(term) || !finder(term).test(of.replaceAll(paper.title, ''))) continue;
      used.add(term);
      take(term.means);
    }
  };
  take(text);
  return all.filter((term) => used.has(term));
}
