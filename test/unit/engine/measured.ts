import type { FlowConfig } from '../../../src/core/calculation/config';
import type { MeasuredFlow } from '../../../src/core/theory/measured';
import { measureCandidate } from '../../../src/engine/measure/measureFlow';

/** All the networks of one candidate of a calculation, measured at one go. */
export function measured(config: FlowConfig, index = 0): MeasuredFlow {
  const networks = measureCandidate(config, config.candidates[index]!);
  for (let next = networks.next(); ; next = networks.next()) if (next.done) return next.value;
}
