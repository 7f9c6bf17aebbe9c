import * as v from 'valibot';
import { flowConfigSchema } from '../../core/calculation/config';
import { networkPlanSchema } from '../../core/model/plan/plan';
import type { MeasuredFlow } from '../../core/theory/measured';
import type { MeasuredPlan, PlanMeasurement } from '../../core/theory/measuredPlan';
import { event, longRequest } from '../contract';
import { count } from '../schemas';
import { backendFilesSchema } from './backendFiles';

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

export const measuredPlanSchema = v.object({
  draws: v.pipe(count, v.minValue(1)),
  layers: v.pipe(
    v.array(
      v.object({
        index: count,
        name: v.string(),
        node: count,
        kernelGradient: measuredSize,
        delta: v.optional(measuredSize),
        toLast: v.optional(v.object({ delta: v.optional(measuredSize), kernelGradient: v.optional(measuredSize) })),
      }),
    ),
    v.minLength(1),
    v.readonly(),
  ),
  ratio: v.optional(measuredSize),
}) satisfies v.GenericSchema<unknown, MeasuredPlan>;

export const planMeasurementSchema = v.object({
  seed: count,
  draws: v.pipe(count, v.minValue(1)),
  milliseconds: size,
  batch: v.pipe(count, v.minValue(1)),
  inputVariance: v.optional(size),
}) satisfies v.GenericSchema<unknown, PlanMeasurement>;

/** Served by the worker beside the training. */
export const measurementContract = {
  /** Draws the networks of every candidate and sends a gradient back through each; answers in the candidates' order. */
  measure: longRequest([flowConfigSchema], v.array(measuredFlowSchema)),
};

/** Served by the worker too: the probe of a model that is read from code. */
export const planMeasurementContract = {
  /**
   * Gradients of plans at their initialisation, one for each candidate, on wasm where its file is given. Answers in
   * the plans' order.
   */
  measurePlans: longRequest(
    [v.array(networkPlanSchema), planMeasurementSchema, backendFilesSchema],
    v.array(measuredPlanSchema),
  ),
};

/** Heard by whoever started the worker. */
export const measurementNewsContract = {
  /** Networks of all candidates together: so many are done, of so many. */
  networksDone: event(count, count),
};
