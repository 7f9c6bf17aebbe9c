import { type FlowVerdictKind, flowVerdictWord } from '../../src/core/verdicts/predicted';
import type { Badge } from './verdictRow';

/** How a predicted flow is judged, as a badge. */
export const flowBadges: Record<FlowVerdictKind, Badge> = {
  healthy: { icon: 'pass-filled', tone: 'success', text: flowVerdictWord('healthy') },
  vanishing: { icon: 'warning', tone: 'warning', text: 'vanishing' },
  exploding: { icon: 'error', tone: 'error', text: 'exploding' },
  dead: { icon: 'error', tone: 'error', text: 'dead' },
};
