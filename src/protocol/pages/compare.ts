import * as v from 'valibot';
import { dataSourceSchema } from '../../core/experiment/config';
import { flowConfigSchema } from '../../core/flow/config';
import { event, longRequest, request } from '../contract';
import { bytes, config, count } from '../schemas';
import { deskContract, workerAssetsSchema } from './desk';

/** What the status bar and the tests need to know of the page's run. */
export const runStatusSchema = v.object({
  phase: v.picklist(['idle', 'loading', 'running', 'paused', 'finished', 'stopped', 'failed']),
  epoch: count,
  epochs: count,
  /** 0 … 1 */
  progress: v.number(),
  secondsLeft: v.optional(v.number()),
  /** One sentence: the verdicts when over, the progress before. */
  text: v.string(),
});
export type RunStatus = v.InferOutput<typeof runStatusSchema>;

export const downloadProgressSchema = v.object({
  file: v.string(),
  received: count,
  total: v.optional(count),
  files: count,
  fileIndex: count,
});
export type DownloadProgress = v.InferOutput<typeof downloadProgressSchema>;

/** Served by the extension host for the page. */
export const hostContract = {
  /** The page is up: what it should show, and whether to start at once. */
  ready: request(
    [],
    v.object({
      config,
      autostart: v.boolean(),
      run: v.optional(v.string()),
      ...workerAssetsSchema.entries,
    }),
  ),
  /** The files of a data source, as they lie on the disk. */
  readData: longRequest([dataSourceSchema], v.array(v.object({ name: v.string(), bytes }))),
  /** Lets the person choose a folder; its URI, or null. */
  chooseFolder: longRequest([], v.nullable(v.string())),
  /** Fetches MNIST into the extension's storage; false where it was cancelled. */
  downloadMnist: longRequest([], v.boolean()),
  hasMnist: request([], v.boolean()),
  /** Keeps a run (serialised JSON) so that it comes back after a reload. */
  saveRun: longRequest([v.string()], v.void()),
  /** Moves a kept run that the page cannot read out of the way. */
  setRunAside: request([], v.void()),
  /** Shows what the theory says of the networks. */
  openCalculator: request([flowConfigSchema], v.void()),
  status: event(runStatusSchema),
  ...deskContract,
};

/** Served by the page for the extension host. */
export const pageContract = {
  start: request([config], v.void()),
  pause: request([], v.void()),
  resume: request([], v.void()),
  stop: request([], v.void()),
  runAgain: request([], v.void()),
  downloadProgress: event(downloadProgressSchema),
};
