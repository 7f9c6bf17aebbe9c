import { normalisationEdits } from './graphEdits';
import type { RemedyKind } from './remedy';

export const layerNormalisation: RemedyKind = {
  changes: (subject) => (normalisationEdits(subject, 'layer').length > 0 ? [{ normalisation: 'layer' }] : []),
};
