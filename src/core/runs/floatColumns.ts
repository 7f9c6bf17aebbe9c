import { type Column, type ColumnList, mapTold, namesOf, type ToldOf, widthOf } from './columns';

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

/**
 * Growing columns of a list, each a property of its name. The first rows decide which of the optional columns there are
 * (until then there are all): one that comes later is passed over, as where a newer version goes on with an older run.
 */
export interface ColumnTable<T extends ColumnList> {
  readonly layerCount: number;
  readonly rowCount: number;
  /** Why a block of so many rows cannot follow, as the end of a sentence that begins with them; undefined where it can. */
  problem(block: ToldOf<T, Float32Array>, rows: number): string | undefined;
  /** Throws RangeError where the block cannot follow. */
  appendRows(block: ToldOf<T, Float32Array>, rows: number): void;
  /** Forgets the rows from `rows` on. */
  truncateRows(rows: number): void;
  /** Views of the rows from `first` to before `end`. */
  views(first: number, end: number): ToldOf<T, Float32Array>;
}

/** The class of such tables of a list, to be extended. */
export function tableOf<T extends ColumnList>(
  list: T,
): new (
  layerCount: number,
) => ColumnTable<T> & ToldOf<T, FloatColumns> {
  const names = namesOf(list);
  const columns = names.map((name): Column => list[name]!);
  class Table implements ColumnTable<T> {
    readonly #widths: readonly number[];
    #rowCount = 0;

    constructor(readonly layerCount: number) {
      this.#widths = columns.map((column) => widthOf(column, layerCount));
      for (const [i, name] of names.entries()) this.#columns[name] = new FloatColumns(this.#widths[i]!);
    }

    get rowCount(): number {
      return this.#rowCount;
    }

    get #columns(): Partial<Record<string, FloatColumns>> {
      return this as unknown as Partial<Record<string, FloatColumns>>;
    }

    problem(block: ToldOf<T, Float32Array>, rows: number): string | undefined {
      const told = block as Partial<Record<string, Float32Array>>;
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        const values = told[name];
        if (values !== undefined) {
          if (values.length !== rows * this.#widths[i]!) return 'do not have the same length';
          continue;
        }
        const { heading, optional } = columns[i]!;
        if (!optional) return `have no ${heading}`;
        const before = this.#rowCount > 0 && this.#columns[name] !== undefined;
        if (before && rows > 0) return `have no ${heading}, unlike those before`;
      }
      return undefined;
    }

    appendRows(block: ToldOf<T, Float32Array>, rows: number): void {
      const problem = this.problem(block, rows);
      if (problem !== undefined) throw new RangeError(`a block of ${rows}: its rows ${problem}`);
      if (rows === 0) return;
      const told = block as Partial<Record<string, Float32Array>>;
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        const values = told[name];
        if (this.#rowCount === 0) {
          this.#columns[name] = values && (this.#columns[name] ?? new FloatColumns(this.#widths[i]!));
        }
        if (values !== undefined) this.#columns[name]?.append(values);
      }
      this.#rowCount += rows;
    }

    truncateRows(rows: number): void {
      for (const name of names) this.#columns[name]?.truncate(rows);
      this.#rowCount = Math.min(this.#rowCount, Math.max(0, rows));
    }

    views(first: number, end: number): ToldOf<T, Float32Array> {
      return mapTold(list, this as unknown as ToldOf<T, FloatColumns>, (column) => column.values(first, end));
    }
  }
  return Table as unknown as ReturnType<typeof tableOf<T>>;
}
