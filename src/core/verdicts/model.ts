import type { KnownFlow } from '../theory/graph';
import { type FlowVerdictKind, flowThresholds } from './predicted';

/** How a model's gradients flow at the start of its training, by the thresholds for a stack. */
export function modelVerdict({ ratio, layers, bypassed }: KnownFlow): FlowVerdictKind {
  const flattest = Math.min(...layers.map(({ slopeShare }) => slopeShare));
  if (ratio === 0 || (!bypassed && flattest < flowThresholds.dead)) return 'dead';
  if (ratio < flowThresholds.vanishing) return 'vanishing';
  return ratio > flowThresholds.exploding ? 'exploding' : 'healthy';
}
