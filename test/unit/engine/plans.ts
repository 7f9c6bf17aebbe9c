import type { Initializer } from '../../../src/core/initializers/initializer';
import { countWeights } from '../../../src/core/model/plan/parameters';
import type { NetworkPlan, PlannedWeights, PlanStep } from '../../../src/core/model/plan/plan';

const narrow: Initializer = { kind: 'uniform', min: -0.5, max: 0.5 };
const bias: Initializer = { kind: 'uniform', min: -0.3, max: 0.3 };

type Given<Step extends PlanStep> = Step extends unknown
  ? Omit<Step, 'id' | 'node' | 'label' | 'inputs' | 'weights'> & {
      inputs?: number[];
      label?: string;
      weights?: Partial<PlannedWeights>;
    }
  : never;

/** Plans step by step; each takes the latest one's output where it names no inputs. */
export class PlanBuilder {
  readonly steps: PlanStep[];
  #kernels = 0;

  constructor(
    readonly inputShape: number[],
    readonly vocabulary: number | null = null,
  ) {
    this.steps = [{ id: 0, node: 0, label: 'input', inputs: [], shape: inputShape, kind: 'input' }];
  }

  add(step: Given<PlanStep>): number {
    const id = this.steps.length;
    const weighted = ['dense', 'convolution', 'embedding', 'recurrent'].includes(step.kind);
    const weights = weighted
      ? { weights: { index: this.#kernels++, kernel: narrow, fanIn: 4, fanOut: 4, bias, ...step.weights } }
      : {};
    this.steps.push({ id, node: id, label: step.kind, inputs: [id - 1], ...step, ...weights } as PlanStep);
    return id;
  }

  dense(units: number, phi?: string): number {
    const shape = [...this.steps.at(-1)!.shape.slice(0, -1), units];
    const id = this.add({ kind: 'dense', shape });
    return phi === undefined ? id : this.add({ kind: 'activation', shape, phi, hidden: true });
  }

  conv(
    shape: number[],
    more: Partial<Omit<Extract<PlanStep, { kind: 'convolution' }>, 'weights' | 'inputs'>> = {},
  ): number {
    const rank = shape.length - 1;
    const all = (n: number): number[] => Array.from({ length: rank }, () => n);
    return this.add({
      kind: 'convolution',
      shape,
      kernelSize: all(3),
      strides: all(1),
      dilation: all(1),
      before: all(0),
      groups: 1,
      transposed: false,
      ...more,
    });
  }

  normalise(over: 'batch' | 'layer' | 'group' | 'rms', groups = 1): number {
    const { shape } = this.steps.at(-1)!;
    return this.add({
      kind: 'normalisation',
      shape,
      over,
      groups,
      epsilon: 1e-3,
      momentum: 0.9,
      parameters: this.steps.length,
      trained: true,
    });
  }

  build(meaning: NetworkPlan['output']['meaning'] = 'regression'): NetworkPlan {
    const { shape } = this.steps.at(-1)!;
    return {
      name: 'plan',
      framework: 'keras',
      inputShape: this.inputShape,
      vocabulary: this.vocabulary,
      steps: this.steps,
      output: { meaning, units: shape.reduce((a, b) => a * b, 1) },
      ownActivation: 'tanh',
      weights: countWeights({ steps: this.steps }),
      assumptions: [],
    };
  }
}
