import * as v from 'valibot';
import { event, longRequest, request } from '../contract';
import { bytes } from '../schemas';

/** What the extension host does for any page. */
export const deskContract = {
  /** Lets the person choose where to save; false where cancelled. */
  saveFile: longRequest([v.string(), v.union([v.string(), bytes])], v.boolean()),
  copyText: request([v.string()], v.void()),
  showLog: request([], v.void()),
  log: event(v.picklist(['info', 'warn', 'error']), v.string()),
};

/** Where a page finds the worker's bundle and the files of its backends, by name: URIs that it may fetch. */
export const workerAssetsSchema = v.object({ worker: v.string(), files: v.record(v.string(), v.string()) });
export type WorkerAssets = v.InferOutput<typeof workerAssetsSchema>;
