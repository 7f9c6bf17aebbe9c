import { type ActivationName, activation } from '../../activations/catalogue';
import { suitedInitializer } from '../../frameworks/functions';
import { asDrawn } from '../../frameworks/layerDefaults';
import { planLayers } from './layers';
import type { NetworkPlan, PlanStep } from './plan';
import { isWeightedStep } from './plan';

/** What a comparison does with the initialisers that the code gives: leaves them, or suits them to each candidate. */
export type InitializerChoice = 'kept' | 'fitted';

/**
 * The plan for one candidate: every hidden activation is `candidate`. With `fitted`, each kernel whose pre-activation
 * such an activation receives starts as suits it; output layers and others keep what the code says.
 *
 * @param candidate a name of the catalogue; throws a RangeError for others
 */
export function withInitializers(plan: NetworkPlan, choice: InitializerChoice, candidate: ActivationName): NetworkPlan {
  const phi = activation(candidate);
  const fitted = new Set<number>();
  if (choice === 'fitted') {
    for (const { index, activation: at } of planLayers(plan)) {
      const step = at === undefined ? undefined : plan.steps[at];
      if ((step?.kind === 'activation' || step?.kind === 'recurrent') && step.hidden) fitted.add(index);
    }
  }
  const kernel = asDrawn(suitedInitializer(phi, plan.framework), plan.framework);
  const steps = plan.steps.map((step): PlanStep => {
    const swapped: PlanStep =
      (step.kind === 'activation' || step.kind === 'recurrent') && step.hidden ? { ...step, phi: phi.name } : step;
    return isWeightedStep(swapped) && fitted.has(swapped.weights.index)
      ? { ...swapped, weights: { ...swapped.weights, kernel } }
      : swapped;
  });
  return { ...plan, steps };
}
