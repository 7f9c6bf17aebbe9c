import { describe, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../../src/core/experiment/config';
import { differences, overlayNames, type TitledRun } from '../../../src/core/report/overlayNames';
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
    expect(overlayNames([titled({ epochs: 1 }), titled({ epochs: 3 })])).toEqual(['1 epoch', '3 epochs']);
    expect(overlayNames([titled({ seed: 1 }), titled({ seed: 2, seeds: 3 })])).toEqual(['seed 1', 'seeds 2 to 4']);
  });

  it('says no more of what differs than tells a run from the others', () => {
    const glorot = { kernelInitializer: { kind: 'glorot_uniform' } } as const;
    expect(
      overlayNames([titled({ ...glorot, hidden: [64, 64], epochs: 4 }), titled({ ...glorot }), titled({ epochs: 1 })]),
    ).toEqual(['hidden 2 × 64', 'hidden 128, glorot_uniform', 'hidden 128, normal:1,1']);
  });

  it('cuts a long name', () => {
    const [name] = overlayNames([titled({}, 'a very long name '.repeat(10)), titled({})]);
    expect(name).toMatch(/^a very long name a very .*…$/);
    expect(name!.length).toBeLessThanOrEqual(48);
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

  it('knows all that differs', () => {
    const runs = [titled({ optimizer: 'sgd', seed: 4 }), titled({})].map(({ run }) => run);
    expect(differences(runs)).toEqual([
      ['sgd', 'seed 4'],
      ['adam', 'seed 0'],
    ]);
    expect(differences(runs.slice(1))).toEqual([[]]);
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
