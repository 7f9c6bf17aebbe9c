import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../src/core/advice/judge';
import type { ExperimentConfig } from '../../../../src/core/experiment/config';
import { applyNews, type RunNews } from '../../../../src/core/runs/news';
import { inputs } from '../../hostile';
import { emptyRun } from '../runs/runs';

const CLASSES = 10;

/** Numbers of a step: usual ones, and those that a training has come to at its extremes. */
const losses = fc.oneof(
  fc.double({ min: 0.01, max: 30, noNaN: true }),
  fc.double({ min: 30, max: 1e30, noNaN: true }),
  fc.constantFrom(218_663, 3e38),
);
const figures = fc.oneof(
  fc.double({ min: 0, max: 10, noNaN: true }),
  fc.constantFrom(0, 1e-30, 1e-12, 1e20, Number.POSITIVE_INFINITY, Number.NaN),
);
const shares = fc.double({ min: 0, max: 1, noNaN: true });

const settings = fc.record({
  activations: fc.constantFrom('sigmoid', 'relu', 'tanh', 'gelu', 'elu', 'linear', 'softplus').map((name) => [name]),
  optimizer: fc.constantFrom('sgd', 'momentum', 'rmsprop', 'adam'),
  learningRate: fc.constantFrom(1e-6, 1e-3, 0.1, 10, 1000),
}) as fc.Arbitrary<Partial<ExperimentConfig>>;

/** A network with so many steps, of which each has the same layers' numbers. */
function trained(
  change: Partial<ExperimentConfig>,
  loss: readonly number[],
  accuracy: readonly number[],
  figure: number,
  share: number,
  state: 'finished' | 'running' | 'diverged',
  message?: string,
) {
  const run = emptyRun({ ...change, epochs: 1 });
  const [network] = run.networks;
  const layers = network!.layers.length;
  const all = (of: number, value: number) => new Float32Array(loss.length * of).fill(value);
  const tell = (news: RunNews) => applyNews(run, news);
  tell({
    kind: 'recorded',
    network: network!.id,
    steps: {
      firstStep: 0,
      loss: Float32Array.from(loss),
      accuracy: Float32Array.from(accuracy),
      gradientNorms: all(layers, figure),
    },
    probes: {
      step: Int32Array.from(loss, (_, k) => k),
      meanDerivative: all(layers - 1, figure),
      saturatedShare: all(layers - 1, share),
      deadShare: all(layers - 1, share),
      preActivationMean: all(layers - 1, 0),
      preActivationStddev: all(layers - 1, 1),
      updateRatio: all(layers, figure),
    },
  });
  const mean = (of: readonly number[]) => of.reduce((sum, x) => sum + x, 0) / of.length;
  if (state !== 'diverged' && loss.length === 4) {
    tell({ kind: 'epochEnded', network: network!.id, row: { epoch: 1, loss: mean(loss), accuracy: mean(accuracy) } });
  }
  tell({ kind: 'state', network: network!.id, state, seconds: 1, backend: 'cpu', message });
  return { network: network!, config: run.config };
}

describe('a verdict after one epoch', () => {
  it('never calls what is at or below guessing, to its last batch, a network that learns', () => {
    const batch = fc.tuple(losses, fc.double({ min: 0, max: 1 / CLASSES, noNaN: true }));
    fc.assert(
      fc.property(
        settings,
        fc.array(batch, { minLength: 4, maxLength: 4 }),
        figures,
        shares,
        (change, batches, figure, share) => {
          const { network, config } = trained(
            change,
            batches.map(([loss]) => loss),
            batches.map(([, right]) => right),
            figure,
            share,
            'finished',
          );
          const verdict = judge(network, config, CLASSES)!;
          expect(verdict.kind).not.toBe('healthy');
          expect(verdict.text).not.toMatch(/learns|NaN|undefined/);
        },
      ),
      inputs(300),
    );
  });

  it('advises no other learning rate where nothing was updated before it was lost', () => {
    const first = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(settings, first, fc.boolean(), figures, shares, (change, loss, isRecorded, figure, share) => {
        const steps = isRecorded ? [loss] : [];
        const { network, config } = trained(
          change,
          steps,
          steps.map(() => 0.1),
          figure,
          share,
          'diverged',
          'The loss was not finite at step 1.',
        );
        const verdict = judge(network, config, CLASSES)!;
        expect(verdict.kind).toBe('diverged');
        expect(verdict.remedy?.config.learningRate ?? config.learningRate).toBe(config.learningRate);
        expect(verdict.text).not.toMatch(/learning rate/);
      }),
      inputs(100),
    );
  });

  it('advises none either after the only batch there was', () => {
    fc.assert(
      fc.property(settings, losses, shares, figures, shares, (change, loss, right, figure, share) => {
        const { network, config } = trained(change, [loss], [right], figure, share, 'running');
        const verdict = judge(network, config, CLASSES)!;
        expect(verdict.remedy?.config.learningRate ?? config.learningRate).toBe(config.learningRate);
      }),
      inputs(200),
    );
  });
});
