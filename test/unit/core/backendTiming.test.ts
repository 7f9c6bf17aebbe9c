import { describe, expect, it } from 'vitest';
import {
  type BackendTrial,
  chosenOf,
  isSettled,
  medianStep,
  shareOf,
  whyChosen,
} from '../../../src/core/experiment/backendTiming';

const wasm: BackendTrial = { backend: 'wasm', millisecondsPerStep: 0.9 };
const webgl: BackendTrial = { backend: 'webgl', millisecondsPerStep: 4.2 };
const absent = (backend: 'wasm' | 'webgl' | 'webgpu'): BackendTrial => ({ backend, problem: 'does not start here' });
const late: BackendTrial = { backend: 'webgpu', problem: 'did not start in time', passing: true };

describe('what auto takes', () => {
  it.each([
    ['the fastest', [wasm, webgl, absent('webgpu')], 'wasm'],
    ['the fastest, wherever it stands', [{ ...wasm, millisecondsPerStep: 5 }, webgl], 'webgl'],
    ['what has a time, where wasm has none', [absent('wasm'), webgl], 'webgl'],
    ['cpu, where none starts', [absent('wasm'), absent('webgl'), absent('webgpu')], 'cpu'],
    ['wasm, where nothing is known', [], 'wasm'],
    ['wasm, where nothing was tried in time', [{ ...late, backend: 'wasm' }, late], 'wasm'],
  ] as [string, BackendTrial[], string][])('is %s', (_, trials, backend) => {
    expect(chosenOf(trials).backend).toBe(backend);
  });

  it('is said in a sentence', () => {
    expect(whyChosen(chosenOf([wasm, webgl, absent('webgpu')]))).toBe(
      'auto took wasm: 0.9 ms a step; webgl 4.2 ms; webgpu does not start here.',
    );
    expect(whyChosen(chosenOf([wasm, absent('webgl'), absent('webgpu')]))).toBe(
      'auto took wasm: 0.9 ms a step; webgl and webgpu do not start here.',
    );
    expect(whyChosen(chosenOf([{ ...wasm, millisecondsPerStep: 0.04 }, webgl, late]), true)).toBe(
      'auto took wasm, as timed before on this machine: 0.04 ms a step; webgl 4.2 ms; webgpu did not start in time.',
    );
    expect(whyChosen(chosenOf([absent('wasm'), absent('webgl'), absent('webgpu')]))).toBe(
      'auto took cpu: no backend has a time; wasm, webgl and webgpu do not start here.',
    );
    expect(whyChosen(chosenOf([{ ...wasm, millisecondsPerStep: 12.4 }]))).toBe('auto took wasm: 12 ms a step.');
  });

  it('is kept only where another timing would say the same', () => {
    expect(isSettled(chosenOf([wasm, webgl, absent('webgpu')]))).toBe(true);
    expect(isSettled(chosenOf([wasm, webgl, late]))).toBe(false);
    expect(isSettled(chosenOf([wasm]))).toBe(false);
  });

  it('has shares that come to the whole time', () => {
    expect(shareOf(0, 3)).toBeCloseTo(500 / 3);
    expect(shareOf(400, 2)).toBe(50);
    expect(shareOf(900, 2)).toBe(0);
    expect(shareOf(100, 0)).toBe(400);
  });

  it('goes by the median of steps, not of blocks', () => {
    expect(medianStep([])).toBeUndefined();
    expect(medianStep([{ steps: 1, each: 9 }])).toBe(9);
    expect(
      medianStep([
        { steps: 1, each: 9 },
        { steps: 2, each: 8 },
        { steps: 8, each: 2 },
      ]),
    ).toBe(2);
    expect(
      medianStep([
        { steps: 3, each: 8 },
        { steps: 8, each: 2 },
        { steps: 8, each: 9 },
      ]),
    ).toBe(8);
  });

  it('is said of two that have the same problem in the plural, at the word that says it alone', () => {
    const failed = (problem: string) =>
      whyChosen(chosenOf([wasm, { backend: 'webgl', problem }, { backend: 'webgpu', problem }]));
    expect(failed('was lost while it was timed')).toContain('webgl and webgpu were lost while it was timed.');
    expect(failed('stops and does not say why')).toContain('webgl and webgpu stops and does not say why.');
  });
});
