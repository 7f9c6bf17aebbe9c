import type { Examples } from '../../../core/data/examples';
import type { Batch, BatchSource } from '../kernels';
import { Room, type WasmMemory } from './memory';

/** Rows as (index, value): row r has the entries from starts[r] up to starts[r + 1]. Pointers. */
export interface SparseRows {
  readonly starts: number;
  readonly indices: number;
  readonly values: number;
}

export interface WasmBatch extends Batch {
  /** Pointer to the class numbers, int32 [size]. */
  readonly labels: number;
  /** Pointer to all numbers [size, width], or undefined where the batch is sparse. */
  readonly dense: number | undefined;
  readonly sparse: SparseRows | undefined;
  /** The sparse batch the other way round: of each of `width` indices, the rows that have it. */
  readonly columns: () => SparseRows;
}

/** Below this share of numbers that are not 0, their products cost less than those of all numbers. */
const SPARSE = 0.4;
/** Examples that are looked at to tell the share. */
const LOOKED_AT = 64;

/** Batches in WebAssembly's memory: as rows of what is not 0 where most is 0, as all numbers elsewhere. */
export class WasmBatches implements BatchSource {
  readonly #examples: Examples;
  readonly #width: number;
  #share: number | undefined;
  readonly #rooms;

  constructor(
    private readonly memory: WasmMemory,
    examples: Examples,
  ) {
    if (examples.features instanceof Int32Array || examples.targets instanceof Float32Array)
      throw new RangeError('Dense layers take numbers and classes.');
    this.#examples = examples;
    this.#width = examples.features.length / examples.count;
    const room = () => new Room(memory);
    this.#rooms = {
      raw: room(),
      labels: room(),
      dense: room(),
      rows: { starts: room(), indices: room(), values: room() },
      columns: { starts: room(), indices: room(), values: room() },
    };
  }

  get count(): number {
    return this.#examples.count;
  }

  get form(): string {
    return this.#sparse ? `the ${Math.round(100 * this.#shareOfNonzero)} % of the inputs that are not 0` : 'all inputs';
  }

  get #sparse(): boolean {
    return this.#shareOfNonzero < SPARSE;
  }

  /** Looked at when it is first asked for: a test set's at its first evaluation. */
  get #shareOfNonzero(): number {
    this.#share ??= shareOfNonzero(this.#examples, this.#width);
    return this.#share;
  }

  gather(order: Uint32Array, from: number, to: number): WasmBatch {
    const { targets, want } = this.#examples;
    const size = to - from;
    const labels = this.#rooms.labels.of(4 * size);
    const integers = this.memory.integers;
    for (let row = 0; row < size; row++) {
      const example = order[from + row]!;
      want?.(example);
      integers[labels / 4 + row] = targets[example]!;
    }
    const sparse = this.#sparse ? this.#sparseRows(order, from, size) : undefined;
    const dense = sparse === undefined ? this.#denseRows(order, from, size) : undefined;
    let columns: SparseRows | undefined;
    return {
      size,
      labels,
      dense,
      sparse,
      columns: () => {
        columns ??= this.#turned(sparse!, size);
        return columns;
      },
    };
  }

  /** The next batch takes its room. */
  release(): void {}

  dispose(): void {
    const { raw, labels, dense, rows, columns } = this.#rooms;
    for (const room of [raw, labels, dense, ...Object.values(rows), ...Object.values(columns)]) room.free();
  }

  #denseRows(order: Uint32Array, from: number, size: number): number {
    const count = size * this.#width;
    const dense = this.#rooms.dense.of(4 * count);
    const raw = this.#copied(order, from, size, dense);
    if (raw !== dense) this.memory.kernels.floatsOfBytes(raw, count, dense);
    return dense;
  }

  #sparseRows(order: Uint32Array, from: number, size: number): SparseRows {
    const { raw, rows } = this.#rooms;
    const most = 4 * size * this.#width;
    const at = { starts: rows.starts.of(4 * (size + 1)), indices: rows.indices.of(most), values: rows.values.of(most) };
    const bytes = this.#examples.features instanceof Uint8Array;
    const place = this.#copied(order, from, size, bytes ? undefined : raw.of(most));
    const { sparseBytes, sparseFloats } = this.memory.kernels;
    (bytes ? sparseBytes : sparseFloats)(place, size, this.#width, at.starts, at.indices, at.values);
    return at;
  }

  #turned({ starts, indices, values }: SparseRows, size: number): SparseRows {
    const { columns } = this.#rooms;
    const most = 4 * size * this.#width;
    const at = {
      starts: columns.starts.of(4 * (this.#width + 1)),
      indices: columns.indices.of(most),
      values: columns.values.of(most),
    };
    this.memory.kernels.transposeSparse(size, this.#width, starts, indices, values, at.starts, at.indices, at.values);
    return at;
  }

  /** The examples as they are: numbers at `floats`, or bytes in a room of their own; answers where. */
  #copied(order: Uint32Array, from: number, size: number, floats: number | undefined): number {
    const { features } = this.#examples;
    const width = this.#width;
    if (features instanceof Uint8Array) {
      const at = this.#rooms.raw.of(size * width);
      const { bytes } = this.memory;
      for (let row = 0; row < size; row++) {
        const source = order[from + row]! * width;
        bytes.set(features.subarray(source, source + width), at + row * width);
      }
      return at;
    }
    const memory = this.memory.floats;
    for (let row = 0; row < size; row++) {
      const source = order[from + row]! * width;
      memory.set(features.subarray(source, source + width), floats! / 4 + row * width);
    }
    return floats!;
  }
}

/** Of some examples all over the set; the first ones where each is drawn only now, with those before it. */
function shareOfNonzero({ count, features, want }: Examples, width: number): number {
  const looked = Math.min(count, LOOKED_AT);
  let some = 0;
  for (let i = 0; i < looked; i++) {
    const example = want ? i : Math.floor((i * count) / looked);
    want?.(example);
    for (let p = example * width; p < (example + 1) * width; p++) if (features[p] !== 0) some++;
  }
  return some / (looked * width);
}
