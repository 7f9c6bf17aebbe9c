import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LabelledImages } from '../../../src/core/data/dataset';
import { digitStates, encodeStates } from '../../../src/core/data/digitStates';
import { digitsWhenWanted, drawDigits, statesOf } from '../../../src/core/data/digits';
import { createRandom, shuffledIndices } from '../../../src/core/math/random';

const dataset = drawDigits();
const { train, test } = dataset;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function countLabels({ labels }: LabelledImages): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** Share of the test images nearest to the mean training image of their class. */
function nearestMeanAccuracy(): number {
  const means = Array.from({ length: 10 }, () => new Float64Array(784));
  const counts = countLabels(train);
  train.labels.forEach((label, i) => {
    for (let p = 0; p < 784; p++) means[label]![p]! += train.images[784 * i + p]! / counts[label]!;
  });
  let right = 0;
  test.labels.forEach((label, i) => {
    const distances = means.map((one) => one.reduce((sum, m, p) => sum + (test.images[784 * i + p]! - m) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  });
  return right / test.labels.length;
}

describe('drawDigits', () => {
  it('is shaped like MNIST', () => {
    expect(dataset).toMatchObject({ name: 'drawn digits', rows: 28, columns: 28, classes: 10 });
    expect(train.images).toHaveLength(12_000 * 784);
    expect(train.labels).toHaveLength(12_000);
    expect(test.images).toHaveLength(2_000 * 784);
    expect(test.labels).toHaveLength(2_000);
  });

  it('draws every digit equally often, in mixed order', () => {
    expect(countLabels(train)).toEqual(new Array(10).fill(1_200));
    expect(countLabels(test)).toEqual(new Array(10).fill(200));
    expect(new Set(train.labels.subarray(0, 60)).size).toBe(10);
    const odd = countLabels(drawDigits({ train: 13, test: 1 }).train);
    expect([Math.min(...odd), Math.max(...odd)]).toEqual([1, 2]);
  });

  it('draws the same images for the same seed, today and tomorrow', () => {
    expect(sha256(train.images)).toBe('624c13ef0320501dabd68a926fd1310548362734fdc2775501d14bcd1cc84230');
    expect(sha256(test.images)).toBe('614088d0a500f43e1dbd0100b7c2e30a2952f3bd35786c13cc07629c3c9db8a6');
    const again = drawDigits({ train: 50, test: 20, seed: 3 });
    expect(drawDigits({ train: 50, test: 20, seed: 3 })).toEqual(again);
    expect(drawDigits({ train: 50, test: 20, seed: 4 }).train.images).not.toEqual(again.train.images);
    // How many are drawn to train on leaves the test images alone.
    expect(drawDigits({ train: 10, test: 20, seed: 3 }).test).toEqual(again.test);
  });

  it('is as bright as MNIST: a mean pixel of 0.1307, give or take a tenth', () => {
    for (const { images } of [train, test]) {
      const mean = images.reduce((sum, pixel) => sum + pixel, 0) / images.length / 255;
      expect(mean).toBeGreaterThan(0.1307 * 0.9);
      expect(mean).toBeLessThan(0.1307 * 1.1);
      // MNIST: 0.191
      const inked = images.reduce((sum, pixel) => sum + (pixel > 0 ? 1 : 0), 0) / images.length;
      expect(inked).toBeGreaterThan(0.16);
      expect(inked).toBeLessThan(0.24);
    }
  });

  it('puts the digits into the middle, and none off the edge or empty', () => {
    let [onEdge, mostLeft, mostUp] = [0, 0, 0];
    test.labels.forEach((_, i) => {
      const image = test.images.subarray(784 * i, 784 * (i + 1));
      let [sum, x, y, edge] = [0, 0, 0, 0];
      image.forEach((pixel, p) => {
        const [row, column] = [Math.floor(p / 28), p % 28];
        sum += pixel;
        x += pixel * column;
        y += pixel * row;
        if (row === 0 || row === 27 || column === 0 || column === 27) edge += pixel;
      });
      expect(sum / 255).toBeGreaterThan(15);
      onEdge += edge / sum;
      mostLeft = Math.max(mostLeft, Math.abs(x / sum - 13.5));
      mostUp = Math.max(mostUp, Math.abs(y / sum - 13.5));
    });
    expect(onEdge / test.labels.length).toBeLessThan(0.005);
    expect(Math.max(mostLeft, mostUp)).toBeLessThan(6);
  });

  it('can be told apart, but not by their means alone', () => {
    const accuracy = nearestMeanAccuracy();
    expect(accuracy).toBeGreaterThan(0.6);
    expect(accuracy).toBeLessThan(0.85);
  });

  it.each([{ train: 0 }, { test: 1.5 }, { train: Number.NaN }, { test: -1 }])('refuses %j', (counts) => {
    expect(() => drawDigits(counts)).toThrow(RangeError);
  });
});

describe('digitsWhenWanted', () => {
  const inAnyOrder = shuffledIndices(12_000, createRandom(1));

  it('draws the very same images, in whatever order they are wanted', () => {
    const wanted = digitsWhenWanted();
    expect(wanted).toMatchObject({ name: dataset.name, rows: 28, columns: 28, classes: 10 });
    expect(wanted.train.labels).toEqual(train.labels);
    expect(wanted.test.labels).toEqual(test.labels);
    for (const i of inAnyOrder) wanted.train.want!(i);
    for (let i = 1999; i >= 0; i--) wanted.test.want!(i);
    expect(sha256(wanted.train.images)).toBe(sha256(train.images));
    expect(sha256(wanted.test.images)).toBe(sha256(test.images));
  });

  it('draws no more than one image takes', () => {
    const wanted = digitsWhenWanted();
    wanted.train.want!(7_531);
    expect(wanted.train.images.subarray(784 * 7_531, 784 * 7_532)).toEqual(
      train.images.subarray(784 * 7_531, 784 * 7_532),
    );
    expect(wanted.train.images.subarray(0, 784 * 7_530).some((pixel) => pixel > 0)).toBe(false);
    expect(wanted.train.images.subarray(784 * 7_540).some((pixel) => pixel > 0)).toBe(false);
  });

  it.each(['train', 'test'] as const)('knows where the stream of %s stands', (part) => {
    expect(digitStates[part]).toBe(encodeStates(statesOf(part)));
  });
});
