import { messageOf } from '../format/errors';
import { type Dataset, DatasetError, type DatasetFile, type LabelledImages } from './dataset';
import { gunzip } from './gunzip';

/** The contents of an IDX file of unsigned bytes. */
export interface IdxArray {
  readonly type: 'uint8';
  /** Length along each axis, the slowest first: [60000, 28, 28]. */
  readonly dimensions: readonly number[];
  /** Row-major, in memory that no other array has; its header may lie before it. */
  readonly data: Uint8Array;
}

/** The names of a dataset's four files in a folder. */
export interface IdxFileNames {
  readonly trainImages: string;
  readonly trainLabels: string;
  readonly testImages: string;
  readonly testLabels: string;
}

/** The third byte of an IDX file. */
const UNSIGNED_BYTE = 0x08;
const elementTypes: Readonly<Record<number, string>> = {
  [UNSIGNED_BYTE]: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floating-point numbers',
  14: '64-bit floating-point numbers',
};

const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
/** At most eight of them: a broken file may announce 255. */
const size = (dimensions: readonly number[]): string =>
  dimensions.length > 8 ? `${dimensions.slice(0, 8).join(' × ')} × …` : dimensions.join(' × ');

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, their lengths as 32-bit
 * big-endian numbers, the data. Gzip is recognised by its magic bytes, not by the name.
 *
 * @throws DatasetError for a file that is empty, gzipped and damaged, not IDX, of another type, too short or too long
 */
export function parseIdx(file: DatasetFile): IdxArray {
  const { name } = file;
  if (file.bytes.length === 0) throw new DatasetError(`${name} is empty; expected an IDX file.`);
  const packed = isGzip(file.bytes);
  const bytes = packed ? unpacked(file) : file.bytes;
  const [zero, alsoZero, type = -1, rank = 0] = bytes;
  const typeName = elementTypes[type];
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0 || typeName === undefined || rank === 0) {
    throw new DatasetError(
      `${name} is not an IDX file: it ${describeStart(bytes)}; expected 00 00 08 and the number of dimensions.`,
    );
  }
  if (type !== UNSIGNED_BYTE)
    throw new DatasetError(`${name} holds ${typeName}; expected ${elementTypes[UNSIGNED_BYTE]}.`);

  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new DatasetError(
      `${name} is cut short: expected a header of ${count(header, 'byte')}, found ${bytes.length}.`,
    );
  }
  const dimensions = dimensionsIn(bytes, rank);
  const expected = product(dimensions);
  const found = bytes.length - header;
  if (found !== expected) {
    const what = found < expected ? 'is cut short' : 'has bytes left over at its end';
    throw new DatasetError(
      `${name} ${what}: expected ${count(expected, 'byte')} of data (${size(dimensions)}), found ${found.toLocaleString('en')}.`,
    );
  }
  // What was unpacked here is ours alone. A file may lie in a pool shared with others (Node's Buffer), and the data is passed to workers.
  if (packed) return { type: 'uint8', dimensions, data: bytes.subarray(header) };
  const data = new Uint8Array(expected);
  data.set(bytes.subarray(header));
  return { type: 'uint8', dimensions, data };
}

/**
 * The IDX file of some unsigned bytes.
 *
 * @throws RangeError where the data does not fill the dimensions
 */
export function encodeIdx(dimensions: readonly number[], data: Uint8Array): Uint8Array {
  if (product(dimensions) !== data.length) {
    throw new RangeError(`${data.length} bytes do not fill ${size(dimensions)}`);
  }
  const header = 4 + 4 * dimensions.length;
  const bytes = new Uint8Array(header + data.length);
  bytes.set([0, 0, UNSIGNED_BYTE, dimensions.length]);
  const view = new DataView(bytes.buffer);
  dimensions.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length);
  });
  bytes.set(data, header);
  return bytes;
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Of a dimension count and its lengths. */
const LONGEST_HEADER = 4 + 4 * 255;

/** The bytes that an IDX file has by its header: of what is none, enough to say what it is. */
function announced(start: Uint8Array): number {
  const [zero, alsoZero, type = -1, rank = 0] = start;
  const header = 4 + 4 * rank;
  if (zero !== 0 || alsoZero !== 0 || type !== UNSIGNED_BYTE || rank === 0 || start.length < header)
    return start.length;
  return header + product(dimensionsIn(start, rank));
}

function unpacked({ name, bytes }: DatasetFile): Uint8Array {
  const damaged = (found: string) =>
    new DatasetError(`${name} is gzipped but damaged or cut short: ${found}; download or copy it again.`);
  if (bytes.length < 18) throw damaged(`expected at least 18 bytes, found ${bytes.length}`);
  let start: Uint8Array = new Uint8Array(0);
  const mostBytes = (found: Uint8Array): number => {
    start = found;
    const size = announced(found);
    if (size > LARGEST_DATA) throw tooLarge(name, size);
    // Nothing is allocated that so few bytes cannot unpack to.
    if (size > LARGEST_RATIO * bytes.length)
      throw new DatasetError(
        `${name} is cut short: its header announces ${count(size, 'byte')}, more than its ${count(bytes.length, 'byte')} can hold.`,
      );
    return size;
  };
  try {
    return gunzip(bytes, LONGEST_HEADER, mostBytes);
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    if (!(error instanceof RangeError)) throw damaged(messageOf(error));
    // What is no IDX file is described by its beginning.
    if (announced(start) === start.length) return start;
    throw new DatasetError(
      `${name} has bytes left over at its end: expected ${count(announced(start), 'byte')}, and it unpacks to more.`,
    );
  }
}

/** DEFLATE's largest ratio: 258 bytes for two bits. */
const LARGEST_RATIO = 1032;
/** Bytes: what one piece of memory holds. */
const LARGEST_DATA = 2_000_000_000;

const tooLarge = (name: string, size: number) =>
  new DatasetError(`${name} announces ${count(size, 'byte')}; expected ${count(LARGEST_DATA, 'byte')} at most.`);

const product = (dimensions: readonly number[]): number => dimensions.reduce((all, length) => all * length, 1);

function dimensionsIn(bytes: Uint8Array, rank: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4 + 4 * rank);
  return Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
}

/** Says what a file is that is not IDX, so that a person sees what went wrong: "looks like an HTML page". */
function describeStart(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 64);
  const text = Array.from(start, (byte) => String.fromCharCode(byte)).join('');
  if (/^\s*<(!doctype|html|head|\?xml)/i.test(text)) return 'looks like an HTML page (a failed download?)';
  if (text.startsWith('version https://git-lfs')) return 'is a Git LFS pointer (run git lfs pull)';
  if (text.startsWith('\x89PNG')) return 'is a PNG image';
  if (text.startsWith('\xff\xd8\xff')) return 'is a JPEG image';
  if (text.startsWith('PK')) return 'is a ZIP or NPZ archive';
  if (text.startsWith('\x93NUMPY')) return 'is a NumPy array';
  const hex = Array.from(start.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length === 0 ? 'is empty once unpacked' : `starts with ${hex}`;
}

/** `emnist-letters-` + `train` + `images` + `idx3-ubyte` + `.gz`, with dashes, dots or underscores between them. */
const filePattern = /^(.*?)(train|t10k|test)[-_.](images|labels)[-_.]idx[13][-_.]ubyte(\.gz)?$/i;

const roles = {
  trainImages: { part: 'train', content: 'images', usual: 'train-images-idx3-ubyte' },
  trainLabels: { part: 'train', content: 'labels', usual: 'train-labels-idx1-ubyte' },
  testImages: { part: 'test', content: 'images', usual: 't10k-images-idx3-ubyte' },
  testLabels: { part: 'test', content: 'labels', usual: 't10k-labels-idx1-ubyte' },
} as const;
type Role = keyof typeof roles;
const roleNames = Object.keys(roles) as Role[];

/**
 * Picks the four IDX files of a dataset out of a folder by their usual names: `train-images-idx3-ubyte`,
 * `t10k-labels.idx1-ubyte`, `emnist-digits-test-images-idx3-ubyte`, each with or without `.gz`, in any case. Where a
 * file is there both plain and gzipped, the plain one is taken. The names come in the order of {@link IdxFileNames}.
 *
 * @throws DatasetError naming the missing files and what was found, or the datasets where there are several
 */
export function selectIdxFiles(names: readonly string[]): IdxFileNames {
  /** By what precedes "train": a folder may hold several datasets (EMNIST's). */
  const sets = new Map<string, Partial<Record<Role, string>>>();
  const packedLast = [...names].sort((a, b) => Number(/\.gz$/i.test(a)) - Number(/\.gz$/i.test(b)) || (a < b ? -1 : 1));
  for (const name of packedLast) {
    const [match, prefix = '', part = '', content = ''] = filePattern.exec(baseName(name)) ?? [];
    if (match === undefined) continue;
    const isTrain = part.toLowerCase() === 'train';
    const isImages = content.toLowerCase() === 'images';
    const role: Role = isTrain ? (isImages ? 'trainImages' : 'trainLabels') : isImages ? 'testImages' : 'testLabels';
    const key = prefix.toLowerCase();
    const set = sets.get(key) ?? {};
    set[role] ??= name;
    sets.set(key, set);
  }
  const complete = [...sets].filter(([, set]) => roleNames.every((role) => set[role] !== undefined));
  const chosen = complete.find(([prefix]) => prefix === '') ?? complete[0];
  if (chosen === undefined) {
    const fullest = [...sets.values()].sort((a, b) => Object.keys(b).length - Object.keys(a).length)[0] ?? {};
    throw new DatasetError(missingFiles(fullest, names));
  }
  if (complete.length > 1 && chosen[0] !== '') {
    const prefixes = complete.map(([prefix]) => `${prefix}…`).sort();
    throw new DatasetError(
      `The folder holds ${complete.length} datasets (${prefixes.join(', ')}); expected one in a folder.`,
    );
  }
  return Object.fromEntries(roleNames.map((role) => [role, chosen[1][role]])) as unknown as IdxFileNames;
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

function missingFiles(set: Partial<Record<Role, string>>, names: readonly string[]): string {
  const missing = roleNames
    .filter((role) => set[role] === undefined)
    .map((role) => `${roles[role].part} ${roles[role].content} (${roles[role].usual}, plain or .gz)`);
  const shown = [...names].sort().slice(0, 6);
  const rest = names.length - shown.length;
  const found = names.length === 0 ? 'nothing' : `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `The data folder lacks ${missing.join(', ')}; found ${found}.`;
}

/**
 * Puts a dataset together from its four IDX files, which are told apart by their names ({@link selectIdxFiles}); other
 * files are ignored. The number of classes is the largest label + 1.
 *
 * @param name what a person reads: "MNIST", the folder's name
 * @throws DatasetError which says which file is wrong, what was found in it and what was expected
 */
export function datasetFromIdx(name: string, files: readonly DatasetFile[]): Dataset {
  const names = selectIdxFiles(files.map((file) => file.name));
  const read = (fileName: string): DatasetFile & IdxArray => {
    const file = files.find((candidate) => candidate.name === fileName)!;
    return { ...file, ...parseIdx(file) };
  };
  const trainImages = readImages(read(names.trainImages));
  const train = pair(trainImages, readLabels(read(names.trainLabels)));
  const testImages = readImages(read(names.testImages));
  const test = pair(testImages, readLabels(read(names.testLabels)));

  const [, rows, columns] = trainImages.dimensions as [number, number, number];
  const [, testRows, testColumns] = testImages.dimensions as [number, number, number];
  if (rows !== testRows || columns !== testColumns) {
    throw new DatasetError(
      `${names.testImages} holds images of ${testRows} × ${testColumns}; expected ${rows} × ${columns} as in ${names.trainImages}.`,
    );
  }
  const [first = 0] = train.labels;
  if ([train, test].every(({ labels }) => labels.every((label) => label === first))) {
    throw new DatasetError(
      `${names.trainLabels} and ${names.testLabels} hold the label ${first} alone; expected at least two classes.`,
    );
  }
  return { name, rows, columns, classes: Math.max(largest(train.labels), largest(test.labels)) + 1, train, test };
}

/** Pixels; of more than that, a first layer of any width takes more memory than there is. */
const LARGEST_IMAGE = 4096 * 4096;

function readImages(file: DatasetFile & IdxArray): DatasetFile & IdxArray {
  const { name, dimensions } = file;
  if (dimensions.length !== 3) {
    const guess = dimensions.length === 1 ? ': labels under the name of images' : '';
    throw new DatasetError(
      `${name} holds a ${dimensions.length}-dimensional set (${size(dimensions)})${guess}; expected images, count × rows × columns.`,
    );
  }
  const [, rows, columns] = dimensions as [number, number, number];
  if (rows * columns > LARGEST_IMAGE) {
    throw new DatasetError(
      `${name} holds images of ${rows} × ${columns} pixels; expected ${count(LARGEST_IMAGE, 'pixel')} at most (4096 × 4096). Scale them down.`,
    );
  }
  if (file.data.length === 0) throw new DatasetError(`${name} holds no pixels (${size(dimensions)}); expected images.`);
  return file;
}

function readLabels(file: DatasetFile & IdxArray): DatasetFile & IdxArray {
  const { name, dimensions } = file;
  if (dimensions.length !== 1) {
    const guess = dimensions.length === 3 ? ': images under the name of labels' : '';
    throw new DatasetError(
      `${name} holds a ${dimensions.length}-dimensional set (${size(dimensions)})${guess}; expected labels, one number an image.`,
    );
  }
  return file;
}

function pair(images: DatasetFile & IdxArray, labels: DatasetFile & IdxArray): LabelledImages {
  const imageCount = images.dimensions[0]!;
  if (labels.data.length !== imageCount) {
    throw new DatasetError(
      `${labels.name} holds ${count(labels.data.length, 'label')}; expected ${imageCount.toLocaleString('en')}, one for each image of ${images.name}.`,
    );
  }
  return { images: images.data, labels: labels.data };
}

function largest(labels: Uint8Array): number {
  let max = 0;
  for (let i = 0; i < labels.length; i++) max = Math.max(max, labels[i]!);
  return max;
}
