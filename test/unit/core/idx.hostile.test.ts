import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DatasetError, type DatasetFile } from '../../../src/core/data/dataset';
import { datasetFromIdx, encodeIdx, parseIdx, selectIdxFiles } from '../../../src/core/data/idx';
import { mnistFiles, mnistMirrors } from '../../../src/core/data/mnist';
import { inputs } from '../hostile';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const file = (bytes: Uint8Array, name = 'train-images-idx3-ubyte'): DatasetFile => ({ name, bytes });

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
    return (error as DatasetError).message;
  }
  throw new Error('nothing was thrown');
}

describe('parseIdx', () => {
  it('reads back what encodeIdx writes, plain and gzipped', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.boolean(), fc.integer(), (dimensions, zipped, offset) => {
        const length = dimensions.reduce((a, b) => a * b, 1);
        const data = Uint8Array.from({ length }, (_, i) => (i * 31 + offset) & 255);
        const bytes = encodeIdx(dimensions, data);
        const array = parseIdx(file(zipped ? gzipSync(bytes) : bytes));
        expect(array).toEqual({ type: 'uint8', dimensions, data });
      }),
      inputs(100),
    );
  });

  it('reads MNIST’s own header', () => {
    const bytes = new Uint8Array(8 + 3);
    bytes.set([0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4]);
    expect(parseIdx(file(bytes))).toEqual({ type: 'uint8', dimensions: [3], data: Uint8Array.of(5, 0, 4) });
  });

  it('reads from the middle of a shared pool and returns memory of its own', () => {
    const idx = encodeIdx([2], Uint8Array.of(7, 9));
    const pool = new Uint8Array(64);
    pool.set(idx, 11);
    const { data } = parseIdx(file(pool.subarray(11, 11 + idx.length)));
    expect([...data]).toEqual([7, 9]);
    expect(data.buffer.byteLength).toBe(2);
  });

  const images = encodeIdx([2, 3, 3], new Uint8Array(18));
  const zipped = gzipSync(
    encodeIdx(
      [100, 8, 8],
      Uint8Array.from({ length: 6400 }, (_, i) => (i * i) % 251),
    ),
  );
  const flipped = (at: number): Uint8Array => Uint8Array.from(zipped, (byte, i) => (i === at ? byte ^ 0x55 : byte));

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /^train-images-idx3-ubyte is empty; expected an IDX file\.$/],
    ['an HTML page', text('<!DOCTYPE html><title>404'), /not an IDX file: it looks like an HTML page/],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), /not an IDX file: it is a PNG image/],
    ['a ZIP', text('PK\u0003\u0004'), /is a ZIP or NPZ archive/],
    ['a Git LFS pointer', text('version https://git-lfs.github.com/spec/v1\noid'), /Git LFS pointer/],
    ['other bytes', Uint8Array.of(1, 2, 0xab, 4, 5), /it starts with 01 02 ab 04; expected 00 00 08/],
    ['zeros', new Uint8Array(40), /it starts with 00 00 00 00/],
    ['two bytes', new Uint8Array(2), /it starts with 00 00;/],
    ['no dimensions', Uint8Array.of(0, 0, 8, 0), /not an IDX file/],
    ['floats', Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), /holds 32-bit floating-point numbers; expected unsigned bytes/],
    ['a cut header', images.slice(0, 10), /cut short: expected a header of 16 bytes, found 10\./],
    ['too few bytes', images.slice(0, -5), /cut short: expected 18 bytes of data \(2 × 3 × 3\), found 13\./],
    ['too many bytes', Uint8Array.of(...images, 0), /left over at its end: expected 18 bytes of data .* found 19\./],
    ['sizes beyond memory', Uint8Array.of(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255), /cut short/],
    ['a gzip of nothing', gzipSync(new Uint8Array()), /is empty once unpacked/],
    ['a gzip of HTML', gzipSync(text('<html>')), /looks like an HTML page/],
    [
      'a gzip header alone',
      zipped.slice(0, 12),
      /gzipped but damaged or cut short: expected at least 18 bytes, found 12/,
    ],
    ['a gzip cut in half', zipped.slice(0, zipped.length >> 1), /gzipped but damaged or cut short/],
    ['a gzip without its last byte', zipped.slice(0, -1), /gzipped but damaged or cut short/],
    ['a gzip with a wrong checksum', flipped(zipped.length - 6), /damaged or cut short: its checksum does not match/],
    ['a gzip with a wrong length', flipped(zipped.length - 4), /damaged or cut short/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(errorOf(() => parseIdx(file(bytes)))).toMatch(message);
  });

  it('notices any damaged byte of a gzip', () => {
    for (let at = 10; at < zipped.length; at += 7) expect(() => parseIdx(file(flipped(at)))).toThrow(DatasetError);
  });

  it('throws nothing but DatasetErrors, whatever the bytes', () => {
    const start = fc.constantFrom([], [0, 0, 8, 1], [0, 0, 8, 3, 0, 0, 0, 1], [0x1f, 0x8b, 8, 0]);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 60 }), (head, rest) => {
        try {
          parseIdx(file(Uint8Array.of(...head, ...rest)));
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      inputs(500),
    );
  });

  it('encodeIdx refuses data that does not fill its dimensions', () => {
    expect(() => encodeIdx([2, 2], new Uint8Array(3))).toThrow(RangeError);
  });
});

const usual = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

describe('selectIdxFiles', () => {
  const selected = (names: readonly string[]) => Object.values(selectIdxFiles(names));

  it.each<[string, readonly string[]]>([
    ['plain', usual],
    ['gzipped', usual.map((name) => `${name}.gz`)],
    ['with dots', usual.map((name) => name.replace('-idx', '.idx'))],
    ['in capitals', usual.map((name) => name.toUpperCase())],
    ['of EMNIST', usual.map((name) => `emnist-digits-${name.replace('t10k', 'test')}.gz`)],
    ['of MNIST’s mirrors', mnistFiles.map((one) => one.name)],
    ['with folders before them', usual.map((name) => `raw/${name}`)],
  ])('finds names %s', (_what, names) => {
    expect(selected(['.DS_Store', 'readme.txt', ...[...names].reverse()])).toEqual(names);
  });

  it('takes a plain file rather than its gzipped twin, each on its own', () => {
    const names = [`${usual[0]}.gz`, ...usual, `${usual[3]}.gz`];
    expect(selected(names)).toEqual(usual);
    expect(selected([usual[0], ...usual.map((name) => `${name}.gz`)])).toEqual([
      usual[0],
      ...usual.slice(1).map((name) => `${name}.gz`),
    ]);
  });

  it('names what is missing and what was found', () => {
    expect(errorOf(() => selectIdxFiles([usual[0], usual[2], 'notes.md']))).toBe(
      'The data folder lacks train labels (train-labels-idx1-ubyte, plain or .gz), test labels (t10k-labels-idx1-ubyte, plain or .gz); ' +
        'found notes.md, t10k-images-idx3-ubyte, train-images-idx3-ubyte.',
    );
    expect(errorOf(() => selectIdxFiles([]))).toMatch(/found nothing\.$/);
    expect(errorOf(() => selectIdxFiles(Array.from({ length: 20 }, (_, i) => `f${i}.png`)))).toMatch(/ and 14 more\.$/);
  });

  it('does not mix two datasets', () => {
    const letters = usual.map((name) => `emnist-letters-${name}`);
    const digits = usual.map((name) => `emnist-digits-${name}`);
    expect(errorOf(() => selectIdxFiles([...letters, ...digits]))).toMatch(
      /holds 2 datasets \(emnist-digits-…, emnist-letters-…\); expected one/,
    );
    expect(selected([...letters, ...usual])).toEqual(usual);
    expect(() => selectIdxFiles([...letters.slice(0, 2), ...digits.slice(2)])).toThrow(/lacks train images/);
  });
});

describe('datasetFromIdx', () => {
  const labels = (...values: number[]) => encodeIdx([values.length], Uint8Array.from(values));
  const images = (count: number, rows = 2, columns = 3) =>
    encodeIdx(
      [count, rows, columns],
      Uint8Array.from({ length: count * rows * columns }, (_, i) => i),
    );
  const files = (replaced: Partial<Record<(typeof usual)[number], Uint8Array>> = {}): DatasetFile[] => {
    const contents = [images(3), labels(0, 2, 1), images(2), labels(1, 0)];
    return usual.map((name, i) => ({ name, bytes: replaced[name] ?? contents[i]! }));
  };

  it('puts the four files together', () => {
    const dataset = datasetFromIdx('tiny', [...files(), { name: 'readme.txt', bytes: text('x') }]);
    expect(dataset).toMatchObject({ name: 'tiny', rows: 2, columns: 3, classes: 3 });
    expect([...dataset.train.labels]).toEqual([0, 2, 1]);
    expect(dataset.train.images).toHaveLength(18);
    expect([...dataset.test.labels]).toEqual([1, 0]);
  });

  it('counts classes over both parts', () => {
    expect(datasetFromIdx('tiny', files({ 't10k-labels-idx1-ubyte': labels(9, 0) })).classes).toBe(10);
    expect(datasetFromIdx('tiny', files({ 'train-labels-idx1-ubyte': labels(0, 255, 1) })).classes).toBe(256);
  });

  it.each<[string, Parameters<typeof files>[0], RegExp]>([
    [
      'labels in the place of images',
      { 'train-images-idx3-ubyte': labels(1, 2, 3) },
      /^train-images-idx3-ubyte holds a 1-dimensional set \(3\): labels under the name of images; expected images/,
    ],
    [
      'images in the place of labels',
      { 't10k-labels-idx1-ubyte': images(2) },
      /^t10k-labels-idx1-ubyte holds a 3-dimensional set \(2 × 2 × 3\): images under the name of labels; expected labels/,
    ],
    [
      'colour images',
      { 'train-images-idx3-ubyte': encodeIdx([1, 2, 2, 3], new Uint8Array(12)) },
      /4-dimensional set \(1 × 2 × 2 × 3\); expected images/,
    ],
    ['no images', { 'train-images-idx3-ubyte': images(0) }, /holds no pixels \(0 × 2 × 3\)/],
    [
      'images that no network takes',
      { 'train-images-idx3-ubyte': encodeIdx([1, 4097, 4096], new Uint8Array(4097 * 4096)) },
      /^train-images-idx3-ubyte holds images of 4097 × 4096 pixels; expected 16,777,216 pixels at most \(4096 × 4096\)/,
    ],
    [
      'unequal counts',
      { 'train-labels-idx1-ubyte': labels(1) },
      /^train-labels-idx1-ubyte holds 1 label; expected 3, one for each image of train-images-idx3-ubyte\.$/,
    ],
    [
      'unequal sizes',
      { 't10k-images-idx3-ubyte': images(2, 3, 3) },
      /^t10k-images-idx3-ubyte holds images of 3 × 3; expected 2 × 3 as in train-images-idx3-ubyte\.$/,
    ],
    [
      'one class',
      { 'train-labels-idx1-ubyte': labels(0, 0, 0), 't10k-labels-idx1-ubyte': labels(0, 0) },
      /hold the label 0 alone; expected at least two classes/,
    ],
    [
      'one class that is not 0',
      { 'train-labels-idx1-ubyte': labels(3, 3, 3), 't10k-labels-idx1-ubyte': labels(3, 3) },
      /hold the label 3 alone; expected at least two classes/,
    ],
    [
      'a set of 255 dimensions',
      { 'train-images-idx3-ubyte': encodeIdx(Array(255).fill(1), new Uint8Array(1)) },
      /^.{1,200}$/,
    ],
    ['a damaged file', { 't10k-images-idx3-ubyte': images(2).slice(0, -1) }, /^t10k-images-idx3-ubyte is cut short/],
  ])('refuses %s', (_what, replaced, message) => {
    expect(errorOf(() => datasetFromIdx('tiny', files(replaced)))).toMatch(message);
  });

  it('names the missing file', () => {
    expect(errorOf(() => datasetFromIdx('tiny', files().slice(0, 3)))).toMatch(/^The data folder lacks test labels/);
  });
});

describe('MNIST’s files', () => {
  it('are 60,000 and 10,000 images of 28 × 28 and their labels', () => {
    expect(mnistFiles.map((one) => one.bytes)).toEqual([16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000]);
    for (const one of mnistFiles) {
      expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(one.compressedBytes).toBeLessThan(one.bytes);
    }
    for (const mirror of mnistMirrors) expect(mirror).toMatch(/^https:\/\/.*\/mnist\/$/);
  });
});
