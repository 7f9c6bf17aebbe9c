import { describe, expect, it } from 'vitest';
import { runLog } from '../../../../src/core/runs/log';
import { MOST_RUN_FILE_BYTES, readRunFile, runFileTooLarge } from '../../../../src/core/runs/runFile';
import { serialiseRun } from '../../../../src/core/runs/serialise';
import { contents, finishedRun } from './runs';

const run = finishedRun();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const log = new Uint8Array(Buffer.concat(runLog(run)));

describe('a file that a person opens', () => {
  it.each([
    ['JSON', bytes(serialiseRun(run))],
    ['JSON with a byte order mark and line breaks', bytes(`\ufeff\n${serialiseRun(run)}\n`)],
    ['a log', log],
  ])('is read from %s', (_kind, file) => {
    const read = readRunFile(file);
    expect(contents(read.run)).toEqual(contents(run));
    expect(read.note).toBeUndefined();
  });

  it('is read up to where a log is damaged, and that is said', () => {
    const { run: half, note } = readRunFile(log.subarray(0, log.length - 20));
    expect(half.networks).toHaveLength(run.networks.length);
    expect(note).toMatch(/damaged after line \d+.*What comes before is shown/);
  });

  it.each([
    ['', /not a stored run/],
    ['{"dataset":{"name":"MNIST"}}', /not a stored run of Gradient Lens/],
    [serialiseRun(run).slice(0, -9), /its end is missing/],
    [serialiseRun(run).replace('"version":1', '"version":9'), /newer Gradient Lens \(format 9/],
    [serialiseRun(run).replace('"epochs":3', '"epochs":2'), /damaged/],
    [serialiseRun(run).replace('"id":"run"', '"id":"../run"'), /damaged at id: an id has letters/],
  ])('is refused with a sentence: %.40s', (text, message) => {
    expect(() => readRunFile(bytes(text))).toThrow(message);
  });

  it('may not be larger than any run is', () => {
    expect(runFileTooLarge(MOST_RUN_FILE_BYTES)).toBeUndefined();
    expect(runFileTooLarge(MOST_RUN_FILE_BYTES + 1)).toBe('The file has 257 MB; a stored run has at most 256 MB.');
  });
});
