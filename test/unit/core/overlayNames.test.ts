import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import { overlayNames, type TitledRun } from '../../../src/core/report/overlayNames';
import { runTitle } from '../../../src/core/runs/summary';
import { sampleRun } from './reportRun';

/** A run as the list titles it, or under a name that somebody gave it; begun at a local time. */
function titled(change: Partial<ExperimentConfig>, name?: string, at = new Date(2026, 0, 31, 12, 5)): TitledRun {
  const run = { ...sampleRun(change), startedAt: at.toISOString() };
  return { title: runTitle({ ...(name === undefined ? {} : { name }), config: run.config }), run };
}

describe('overlayNames', () => {
  it('says what differs, and nothing else', () => {
    expect(overlayNames([titled({}), titled({ kernelInitializer: { kind: 'glorot_uniform' } })])).toEqual([
      'normal:1,1',
      'glorot_uniform',
    ]);
    expect(overlayNames([titled({ epochs: 1, optimizer: 'sgd' }), titled({ epochs: 3, hidden: [64, 64] })])).toEqual([
      'hidden 128, sgd, 1 epoch',
      'hidden 2 × 64, adam, 3 epochs',
    ]);
    expect(overlayNames([titled({ seed: 1 }), titled({ seed: 2, seeds: 3 })])).toEqual(['seed 1', 'seeds 2 to 4']);
  });

  it('keeps a name that a person gave', () => {
    expect(overlayNames([titled({}, 'the paper'), titled({ seed: 7 })])).toEqual(['the paper', 'seed 7']);
  });

  it('says when runs of the same settings began, as shortly as tells them apart', () => {
    const at = (day: number, minute: number, second = 0) =>
      titled({}, undefined, new Date(2026, 0, day, 12, minute, second));
    expect(overlayNames([at(31, 5), at(31, 6)])).toEqual(['12:05', '12:06']);
    expect(overlayNames([at(30, 5), at(31, 5)])).toEqual(['30 Jan, 12:05', '31 Jan, 12:05']);
    expect(overlayNames([at(31, 5, 1), at(31, 5, 2)])).toEqual(['12:05:01', '12:05:02']);
  });

  it('adds the time only where names are the same', () => {
    const at = new Date(2026, 0, 31, 12, 6);
    expect(overlayNames([titled({ seed: 1 }), titled({ seed: 1 }, undefined, at), titled({ seed: 2 })])).toEqual([
      'seed 1, 12:05',
      'seed 1, 12:06',
      'seed 2',
    ]);
    expect(overlayNames([titled({}, 'mine'), titled({ seed: 3 }, 'mine', at)])).toEqual(['mine, 12:05', 'mine, 12:06']);
  });
});
