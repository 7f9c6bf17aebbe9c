import * as v from 'valibot';
import { networkPlanSchema } from '../../core/model/plan/plan';
import { event, longRequest, request } from '../contract';
import {
  checkpointSchema,
  config,
  count,
  dataset,
  drawnDigitsSchema,
  epochRow,
  exampleSets,
  networkState,
  probeBlock,
  stepBlock,
} from '../schemas';
import { backendFilesSchema } from './backendFiles';

/** One network of a comparison, as a worker trains it. */
export const trainingJobSchema = v.object({
  config,
  activation: v.string(),
  seed: count,
  /** The candidate's network; without it, dense layers as the config describes them. */
  plan: v.optional(networkPlanSchema),
  /** Where the training goes on from; without it, it starts with the seed's weights. */
  checkpoint: v.optional(checkpointSchema),
});
export type TrainingJob = v.InferOutput<typeof trainingJobSchema>;

/** How a training ended; `lost`: the GPU that it trained on has lost it. */
export const trainingOutcomeSchema = v.object({
  state: v.picklist(['finished', 'stopped', 'diverged', 'lost']),
  message: v.optional(v.string()),
  seconds: v.number(),
  /** Tensors alive after step 100 (or the last before it) and at the end: equal where nothing leaks. */
  tensors: v.object({ early: count, end: count }),
});
export type TrainingOutcome = v.InferOutput<typeof trainingOutcomeSchema>;

/** Served by the training worker. */
export const trainingContract = {
  /** Takes the pictures (or word that the worker draws them), or the examples that a plan trains on, and starts the job's backend; answers what computes on it, for the log, or why it does not start, as a sentence. */
  prepare: longRequest(
    [trainingJobSchema, v.union([dataset, exampleSets, drawnDigitsSchema]), backendFilesSchema],
    v.union([v.object({ computedBy: v.string() }), v.object({ notStarted: v.string() })]),
  ),
  /** Trains the prepared job to its end; news comes as events meanwhile. */
  train: longRequest([], trainingOutcomeSchema),
  pause: request([], v.void()),
  resume: request([], v.void()),
  /** Ends the training after the step in progress. */
  stop: request([], v.void()),
  /**
   * All that the training needs to go on, as of the steps that it has told; also while it pauses. Nothing where nothing
   * trains, or where the network has state that a checkpoint cannot keep.
   */
  checkpoint: request([], v.optional(checkpointSchema), 60_000),
};

/** Heard by whoever started the worker. */
export const trainingNewsContract = {
  /** Steps and probes since the last news. */
  recorded: event(stepBlock, probeBlock),
  epochEnded: event(epochRow),
  stateChanged: event(networkState),
  /** Comes at an epoch's end now and then where the network is small, after a pause began, and before the training ends as stopped. */
  checkpointed: event(checkpointSchema),
};
