import { type ColumnList, type EachOf, fillsRows, forEachOf, namesOf, widthOf } from './columns';

/** Growable float32 column(s): `width` values a row. */
export class FloatColumns {
  #values = new Float32Array(0);
  #rows = 0;

  constructor(readonly width: number) {}

  get rows(): number {
    return this.#rows;
  }

  /** Appends whole rows; throws RangeError where the length is not a multiple of the width. */
  append(values: Float32Array): void {
    if (this.width === 0 || values.length % this.width !== 0) {
      if (values.length === 0) return;
      throw new RangeError(`${values.length} values do not fill rows of ${this.width}`);
    }
    const used = this.#rows * this.width;
    if (used + values.length > this.#values.length) {
      const grown = new Float32Array(Math.max(256 * this.width, 2 * this.#values.length, used + values.length));
      grown.set(this.#values.subarray(0, used));
      this.#values = grown;
    }
    this.#values.set(values, used);
    this.#rows += values.length / this.width;
  }

  at(row: number, column = 0): number {
    return this.#values[row * this.width + column] ?? Number.NaN;
  }

  row(row: number): Float32Array {
    return this.#values.subarray(row * this.width, (row + 1) * this.width);
  }

  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void {
    this.#rows = Math.min(this.#rows, Math.max(0, rows));
  }

  /** A view (not a copy) of the rows from `first` to before `end`; of all where nothing is said. */
  values(first = 0, end = this.#rows): Float32Array {
    return this.#values.subarray(first * this.width, Math.min(end, this.#rows) * this.width);
  }
}

/** Growing columns of a list, each a property of its name. */
export interface ColumnTable<T extends ColumnList> {
  readonly layerCount: number;
  /** Throws RangeError where a column does not have `rows` rows. */
  appendRows(block: EachOf<T, Float32Array>, rows: number): void;
  /** Forgets the rows from `rows` on. */
  truncateRows(rows: number): void;
  /** Views of the rows from `first` to before `end`. */
  views(first: number, end: number): EachOf<T, Float32Array>;
}

/** The class of such tables, to be extended. */
export function tableOf<T extends ColumnList>(
  list: T,
): new (
  layerCount: number,
) => ColumnTable<T> & EachOf<T, FloatColumns> {
  const names = namesOf(list);
  class Table implements ColumnTable<T> {
    constructor(readonly layerCount: number) {
      Object.assign(
        this,
        forEachOf(list, (_, column) => new FloatColumns(widthOf(column, layerCount))),
      );
    }

    get #columns(): EachOf<T, FloatColumns> {
      return this as unknown as EachOf<T, FloatColumns>;
    }

    appendRows(block: EachOf<T, Float32Array>, rows: number): void {
      if (!fillsRows(list, block, rows, this.layerCount)) {
        const lengths = names.map((name) => `${block[name].length} of ${name}`).join(', ');
        throw new RangeError(`a block of ${rows} rows of ${this.layerCount} layers with ${lengths}`);
      }
      for (const name of names) this.#columns[name].append(block[name]);
    }

    truncateRows(rows: number): void {
      for (const name of names) this.#columns[name].truncate(rows);
    }

    views(first: number, end: number): EachOf<T, Float32Array> {
      return forEachOf(list, (name) => this.#columns[name].values(first, end));
    }
  }
  return Table as unknown as ReturnType<typeof tableOf<T>>;
}
