import { boundedExamples } from './boundedExamples';
import { type Case, cases, deep } from './cases';
import { rightKeras, rightTorch, wrongKeras, wrongTorch } from './evaluationExamples';
import { type Framework, forms, frameworks } from './frameworks';
import { speaksOf } from './speaks';
import { dense, type Spec } from './spec';
import { head, right, wrong } from './trainingExamples';

/** A text in which a rule finds something, or, where it is right, nothing. */
export interface RuleExample {
  readonly rule: string;
  readonly framework: Framework;
  readonly name: string;
  readonly text: string;
  readonly is: 'wrong' | 'right';
}

type Both = Omit<RuleExample, 'text' | 'is'> & { readonly wrong: string; readonly right: string };

const bothOf = ({ wrong: before, right: after, ...more }: Both): RuleExample[] => [
  { ...more, text: before, is: 'wrong' },
  { ...more, text: after, is: 'right' },
];

const ofCase = ({ rule, of = frameworks, ...spec }: Case): RuleExample[] =>
  of
    .filter((framework) => speaksOf(rule, framework))
    .flatMap((framework) =>
      Object.entries(forms[framework]).flatMap(([name, write]) =>
        bothOf({ rule, framework, name, wrong: write(spec.wrong), right: write(spec.right) }),
      ),
    );

const budgeted = (framework: Framework, spec: Spec, budget: string): string[] =>
  Object.values(forms[framework]).map(
    (write) => `${framework === 'TensorFlow.js' ? '//' : '#'} gradient-lens: flow >= ${budget}\n${write(spec)}`,
  );

const budgets = frameworks.flatMap((framework) => {
  const names = Object.keys(forms[framework]);
  const missed = budgeted(framework, deep(10, dense(128, 'sigmoid')), '1e-1');
  const held = budgeted(framework, deep(2, dense(128, 'relu')), '1e-3');
  return names.flatMap((name, k) =>
    bothOf({ rule: 'gradient-budget', framework, name, wrong: missed[k]!, right: held[k]! }),
  );
});

const named = (rule: string, framework: Framework, is: RuleExample['is'], all: Readonly<Record<string, string>>) =>
  Object.entries(all).map(([name, text]): RuleExample => ({ rule, framework, is, name, text }));

const afterHead = (all: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(all).map(([name, text]) => [name, head + text]));

/** All examples of all rules. */
export const table: readonly RuleExample[] = [
  ...cases.flatMap(ofCase),
  ...budgets,
  ...boundedExamples.flatMap(({ form: name, ...each }) => bothOf({ rule: 'bounded-output', name, ...each })),
  ...named('missing-zero-grad', 'PyTorch', 'wrong', afterHead(wrong)),
  ...named('missing-zero-grad', 'PyTorch', 'right', afterHead(right)),
  ...named('missing-eval', 'PyTorch', 'wrong', wrongTorch),
  ...named('missing-eval', 'PyTorch', 'right', rightTorch),
  ...named('missing-eval', 'Keras', 'wrong', wrongKeras),
  ...named('missing-eval', 'Keras', 'right', rightKeras),
];
