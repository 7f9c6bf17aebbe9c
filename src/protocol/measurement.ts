import * as v from 'valibot';
import { flowConfigSchema } from '../core/flow/config';
import type { MeasuredFlow } from '../core/flow/measured';
import { event, longRequest } from './contract';
import { count } from './schemas';

/** Infinity where a network overflowed; never NaN. */
const size = v.pipe(v.number(), v.minValue(0));

const measuredSize = v.object({
  typical: size,
  spread: v.pipe(size, v.minValue(1)),
  low: size,
  high: size,
  zeros: v.pipe(size, v.maxValue(1)),
});

export const measuredFlowSchema = v.object({
  networks: v.pipe(count, v.minValue(1)),
  layers: v.pipe(
    v.array(v.object({ layer: count, delta: measuredSize, kernelGradient: measuredSize })),
    v.minLength(1),
    v.readonly(),
  ),
  ratio: measuredSize,
}) satisfies v.GenericSchema<unknown, MeasuredFlow>;

/** Served by the worker beside the training. */
export const measurementContract = {
  /** Draws the networks of every candidate and sends a gradient back through each; answers in the candidates' order. */
  measure: longRequest([flowConfigSchema], v.array(measuredFlowSchema)),
};

/** Heard by whoever started the worker. */
export const measurementNewsContract = {
  /** Networks of all candidates together: so many are done, of so many. */
  networksDone: event(count, count),
};
