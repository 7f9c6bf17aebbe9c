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
  /**
   * A run may lack it: one that another program recorded, or an older version. Whoever reads it has to say what they do
   * without.
   */
  readonly optional: boolean;
}

export type ColumnList = Readonly<Record<string, Column>>;

/** One thing for each column of a list. */
export type EachOf<T extends ColumnList, V> = { readonly [K in keyof T]: V };

/** One thing for each column of a list that there is. */
export type ToldOf<T extends ColumnList, V> = {
  readonly [K in keyof T as T[K]['optional'] extends true ? never : K]: V;
} & {
  readonly [K in keyof T as T[K]['optional'] extends true ? K : never]?: V | undefined;
};

/** What every step tells; float32. */
export const stepColumns = {
  /** Batch loss, before the step's update. */
  loss: { per: 'network', unit: 'nats', heading: 'loss', optional: false },
  /** Share of the batch classified rightly. */
  accuracy: { per: 'network', unit: 'share', heading: 'accuracy', optional: true },
  /** ‖∂C/∂W‖ (Frobenius). */
  gradientNorms: { per: 'layer', unit: 'number', heading: 'gradient norm', optional: true },
} as const satisfies ColumnList;

/** What is looked at every few steps; float32. */
export const probeColumns = {
  /** Mean of φ′(z) over batch and units. */
  meanDerivative: { per: 'hidden layer', unit: 'number', heading: 'mean derivative', optional: true },
  /** Share of units whose mean |φ′| over the batch is below 1 % of its maximum. */
  saturatedShare: { per: 'hidden layer', unit: 'share', heading: 'saturated share', optional: true },
  /** Share of units whose φ′ is exactly 0 on the whole batch. */
  deadShare: { per: 'hidden layer', unit: 'share', heading: 'dead share', optional: true },
  /** Mean of the pre-activations z over batch and units. */
  preActivationMean: { per: 'hidden layer', unit: 'number', heading: 'pre-activation mean', optional: true },
  /** Standard deviation of the pre-activations. */
  preActivationStddev: { per: 'hidden layer', unit: 'number', heading: 'pre-activation stddev', optional: true },
  /** ‖ΔW‖/‖W‖ of the step. */
  updateRatio: { per: 'layer', unit: 'number', heading: 'update ratio', optional: true },
} as const satisfies ColumnList;

/** What the end of an epoch tells: means over it as Keras prints them (while the weights change), and the test set; float64. */
export const epochColumns = {
  loss: { per: 'network', unit: 'nats', heading: 'epoch loss', optional: false },
  accuracy: { per: 'network', unit: 'share', heading: 'epoch accuracy', optional: true },
  testLoss: { per: 'network', unit: 'nats', heading: 'test loss', optional: true },
  testAccuracy: { per: 'network', unit: 'share', heading: 'test accuracy', optional: true },
} as const satisfies ColumnList;

/** The keys of a list, typed, in its order. */
export const namesOf = <T extends ColumnList>(list: T): (keyof T & string)[] => Object.keys(list);

/** One thing for each column of a list, in its order. */
export const forEachOf = <T extends ColumnList, V>(list: T, value: (name: keyof T & string, column: Column) => V) =>
  Object.fromEntries(namesOf(list).map((name) => [name, value(name, list[name]!)])) as EachOf<T, V>;

/** One thing for each column that there is, made of what there is of it, in the order of the list. */
export function mapTold<T extends ColumnList, V, W>(
  list: T,
  told: ToldOf<T, V>,
  value: (of: V, column: Column) => W,
): ToldOf<T, W> {
  const all = told as Partial<Record<string, V>>;
  const each = namesOf(list).flatMap((name) => {
    const of = all[name];
    return of === undefined ? [] : [[name, value(of, list[name]!)] as const];
  });
  return Object.fromEntries(each) as ToldOf<T, W>;
}

/** Values in a row of a column. */
export function widthOf({ per }: Column, layers: number): number {
  return per === 'network' ? 1 : per === 'layer' ? layers : layers - 1;
}

/** Values in a row of all columns of a list. */
export const rowWidth = (list: ColumnList, layers: number): number =>
  Object.values(list).reduce((sum, column) => sum + widthOf(column, layers), 0);

/** A block's rows from `row` on, as views. */
export const rowsFrom = <T extends ColumnList>(
  list: T,
  block: ToldOf<T, Float32Array>,
  row: number,
  layers: number,
): ToldOf<T, Float32Array> => mapTold(list, block, (values, column) => values.subarray(row * widthOf(column, layers)));

/** Where each column begins in a row of all of a list. */
export function startsOf<T extends ColumnList>(list: T, layers: number): EachOf<T, number> {
  let next = 0;
  return forEachOf(list, (_, column) => {
    const start = next;
    next += widthOf(column, layers);
    return start;
  });
}
