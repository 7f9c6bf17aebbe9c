import type { NetworkPlan, PlanStep } from './plan';
import { isWeightedStep } from './plan';

/** A layer whose gradient is measured: one kernel, wherever it is used. */
export interface PlanLayer {
  /** `weights.index` of its steps. */
  readonly index: number;
  /** The first step that uses it. */
  readonly step: number;
  /** The graph's step that this stands for. */
  readonly node: number;
  /** As the code names it; numbered where several have one name. Unique within the plan. */
  readonly name: string;
  /** The step whose output its activation receives: the layer itself, or what follows it. */
  readonly preActivation: number;
  /** The step that holds its activation, itself where it is recurrent; undefined for none. */
  readonly activation: number | undefined;
}

/** What stands between a layer and its activation and leaves the pre-activation what it is. */
const through: ReadonlySet<PlanStep['kind']> = new Set([
  'normalisation',
  'reshape',
  'permute',
  'dropout',
  'pooling',
  'globalPooling',
  'add',
]);

/** Steps that receive each step's output. */
export function consumersOf({ steps }: Pick<NetworkPlan, 'steps'>): readonly (readonly PlanStep[])[] {
  const found: PlanStep[][] = steps.map(() => []);
  for (const step of steps) for (const from of step.inputs) found[from]!.push(step);
  return found;
}

/** All layers with a kernel, by their index; the output layer is the last one unless the model ends in several. */
export function planLayers(plan: Pick<NetworkPlan, 'steps'>): readonly PlanLayer[] {
  const consumers = consumersOf(plan);
  const found = new Map<number, Omit<PlanLayer, 'name'> & { readonly label: string }>();
  for (const step of plan.steps) {
    if (!isWeightedStep(step) || found.has(step.weights.index)) continue;
    const { id, node, label } = step;
    const { index } = step.weights;
    found.set(index, { index, step: id, node, label, ...activationOf(step, consumers) });
  }
  const layers = [...found.values()].sort((a, b) => a.index - b.index);
  const counts = new Map<string, number>();
  for (const { label } of layers) counts.set(label, (counts.get(label) ?? 0) + 1);
  const seen = new Map<string, number>();
  return layers.map(({ label, ...layer }) => {
    const number = (seen.get(label) ?? 0) + 1;
    seen.set(label, number);
    return { ...layer, name: counts.get(label) === 1 ? label : `${label} ${number}` };
  });
}

function activationOf(
  step: PlanStep,
  consumers: readonly (readonly PlanStep[])[],
): Pick<PlanLayer, 'preActivation' | 'activation'> {
  if (step.kind === 'recurrent') return { preActivation: step.id, activation: step.id };
  let at = step.id;
  for (;;) {
    const [only, ...more]: readonly PlanStep[] = consumers[at]!;
    if (only === undefined || more.length > 0) return { preActivation: step.id, activation: undefined };
    if (only.kind === 'activation') return { preActivation: only.inputs[0]!, activation: only.id };
    if (!through.has(only.kind)) return { preActivation: step.id, activation: undefined };
    at = only.id;
  }
}
