import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Dataset, DatasetError, type LabelledImages } from '../core/data/dataset';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { datasetFromIdx, selectIdxFiles } from '../core/data/idx';
import type { DataSource } from '../core/experiment/config';
import { messageOf } from '../core/format/errors';
import { readBytes, reasonOf } from './files';

/** Bytes of a file: what one piece of memory holds. */
const LARGEST = 2_000_000_000;

/** The dataset of a source, read from the disk, or word that the workers draw it; throws DatasetError with a sentence. */
export function loadDataset(source: DataSource): Dataset | DrawnDigits {
  if (source.kind === 'digits') return { drawn: 'digits' };
  if (source.kind === 'mnist')
    throw new DatasetError('The terminal command reads MNIST from a folder: give --data FOLDER.');
  const folder = resolve(source.folder);
  const files = Object.values(selectIdxFiles(namesIn(folder, source.folder))).map((name) => {
    try {
      return { name, bytes: new Uint8Array(readBytes(join(folder, name), LARGEST)) };
    } catch (error) {
      throw new DatasetError(`${name} ${messageOf(error)}`);
    }
  });
  const { train, test, ...rest } = datasetFromIdx(basename(folder), files);
  return { ...rest, train: shared(train), test: shared(test) };
}

/** What lies in a folder, other folders left out. */
function namesIn(folder: string, given: string): string[] {
  const expected = 'expected a folder with IDX files';
  try {
    if (!statSync(folder).isDirectory()) throw new DatasetError(`${given} is no folder; ${expected}.`);
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(`The folder ${given} ${reasonOf(error)}; ${expected}.`);
  }
}

/** The same in memory that worker threads share with this one: no network has a copy of its own. */
const shared = ({ images, labels }: LabelledImages): LabelledImages => ({
  images: inSharedMemory(images),
  labels: inSharedMemory(labels),
});

function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
