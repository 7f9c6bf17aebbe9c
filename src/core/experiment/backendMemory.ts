import * as v from 'valibot';
import { writeList } from '../format/list';
import { type ChosenBackend, chosenBackendSchema } from './backendTiming';
import type { ExperimentConfig } from './config';

/** What `auto` took, by machine and shape, newest first. */
export type BackendMemories = readonly { readonly key: string; readonly chosen: ChosenBackend }[];

/** So many machines and shapes are remembered; the oldest goes first. */
export const MOST_REMEMBERED = 60;

export const memoryKeySchema = v.pipe(v.string(), v.minLength(1), v.maxLength(600));

const memoriesSchema = v.pipe(
  v.array(v.object({ key: memoryKeySchema, chosen: chosenBackendSchema })),
  v.maxLength(MOST_REMEMBERED),
);

/** What was stored, where it can be used; undefined where it cannot. */
export function readMemories(stored: unknown): BackendMemories | undefined {
  const read = v.safeParse(memoriesSchema, stored);
  return read.success ? read.output : undefined;
}

export const recalled = (memories: BackendMemories, key: string): ChosenBackend | undefined =>
  memories.find((each) => each.key === key)?.chosen;

export const withMemory = (memories: BackendMemories, key: string, chosen: ChosenBackend): BackendMemories =>
  [{ key, chosen }, ...withoutMemory(memories, key)].slice(0, MOST_REMEMBERED);

export const withoutMemory = (memories: BackendMemories, key: string): BackendMemories =>
  memories.filter((each) => each.key !== key);

/** Up to this share of inputs that are not 0, data count as sparse: kernels pass over what is 0. */
const SPARSE = 0.4;
const LOOKED_AT = 50_000;

/** What of a comparison decides which backend is the fastest: widths, batch, and whether most inputs are 0. */
export function shapeOf(
  { hidden, batchSize, optimizer }: ExperimentConfig,
  data: { readonly inputs: number; readonly classes: number; readonly images: Uint8Array | undefined },
): string {
  const widths = writeList([data.inputs, ...hidden, data.classes], '-');
  return `${widths} · batch ${batchSize} · ${optimizer} · ${densityOf(data.images)}`;
}

/** @param images undefined where they are drawn later */
function densityOf(images: Uint8Array | undefined): string {
  if (images === undefined) return 'drawn';
  return isSparse(images) ? 'sparse' : 'dense';
}

/** Whether so many pixels of images are 0 that kernels pass over them. */
export function isSparse(images: Uint8Array): boolean {
  const some = images.subarray(0, LOOKED_AT);
  const nonzero = some.reduce((count, x) => count + (x === 0 ? 0 : 1), 0);
  return nonzero < SPARSE * some.length;
}
