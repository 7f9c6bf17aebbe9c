import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Dataset, DatasetError, type LabelledImages } from '../core/data/dataset';
import type { DrawnDigits } from '../core/data/drawnDigits';
import { datasetFromIdx, selectIdxFiles } from '../core/data/idx';
import type { DataSource } from '../core/experiment/config';

/** The dataset of a source, read from the disk, or word that the workers draw it; throws DatasetError with a sentence. */
export function loadDataset(source: DataSource): Dataset | DrawnDigits {
  if (source.kind === 'digits') return { drawn: 'digits' };
  if (source.kind === 'mnist')
    throw new DatasetError('The terminal command reads MNIST from a folder: give --data FOLDER.');
  const folder = resolve(source.folder);
  if (!existsSync(folder))
    throw new DatasetError(`The folder ${source.folder} does not exist; expected a folder with IDX files.`);
  if (!statSync(folder).isDirectory())
    throw new DatasetError(`${source.folder} is a file; expected a folder with IDX files.`);
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const names = Object.values(selectIdxFiles(entries.map(({ name }) => name)));
  const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
  const { train, test, ...rest } = datasetFromIdx(basename(folder), files);
  return { ...rest, train: shared(train), test: shared(test) };
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
