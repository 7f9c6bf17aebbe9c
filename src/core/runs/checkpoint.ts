import { strFromU8, strToU8 } from 'fflate';
import * as v from 'valibot';
import { modelOfExperiment } from '../experiment/model';
import { crc32 } from '../math/crc32';
import { denseLayers } from '../model/stack';
import { NewerRunError, RunFileError } from './fileError';
import type { RunRecord } from './record';
import { count } from './wire';

/**
 * All that a network's training needs to go on as if nothing had happened: batches come from seed and epoch, so the
 * numbers after it are those of an undisturbed run on the same backend.
 */
export interface NetworkCheckpoint {
  /** Steps done, which is the index of the next one. */
  readonly step: number;
  /**
   * Over the epoch in progress: Σ batch loss × batch size, right answers, examples seen. All 0 at an epoch's start; all
   * examples seen where the epoch's evaluation is still to come.
   */
  readonly sums: { readonly loss: number; readonly correct: number; readonly seen: number };
  /** Loss of the step before, for the sentence of a training that diverges; absent at step 0. */
  readonly lastLoss?: number | undefined;
  /**
   * Kernels, then biases, first hidden layer first; kernels are row-major [fan-in, fan-out]. Of a plan's network, its
   * parameters in the plan's order, then the moving averages of its batch normalisations.
   */
  readonly parameters: readonly Float32Array[];
  readonly optimizer: {
    /** Updates done. */
    readonly updates: number;
    /**
     * Moving means of the gradients (momentum: the velocity) and of their squares, in the order of the parameters that
     * are trained; empty where the optimizer keeps none, or before its first update.
     */
    readonly first: readonly Float32Array[];
    readonly second: readonly Float32Array[];
  };
}

/**
 * A file of checkpoints: 8 letters, then version, CRC-32 of all that follows, and length of the head as 32-bit numbers,
 * then the head as JSON (per network its counts and the lengths of its tensors), zeros up to a multiple of 4, then all
 * tensors. Numbers are little-endian.
 */
const MAGIC = 'GLCHECKP';
const VERSION = 1;
const PREFIX = 20;

/** Nearly every machine is: there, large networks are copied as they are. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const lengths = v.array(count);
const headSchema = v.array(
  v.object({
    network: v.string(),
    step: count,
    sums: v.object({ loss: v.pipe(v.number(), v.finite()), correct: count, seen: count }),
    lastLoss: v.optional(v.number()),
    updates: count,
    parameters: lengths,
    first: lengths,
    second: lengths,
  }),
);
type Head = v.InferOutput<typeof headSchema>;

const padded = (length: number): number => 4 * Math.ceil(length / 4);
const sizes = (tensors: readonly Float32Array[]) => tensors.map(({ length }) => length);

/** Checkpoints by network id as one file. */
export function encodeCheckpoints(checkpoints: ReadonlyMap<string, NetworkCheckpoint>): Uint8Array {
  const head: Head = [...checkpoints].map(([network, { step, sums, lastLoss, parameters, optimizer }]) => ({
    network,
    step,
    sums,
    ...(lastLoss === undefined ? {} : { lastLoss }),
    updates: optimizer.updates,
    parameters: sizes(parameters),
    first: sizes(optimizer.first),
    second: sizes(optimizer.second),
  }));
  const tensors = [...checkpoints.values()].flatMap(({ parameters, optimizer }) => [
    ...parameters,
    ...optimizer.first,
    ...optimizer.second,
  ]);
  const json = strToU8(JSON.stringify(head));
  const bytes = new Uint8Array(
    PREFIX + padded(json.length) + tensors.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  const view = new DataView(bytes.buffer);
  bytes.set(strToU8(MAGIC));
  bytes.set(json, PREFIX);
  let at = PREFIX + padded(json.length);
  for (const tensor of tensors) {
    if (isLittleEndian) bytes.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength), at);
    else for (let i = 0; i < tensor.length; i++) view.setFloat32(at + 4 * i, tensor[i]!, true);
    at += tensor.byteLength;
  }
  view.setUint32(8, VERSION, true);
  view.setUint32(16, json.length, true);
  view.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

/**
 * Reads what {@link encodeCheckpoints} wrote.
 *
 * @throws NewerRunError where a newer version wrote it
 * @throws RunFileError where it is of another kind, or damaged
 */
export function decodeCheckpoints(bytes: Uint8Array): Map<string, NetworkCheckpoint> {
  if (bytes.length < PREFIX || strFromU8(bytes.subarray(0, 8), true) !== MAGIC) {
    throw new RunFileError('This is not a stored checkpoint of Gradient Lens.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version > VERSION) throw new NewerRunError(version, VERSION);
  const damaged = new RunFileError('The stored checkpoint is damaged, so that training cannot go on from it.');
  if (version !== VERSION || view.getUint32(12, true) !== crc32(bytes.subarray(16))) throw damaged;
  const headLength = view.getUint32(16, true);
  let at = PREFIX + padded(headLength);
  if (at > bytes.length) throw damaged;
  const head = readHead(bytes.subarray(PREFIX, PREFIX + headLength));
  const total = head?.reduce((sum, { parameters, first, second }) => sum + words(parameters, first, second), 0);
  if (head === undefined || at + 4 * total! !== bytes.length) throw damaged;

  const tensor = (length: number): Float32Array => {
    const values = new Float32Array(length);
    if (isLittleEndian) new Uint8Array(values.buffer).set(bytes.subarray(at, at + values.byteLength));
    else for (let i = 0; i < length; i++) values[i] = view.getFloat32(at + 4 * i, true);
    at += values.byteLength;
    return values;
  };
  return new Map(
    head.map(({ network, step, sums, lastLoss, updates, parameters, first, second }) => [
      network,
      {
        step,
        sums,
        ...(lastLoss === undefined ? {} : { lastLoss }),
        parameters: parameters.map(tensor),
        optimizer: { updates, first: first.map(tensor), second: second.map(tensor) },
      },
    ]),
  );
}

const words = (...groups: number[][]): number => groups.flat().reduce((sum, length) => sum + length, 0);

function readHead(bytes: Uint8Array): Head | undefined {
  try {
    const head = v.safeParse(headSchema, JSON.parse(strFromU8(bytes)));
    return head.success ? head.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Those of a run's checkpoints that its networks can go on from: of a network that it has and that is not done, not
 * beyond what is recorded, with tensors of its sizes.
 */
export function fittingCheckpoints(
  run: RunRecord,
  checkpoints: ReadonlyMap<string, NetworkCheckpoint>,
): Map<string, NetworkCheckpoint> {
  const layers = denseLayers(modelOfExperiment(run.config, 'linear', run.dataset));
  const expected = [...layers.map(({ fanIn, fanOut }) => fanIn * fanOut), ...layers.map(({ fanOut }) => fanOut)];
  const fits = (tensors: readonly Float32Array[]) =>
    tensors.length === expected.length && tensors.every(({ length }, i) => length === expected[i]);
  const fitting = new Map<string, NetworkCheckpoint>();
  for (const { id, state, steps } of run.networks) {
    const checkpoint = checkpoints.get(id);
    if (checkpoint === undefined || checkpoint.step > steps.count) continue;
    if (state === 'finished' || state === 'diverged') continue;
    const { first, second } = checkpoint.optimizer;
    const states = [first, second].every((tensors) => tensors.length === 0 || fits(tensors));
    if (fits(checkpoint.parameters) && states) fitting.set(id, checkpoint);
  }
  return fitting;
}
