import { anotherActivation } from './anotherActivation';
import { batchNormalisation } from './batchNormalisation';
import type { Change } from './change';
import { fewerLayers } from './fewerLayers';
import { layerNormalisation } from './layerNormalisation';
import { learningRate } from './learningRate';
import type { RemedyKind } from './remedy';
import { residual } from './residual';
import type { Subject } from './subject';
import { suitedInitializer } from './suitedInitializer';

/** Every kind of remedy; of two that help as much, the one that stands first is named first. */
export const remedyKinds: readonly RemedyKind[] = [
  anotherActivation,
  suitedInitializer,
  batchNormalisation,
  layerNormalisation,
  residual,
  fewerLayers,
  learningRate,
];

/** What could be tried, and what is left to try where none of it helps. */
export function changesFor(subject: Subject): { readonly usual: readonly Change[]; readonly last: readonly Change[] } {
  const of = (last: boolean) =>
    remedyKinds.filter(({ lastResort = false }) => lastResort === last).flatMap(({ changes }) => changes(subject));
  return { usual: of(false), last: of(true) };
}
