import type { LossUse } from '../../../core/model/model';

/** Whether two losses are of one kind, and want the same. */
export const isAlike = (a: LossUse | undefined, b: LossUse | undefined): boolean =>
  a?.kind === b?.kind && a?.wants === b?.wants;
