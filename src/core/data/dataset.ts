import { type DrawnDigits, drawnDigits } from './drawnDigits';

/** A labelled set of grey images, as bytes: pixel value/255 is what a network sees. */
export interface LabelledImages {
  /** count × rows × columns, row-major, one byte a pixel. */
  readonly images: Uint8Array;
  /** count class numbers, each below `classes`. */
  readonly labels: Uint8Array;
  /** Where images are drawn when they are first wanted: draws this one. Without it, all are there. */
  readonly want?: (image: number) => void;
}

export interface Dataset {
  /** What a person reads: "MNIST", "drawn digits", or the folder's name. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** What is told of a dataset where its pixels are not needed. */
export interface DatasetSummary {
  readonly name: string;
  readonly train: number;
  readonly test: number;
  readonly classes: number;
  readonly inputs: number;
}

export function summarise(dataset: Dataset | DrawnDigits): DatasetSummary {
  if ('drawn' in dataset) return drawnDigits;
  return {
    name: dataset.name,
    train: dataset.train.labels.length,
    test: dataset.test.labels.length,
    classes: dataset.classes,
    inputs: dataset.rows * dataset.columns,
  };
}

/** A file of a dataset as it was found: its name for messages, its bytes as they lie on the disk (gzipped or not). */
export interface DatasetFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Something is wrong with the data; the message says which file, what was found and what was expected. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
