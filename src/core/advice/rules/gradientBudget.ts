import { formatPower, formatSentence } from '../../format/numbers';
import type { KnownFlow } from '../../theory/graph';
import { isUnknownFlow } from '../../theory/graph';
import { labelOf } from '../../theory/graphForward';
import { amountOf, timesOrOf } from '../amounts';
import { type Finding, finding, type Rule, type RuleContext } from './rule';

export const gradientBudget: Rule = {
  id: 'gradient-budget',
  title: 'Less of the gradient reaches the first layer than the code asks for',
  severity: 'error',
  documentation: {
    what: 'A comment sets a budget, `# gradient-lens: flow >= 1e-3` (`//` or a block comment in JavaScript), and less of the gradient at the last hidden layer is predicted to reach the first one. The comment stands above a model, in its class or function, or at the top of the file for all of its models; models without have the one of the setting `gradientLens.gradientBudget`, in the terminal that of `--budget 1e-3`. A budget that cannot be read, or that stands at no model, is a warning; one that cannot be checked, since the flow is not known for certain, is a hint.',
    number: 'The predicted ratio of the two gradients’ norms, and how many times the budget is missed.',
    why: 'A change somewhere else (a deeper stack, another activation, a default that is not written) may leave the first layers without a gradient, and nothing fails: the model only learns worse.',
    fix: 'Change the model until its gradient arrives, from the layer on that is named; or lower the budget where the model trains as it is.',
    sources: [],
    examples: [
      {
        framework: 'Keras',
        wrong:
          "# gradient-lens: flow >= 1e-3\nmodel = keras.Sequential([keras.Input((128,))])\nfor _ in range(10):\n    model.add(layers.Dense(128, activation='sigmoid'))",
        right:
          "# gradient-lens: flow >= 1e-3\nmodel = keras.Sequential([keras.Input((128,))])\nfor _ in range(10):\n    model.add(layers.Dense(128, activation='relu', kernel_initializer='he_normal'))",
      },
    ],
  },
  check(context) {
    const { budget, flow, hidden } = context;
    // Without hidden layers there is nothing on which a gradient could be lost.
    if (budget === undefined || hidden.size === 0) return [];
    if (isUnknownFlow(flow)) return [unchecked(context, `could not be checked: ${flow.unknown}`)];
    if (!flow.certain) {
      const [assumption = ''] = flow.assumptions;
      const predicted = `${formatSentence(flow.ratio)} is predicted`;
      return [unchecked(context, `could not be checked for certain: ${predicted}, but ${lowered(assumption)}`)];
    }
    return flow.ratio >= budget ? [] : [missed(context, flow, budget)];
  },
};

/** As it was asked for: 0.001. */
const asked = (budget: number): string => (budget < 1e-3 ? formatPower(budget) : String(budget));

const lowered = (sentence: string): string =>
  (sentence.startsWith('`') ? sentence : sentence[0]!.toLowerCase() + sentence.slice(1)).replace(/\.$/, '');

function unchecked({ budget = 0, graph, hidden }: RuleContext, what: string): Finding {
  const [first] = hidden;
  const message = `The budget, ${asked(budget)} of the gradient at the first layer, ${what}.`;
  return {
    rule: gradientBudget.id,
    severity: 'hint',
    node: first!,
    range: graph.source,
    message,
    fix: undefined,
    related: [],
  };
}

/** At the layer from which on all of the way back lies below the budget. */
function missed({ graph: { nodes } }: RuleContext, { ratio, layers }: KnownFlow, budget: number): Finding {
  const kept = layers.findIndex(({ delta }) => delta >= budget);
  const at = kept < 0 ? layers.length - 1 : Math.max(0, kept - 1);
  const layer = nodes[layers[at]!.node]!;
  const [first, last] = [layers[0]!, layers.at(-1)!].map(({ node }) => labelOf(nodes[node]!));
  const way =
    layers.length === 1
      ? `${amountOf(ratio)} of the gradient is what ${first} leaves`
      : `${amountOf(ratio)} ${timesOrOf(ratio)} the gradient at ${last === first ? 'the last hidden layer' : last} reaches ${last === first ? 'the first' : first}`;
  const short = ratio > 0 ? `${formatPower(budget / ratio)} times less than the budget of` : 'and the budget is';
  const place =
    layers.length === 1 ? '' : `: it falls below at ${labelOf(layer)}, hidden layer ${at + 1} of ${layers.length}`;
  return finding(gradientBudget, layer, `${way}, ${short} ${asked(budget)}${place}.`);
}
