import { type ActivationName, activation } from '../../activations/catalogue';
import { suitedInitializer } from '../../frameworks/functions';
import type { Change } from './change';
import type { RemedyKind } from './remedy';
import { drawnAlike, isWritten, type Subject } from './subject';

/** Offered instead of another activation, each with the initialiser that suits it. */
const alternatives: readonly ActivationName[] = ['relu', 'tanh', 'elu', 'selu', 'gelu', 'silu'];

/** Another activation in all layers, with the initialiser that suits it unless one that draws alike is written there. */
export function swapTo(subject: Subject, name: ActivationName): Change {
  const initializer = suitedInitializer(activation(name), subject.model.framework);
  return subject.kernelsStay || (isWritten(subject) && drawnAlike(subject, [initializer]))
    ? { activation: name }
    : { activation: name, kernelInitializers: [initializer] };
}

export const anotherActivation: RemedyKind = {
  changes(subject) {
    const names = new Set(subject.layers.map(({ phi }) => phi.name));
    return alternatives.filter((name) => names.size > 1 || !names.has(name)).map((name) => swapTo(subject, name));
  },
};
