/**
 * All that is recorded of a network while it trains, a series an entry. From these lists come the records, the messages,
 * the files, their checks and the CSV; keys are the names in files, and their order is that of a CSV.
 */

export interface Column {
  /** Values in a row: one, one for each layer with a kernel (first hidden layer first), or one for each hidden layer. */
  readonly per: 'network' | 'layer' | 'hidden layer';
  /** A share is 0 … 1; a number has no unit. */
  readonly unit: 'nats' | 'share' | 'number';
  /** Its heading in a CSV, before the layer; where a message names it, too. */
  readonly heading: string;
}

export type ColumnList = Readonly<Record<string, Column>>;

/** One thing for each column of a list. */
export type EachOf<T extends ColumnList, V> = { readonly [K in keyof T]: V };

/** What every step tells; float32. */
export const stepColumns = {
  /** Batch loss, before the step's update. */
  loss: { per: 'network', unit: 'nats', heading: 'loss' },
  /** Share of the batch classified rightly. */
  accuracy: { per: 'network', unit: 'share', heading: 'accuracy' },
  /** ‖∂C/∂W‖ (Frobenius). */
  gradientNorms: { per: 'layer', unit: 'number', heading: 'gradient norm' },
} as const satisfies ColumnList;

/** What is looked at every few steps; float32. */
export const probeColumns = {
  /** Mean of φ′(z) over batch and units. */
  meanDerivative: { per: 'hidden layer', unit: 'number', heading: 'mean derivative' },
  /** Share of units whose mean |φ′| over the batch is below 1 % of its maximum. */
  saturatedShare: { per: 'hidden layer', unit: 'share', heading: 'saturated share' },
  /** Share of units whose φ′ is exactly 0 on the whole batch. */
  deadShare: { per: 'hidden layer', unit: 'share', heading: 'dead share' },
  /** Mean of the pre-activations z over batch and units. */
  preActivationMean: { per: 'hidden layer', unit: 'number', heading: 'pre-activation mean' },
  /** Standard deviation of the pre-activations. */
  preActivationStddev: { per: 'hidden layer', unit: 'number', heading: 'pre-activation stddev' },
  /** ‖ΔW‖/‖W‖ of the step. */
  updateRatio: { per: 'layer', unit: 'number', heading: 'update ratio' },
} as const satisfies ColumnList;

/** What the end of an epoch tells: means over it as Keras prints them (while the weights change), and the test set; float64. */
export const epochColumns = {
  loss: { per: 'network', unit: 'nats', heading: 'epoch loss' },
  accuracy: { per: 'network', unit: 'share', heading: 'epoch accuracy' },
  testLoss: { per: 'network', unit: 'nats', heading: 'test loss' },
  testAccuracy: { per: 'network', unit: 'share', heading: 'test accuracy' },
} as const satisfies ColumnList;

/** The keys of a list, typed, in its order. */
export const namesOf = <T extends ColumnList>(list: T): (keyof T & string)[] => Object.keys(list);

/** The same for each column of a list, in its order. */
export const forEachOf = <T extends ColumnList, V>(list: T, value: (name: keyof T & string, column: Column) => V) =>
  Object.fromEntries(namesOf(list).map((name) => [name, value(name, list[name]!)])) as EachOf<T, V>;

/** Values in a row of a column. */
export function widthOf({ per }: Column, layers: number): number {
  return per === 'network' ? 1 : per === 'layer' ? layers : layers - 1;
}

/** Values in a row of all columns of a list. */
export const rowWidth = (list: ColumnList, layers: number): number =>
  Object.values(list).reduce((sum, column) => sum + widthOf(column, layers), 0);

/** Whether every column of a block has `rows` rows. */
export const fillsRows = <T extends ColumnList>(
  list: T,
  block: EachOf<T, Float32Array>,
  rows: number,
  layers: number,
): boolean => namesOf(list).every((name) => block[name].length === rows * widthOf(list[name]!, layers));

/** A block's rows from `row` on, as views. */
export const rowsFrom = <T extends ColumnList>(
  list: T,
  block: EachOf<T, Float32Array>,
  row: number,
  layers: number,
): EachOf<T, Float32Array> => forEachOf(list, (name, column) => block[name].subarray(row * widthOf(column, layers)));
