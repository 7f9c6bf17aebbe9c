import type { KnownFlow } from '../theory/graph';
import { type FlowVerdictKind, hasEqualUnits, predictedKind } from './predicted';

/** How a model's gradients flow at the start of its training, as a calculation is judged. */
export const modelVerdict = ({ ratio, zeros, layers, bypassed, stack }: KnownFlow): FlowVerdictKind =>
  predictedKind({
    ratio,
    zeros,
    chis: layers.map(({ chi }) => chi),
    flattest: Math.min(...layers.map(({ slopeShare }) => slopeShare)),
    bypassed,
    equalUnits: stack !== undefined && hasEqualUnits(stack),
  });
