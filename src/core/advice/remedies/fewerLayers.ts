import { chainOf } from '../../theory/chainOf';
import type { RemedyKind } from './remedy';

/** Half as many hidden layers. */
export const fewerLayers: RemedyKind = {
  lastResort: true,
  changes({ context }) {
    const layers = chainOf(context)?.nodes.length ?? 0;
    const hiddenLayers = Math.ceil(layers / 2);
    return hiddenLayers < layers ? [{ hiddenLayers }] : [];
  },
};
