import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../src/core/advice/judge';
import { runMarkdown } from '../../../src/core/report/markdown';
import { partialNote } from '../../../src/core/report/partial';
import { networkName } from '../../../src/core/runs/overlay';
import type { NetworkState } from '../../../src/core/runs/record';
import { endEpoch, sampleRun } from './reportRun';

function ended(state: NetworkState, epochs: number) {
  const run = sampleRun({ epochs: 200 });
  for (const network of run.networks) {
    network.state = state;
    for (let i = 0; i < epochs; i++) endEpoch(network, 0.5, 1);
  }
  return run;
}

describe('a run that is a part', () => {
  it('says of how many epochs it is', () => {
    const run = ended('stopped', 1);
    expect(partialNote(run)).toMatch(
      /^Stopped in epoch \d+ of 200: the figures are partial, of 1 of 200 epochs trained to the end\.$/,
    );
    expect(runMarkdown(run, new Map())).toContain(partialNote(run)!);
    expect(partialNote(ended('stopped', 0))).toMatch(/^Stopped before the first step: .* of 0 of 200 epochs/);
    expect(partialNote(ended('interrupted', 2))).toMatch(/^Interrupted in epoch 2 of 200/);
    expect(partialNote(ended('failed', 2))).toMatch(/^Failed in epoch 2 of 200/);
  });

  it('names the networks that failed where those of the others are whole', () => {
    const run = ended('finished', 200);
    const [first] = run.networks;
    first!.state = 'failed';
    first!.epochs.length = 1;
    const name = networkName(run, first!);
    expect(partialNote(run)).toBe(`${name} failed: its figures are partial, of 1 of 200 epochs trained to the end.`);
    for (const network of run.networks) Object.assign(network, { state: 'failed' }).epochs.length = 2;
    expect(partialNote(run)).toMatch(/^Failed in epoch \d+ of 200: the figures are partial, of 2 of 200 epochs/);
  });

  it('says of each network that failed why, with what it had come to and without', () => {
    const run = ended('failed', 2);
    for (const network of run.networks) network.message = 'The worker ended.\n# heading';
    expect(runMarkdown(run, new Map())).toContain(': The worker ended. \\# heading');
    const told = judgeAll(run);
    for (const { text, short, figures } of told.values()) {
      expect(text).toContain('Then it failed: The worker ended.');
      expect(`${short} ${figures}`).toMatch(/Then it failed\..*, failed/);
    }
  });

  it.each(['finished', 'diverged', 'running'] as const)('says nothing of a run that is %s', (state) => {
    expect(partialNote(ended(state, 1))).toBeUndefined();
  });
});
