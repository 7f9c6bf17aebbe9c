import { createHash } from 'node:crypto';
import path from 'node:path';

/** @typedef {{ fileName: string, location: { start: { line: number, column: number } }, mutatorName: string, replacement?: string }} Fault */

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/** From 0 to below 1, the same for the same words. @param {string} words */
const drawn = (words) => createHash('sha256').update(words).digest().readUInt32BE() / 2 ** 32;

/** @param {string} a @param {string} b */
const byText = (a, b) => (a < b ? -1 : Number(a > b));

/**
 * File by file, in each by lot.
 *
 * @template {Fault} T
 * @param {readonly T[]} faults
 * @param {number} seed
 */
function shuffled(faults, seed) {
  const lots = faults.map((fault) => {
    const { fileName, location, mutatorName, replacement } = fault;
    const place = `${location.start.line}:${location.start.column}`;
    return { fault, lot: drawn([seed, path.basename(fileName), place, mutatorName, replacement].join(' ')) };
  });
  return lots.sort((a, b) => byText(a.fault.fileName, b.fault.fileName) || a.lot - b.lot).map(({ fault }) => fault);
}

/**
 * `count` of the faults, or all where there are no more: drawn at random, each as likely as every other, and each file with
 * its share of them. The same seed draws the same.
 *
 * @template {Fault} T
 * @param {readonly T[]} faults
 * @param {number} count
 * @param {number} seed
 * @returns {Set<T>}
 */
export function sampleOf(faults, count, seed) {
  if (count >= faults.length) return new Set(faults);
  const ordered = shuffled(faults, seed);
  // From a start that is drawn, at equal distances over the files one after the other: each has its share, to within one.
  const step = ordered.length / count;
  const start = drawn(String(seed)) * step;
  /** @type {Set<T>} */
  const sample = new Set();
  for (let at = 0; at < count; at++) {
    const fault = ordered[Math.floor(start + at * step)];
    if (fault !== undefined) sample.add(fault);
  }
  return sample;
}

/**
 * Of a share that a sample without replacement shows: Wilson's interval of 95 %, of as many more as the finite whole makes
 * of them.
 *
 * @param {number} hits
 * @param {number} tried
 * @param {number} whole
 * @returns {[number, number]}
 */
export function intervalOf(hits, tried, whole) {
  if (tried === 0) return [0, 1];
  const share = hits / tried;
  if (tried >= whole) return [share, share];
  const n = (tried * (whole - 1)) / (whole - tried);
  const middle = (share + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
