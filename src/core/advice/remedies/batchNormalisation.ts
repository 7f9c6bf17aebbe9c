import { normalisationEdits } from './graphEdits';
import type { RemedyKind } from './remedy';

export const batchNormalisation: RemedyKind = {
  changes: (subject) => (normalisationEdits(subject, 'batch').length > 0 ? [{ normalisation: 'batch' }] : []),
};
