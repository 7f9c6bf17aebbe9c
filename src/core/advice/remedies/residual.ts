import { residualEdits } from './graphEdits';
import type { RemedyKind } from './remedy';

export const residual: RemedyKind = {
  changes: (subject) => (residualEdits(subject).length > 0 ? [{ residual: true }] : []),
};
