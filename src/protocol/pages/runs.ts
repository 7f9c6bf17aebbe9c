import * as v from 'valibot';
import { type Problem, type RunStatus, runPhases, waysOut } from '../../core/advice/runStatus';
import { memoryKeySchema } from '../../core/experiment/backendMemory';
import { chosenBackendSchema } from '../../core/experiment/backendTiming';
import { dataSourceSchema } from '../../core/experiment/config';
import { event, longRequest, request } from '../contract';
import {
  bytes,
  checkpointPieceSchema,
  checkpointSchema,
  config,
  count,
  datasetSummary,
  networkState,
  originSchema,
  runNews,
} from '../schemas';
import { workerAssetsSchema } from './desk';

/**
 * How the pages that show runs and the host that holds the truth of them speak. The host has the current run's record;
 * a page that follows gets a snapshot of it and then its news, and one page at a time trains it.
 */

export { isActive, type Problem, type RunPhase, type RunStatus, type WayOut } from '../../core/advice/runStatus';

const problemSchema = v.object({
  message: v.string(),
  waysOut: v.pipe(v.array(v.picklist(waysOut)), v.readonly()),
}) satisfies v.GenericSchema<unknown, Problem>;

const runStatusSchema = v.object({
  phase: v.picklist(runPhases),
  epoch: count,
  epochs: count,
  progress: v.number(),
  secondsLeft: v.optional(v.number()),
  stepsPerSecond: v.optional(v.number()),
  text: v.string(),
  loadingText: v.optional(v.string()),
  backendNote: v.optional(v.string()),
  problem: v.optional(problemSchema),
  resumable: v.boolean(),
}) satisfies v.GenericSchema<unknown, RunStatus>;

/** The current run as it is, and the number of the last news in it. */
export const snapshotSchema = v.object({
  seq: count,
  status: runStatusSchema,
  /** Settings of the current run; of the next one where there is none. */
  config,
  /** Where the network comes from and what of it is not trained, where it was handed over by another surface. */
  origin: v.optional(originSchema),
  /** As `serialiseRun` writes it; null before the data are loaded. */
  run: v.nullable(v.string()),
  /** States of its networks by id: a stored run knows no running ones. */
  states: v.record(v.string(), networkState),
});
export type Snapshot = v.InferOutput<typeof snapshotSchema>;

/** What a page is asked to train: a new run, or one that goes on. */
export const runJobSchema = v.object({
  /** Names this attempt: what comes of an earlier one is passed over. */
  turn: v.string(),
  runId: v.string(),
  /** ISO 8601 */
  startedAt: v.string(),
  config,
  resume: v.optional(
    v.object({
      run: v.string(),
      checkpoints: v.array(v.object({ network: v.string(), checkpoint: checkpointSchema })),
      /** It was paused, and stays so. */
      paused: v.boolean(),
    }),
  ),
});
export type RunJob = v.InferOutput<typeof runJobSchema>;

export const downloadProgressSchema = v.object({
  file: v.string(),
  received: count,
  total: v.optional(count),
  files: count,
  fileIndex: count,
});
export type DownloadProgress = v.InferOutput<typeof downloadProgressSchema>;

/** Served by the extension host for every page that shows runs. */
export const runsHostContract = {
  /** The page is up: the run as it is; its news come from now on. Asked again by a page that was loaded anew. */
  follow: request([], snapshotSchema),
  /** For a page that has missed something. */
  resync: request([], snapshotSchema),
  startRun: request([config], v.void()),
  pauseRun: request([], v.void()),
  resumeRun: request([], v.void()),
  stopRun: request([], v.void()),
  /** Goes on from the last checkpoint. */
  continueRun: request([], v.void()),
  /** The current run's settings once more. */
  runAgain: request([], v.void()),
  dismissProblem: request([], v.void()),
  /** The person has read where the network comes from. */
  dismissOrigin: request([], v.void()),

  /** What starting workers takes. */
  workerAssets: request([], workerAssetsSchema),
  /** The files of a data source, as they lie on the disk. */
  readData: longRequest([dataSourceSchema], v.array(v.object({ name: v.string(), bytes }))),
  /** Lets the person choose a folder; its URI, or null. */
  chooseFolder: longRequest([], v.nullable(v.string())),
  /** Fetches MNIST into the extension's storage; false where it was cancelled. */
  downloadMnist: longRequest([], v.boolean()),
  hasMnist: request([], v.boolean()),

  /** What `auto` took before, for a machine and a shape of networks. */
  recallBackend: request([memoryKeySchema], v.optional(chosenBackendSchema)),
  keepBackend: event(memoryKeySchema, chosenBackendSchema),
  forgetBackend: event(memoryKeySchema),

  /** From the page that trains, each with the job's turn: what is being waited for before the first step. */
  loading: event(v.string(), v.string()),
  /** The data are there; a new run's record begins with this. */
  prepared: event(v.string(), datasetSummary),
  told: event(v.string(), v.array(runNews)),
  /** A piece of a network's checkpoint; answered once it is taken, before which the next one does not come. */
  checkpointPiece: request([v.string(), v.string(), checkpointPieceSchema], v.void(), 60_000),
  /** Why the run trains on its backend, as a sentence, whenever there is something new to say. */
  backendNoted: event(v.string(), v.string()),
  /** No network trains any more; with a problem where none could. */
  ended: event(v.string(), v.optional(problemSchema)),
};

/** Served by every page that shows runs. */
export const runsPageContract = {
  /** Another run, or the same one in another way than by news. */
  showRun: event(snapshotSchema),
  /** News and the status after them; numbers are consecutive. */
  news: event(count, v.array(runNews), runStatusSchema),
  status: event(runStatusSchema),
  downloadProgress: event(downloadProgressSchema),

  /** To the page that trains. A job that goes on has the checkpoints of all its networks, which take their time. */
  train: request([runJobSchema], v.void(), 120_000),
  pauseTraining: request([v.string()], v.void()),
  resumeTraining: request([v.string()], v.void()),
  stopTraining: request([v.string()], v.void()),
};
