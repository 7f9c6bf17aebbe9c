import * as v from 'valibot';
import { backendTrialSchema } from '../../core/experiment/backendTiming';
import { event, longRequest } from '../contract';
import { backendName, dataset, drawnDigitsSchema, exampleSets } from '../schemas';
import { backendFilesSchema } from './backendFiles';
import { trainingJobSchema } from './training';

/** Served by the training worker, in one of its own: what is timed leaves contexts and memory behind. */
export const timingContract = {
  /** Times real steps of the job's network on these backends, one after the other; what it finds comes as news. */
  timeBackends: longRequest(
    [v.array(backendName), trainingJobSchema, v.union([dataset, exampleSets, drawnDigitsSchema]), backendFilesSchema],
    v.void(),
  ),
};

/** Heard by whoever started the worker. */
export const timingNewsContract = {
  /** One more is tried. */
  tried: event(backendTrialSchema),
};
