import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../../src/core/sweeps/result';
import { emptyRun, stepsOf, train } from '../runs/runs';

/** Of a run with 4 steps an epoch and 3 epochs; two hidden layers and the output. */
function finished(steps = 12) {
  const run = emptyRun({ activations: ['relu'] });
  const network = run.networks[0]!;
  train(run, network, steps);
  return { run, network, as: { config: run.config, classes: 10, stepsPerEpoch: 4 } };
}

describe('what a network of a sweep came to', () => {
  it('is its last epoch on the test set, and its gradient at the first batch', () => {
    const { network, as } = finished();
    const { gradientNorms } = stepsOf(0, 12, 3);
    const result = resultOf('x', network, as)!;
    expect(result).toMatchObject({
      id: 'x',
      state: 'finished',
      backend: 'cpu',
      seconds: 1.2,
      steps: 12,
      accuracy: 0.25,
    });
    expect(result.loss).toBeNaN();
    expect(result.gradient).toBe(gradientNorms![0]);
    // Rows of three: two hidden layers, then the output.
    expect(result.arrives).toBeCloseTo(gradientNorms![0]! / gradientNorms![1]!, 12);
    const last = [8, 9, 10, 11];
    const sum = (layer: number) => last.reduce((total, step) => total + gradientNorms![3 * step + layer]!, 0);
    expect(result.arrivesAtEnd).toBeCloseTo(sum(0) / sum(1), 12);
    expect(result.verdict).toBeDefined();
  });

  it('is nothing for one that was stopped, waits or trains', () => {
    const { network, as } = finished(5);
    for (const state of ['waiting', 'running', 'paused', 'stopped', 'interrupted'] as const) {
      network.state = state;
      expect(resultOf('x', network, as), state).toBeUndefined();
    }
  });

  it('is how far it came, where it failed or diverged', () => {
    const { network, as } = finished(5);
    network.state = 'failed';
    network.message = 'Its worker died.';
    expect(resultOf('x', network, as)).toMatchObject({
      state: 'failed',
      message: 'Its worker died.',
      steps: 5,
      accuracy: 0.25,
    });
    expect(resultOf('x', network, as)!.verdict).toBeUndefined();
    network.state = 'diverged';
    expect(resultOf('x', network, as)).toMatchObject({ state: 'diverged', verdict: 'diverged' });
  });

  it('tells no gradient where none was recorded, and 0 where none came to the first layer', () => {
    const before = finished(0);
    before.network.state = 'failed';
    expect(resultOf('x', before.network, before.as)).toMatchObject({
      steps: 0,
      gradient: undefined,
      arrives: undefined,
    });
    const run = emptyRun({ activations: ['relu'], hidden: [4, 4] });
    const network = run.networks[0]!;
    network.steps.append({
      firstStep: 0,
      loss: Float32Array.of(1),
      accuracy: Float32Array.of(0),
      gradientNorms: Float32Array.of(0, 0, 0.5),
    });
    network.state = 'finished';
    expect(resultOf('x', network, before.as)).toMatchObject({
      gradient: 0,
      arrives: 0,
      arrivesAtEnd: undefined,
    });
  });
});
