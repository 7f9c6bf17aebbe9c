import { describe, expect, it } from 'vitest';
import { type ExperimentConfig, paperConfig } from '../../../../src/core/experiment/config';
import { createRunRecord, type EpochRow, type NetworkRecord } from '../../../../src/core/runs/record';
import { find, scoreOf } from '../../../../src/core/verdicts/findings';

const CLASSES = 4;
const hidden = [3, 5];

function network(change: Partial<ExperimentConfig> = {}): { record: NetworkRecord; config: ExperimentConfig } {
  const config = { ...paperConfig, activations: ['relu'], hidden, ...change };
  const dataset = { name: 'test', train: 100, test: 10, classes: CLASSES, inputs: 7 };
  return { record: createRunRecord('test', '2026-01-01T00:00:00Z', config, dataset).networks[0]!, config };
}

/** Steps with a loss and an accuracy each, whose gradient norms are 100·step + layer. */
function steps(record: NetworkRecord, losses: readonly number[], accuracies?: readonly number[]) {
  const from = record.steps.count;
  record.steps.append({
    firstStep: from,
    loss: Float32Array.from(losses),
    accuracy: accuracies && Float32Array.from(accuracies),
    gradientNorms: Float32Array.from(losses.flatMap((_, i) => [0, 1, 2].map((layer) => 100 * (from + i) + layer))),
  });
}

interface Probe {
  saturated?: readonly [number, number];
  dead?: readonly [number, number];
  mean?: readonly [number, number];
  stddev?: readonly [number, number];
  ratios?: readonly [number, number, number];
}

function probe(
  record: NetworkRecord,
  step: number,
  { saturated = [0, 0], dead = [0, 0], mean = [0, 0], stddev = [1, 1], ratios = [0, 0, 0] }: Probe,
) {
  record.probes.append({
    step: Int32Array.of(step),
    meanDerivative: Float32Array.of(0.5, 0.5),
    saturatedShare: Float32Array.from(saturated),
    deadShare: Float32Array.from(dead),
    preActivationMean: Float32Array.from(mean),
    preActivationStddev: Float32Array.from(stddev),
    updateRatio: Float32Array.from(ratios),
  });
}

const epoch = (number: number, more: Partial<EpochRow>): EpochRow => ({ epoch: number, loss: 1, ...more });

describe('what is found', () => {
  it('of dead units: the layer that has most at the last probe, and most at the first', () => {
    const { record, config } = network();
    steps(record, [1, 1, 1]);
    probe(record, 0, { dead: [0.25, 0.125] });
    probe(record, 1, { dead: [1, 1] });
    probe(record, 2, { dead: [0.5, 0.75] });
    expect(find(record, config, CLASSES).dead).toEqual({ layer: 'hidden layer 2', share: 0.75, born: 0.25 });
  });

  it('of saturated units: the first layer that has most at the first probe, with its moments and its width', () => {
    const { record, config } = network();
    steps(record, [1, 1]);
    probe(record, 0, { saturated: [0.25, 0.5], mean: [7, 8], stddev: [2, 3] });
    probe(record, 1, { saturated: [1, 0], mean: [9, 9], stddev: [9, 9] });
    const worst = { layer: 'hidden layer 2', width: 5, saturated: 0.5, place: { mean: 8, stddev: 3 } };
    expect(find(record, config, CLASSES).worst).toEqual(worst);
    const { record: even } = network();
    steps(even, [1]);
    probe(even, 0, { saturated: [0.5, 0.5], mean: [7, 8], stddev: [2, 3] });
    expect(find(even, config, CLASSES).worst).toMatchObject({ layer: 'hidden layer 1', width: 3, place: { mean: 7 } });
  });

  it('of updates: the largest of all layers at the last probe', () => {
    const { record, config } = network();
    steps(record, [1, 1]);
    probe(record, 0, { ratios: [9, 9, 9] });
    probe(record, 1, { ratios: [0.25, 0.5, 0.125] });
    expect(find(record, config, CLASSES).updateRatio).toBe(0.5);
  });

  it('of gradients: first and output layer at the first batch, the first at the last batch', () => {
    const { record, config } = network();
    steps(record, [5, 4, 3]);
    const { gradient, firstLoss } = find(record, config, CLASSES);
    expect(gradient).toEqual({ first: 0, last: 2, now: 200 });
    expect(firstLoss).toBe(5);
  });

  it('before the first probe, and where series are lacking, is that they are not known', () => {
    const { record, config } = network();
    record.steps.append({ firstStep: 0, loss: Float32Array.of(2) });
    expect(find(record, config, CLASSES)).toMatchObject({
      gradient: undefined,
      worst: undefined,
      dead: undefined,
      updateRatio: Number.NaN,
      accuracy: undefined,
      epoch: 0,
      gain: Number.NaN,
    });
    record.probes.append({ step: Int32Array.of(0), saturatedShare: Float32Array.of(0.5, 0) });
    const found = find(record, config, CLASSES);
    expect(found.worst).toEqual({ layer: 'hidden layer 1', width: 3, saturated: 0.5, place: undefined });
    expect(found.dead).toBeUndefined();
    expect(found.updateRatio).toBeNaN();
  });
});

describe('how well a network does', () => {
  it('is a mean of the last fifty steps, before an epoch has ended', () => {
    const { record } = network();
    // 10 steps that do not count, then 50 that do.
    const of = (early: number, late: number) => Array.from({ length: 60 }, (_, i) => (i < 10 ? early : late));
    steps(record, of(100, 2), of(1, 0.25));
    expect(scoreOf(record)).toEqual({ loss: 2, accuracy: 0.25 });
  });

  it('is a mean of all steps where there are fewer', () => {
    const { record } = network();
    steps(record, [1, 2, 6], [0, 0.25, 0.5]);
    expect(scoreOf(record)).toEqual({ loss: 3, accuracy: 0.25 });
  });

  it('is the last whole epoch’s, once one has ended, while what is learnt of late goes on', () => {
    const { record, config } = network();
    steps(record, [1, 1], [0.25, 0.25]);
    record.epochs.push(epoch(1, { loss: 8, accuracy: 0.5 }), epoch(2, { loss: 4, accuracy: 0.625 }));
    expect(scoreOf(record)).toEqual({ loss: 4, accuracy: 0.625 });
    const found = find(record, config, CLASSES);
    expect(found).toMatchObject({ loss: 4, accuracy: 0.625, epoch: 2, gain: 0.125, learnt: 0.5, learntOfLate: 0 });
    expect(found.guess).toBeCloseTo(Math.log(4), 12);
  });

  it('is NaN without a step', () => {
    expect(scoreOf(network().record).loss).toBeNaN();
  });

  it('without accuracies goes by the share of guessing’s loss that is gone', () => {
    const { record, config } = network();
    const guess = Math.log(CLASSES);
    record.steps.append({ firstStep: 0, loss: Float32Array.of(guess) });
    record.epochs.push(epoch(1, { loss: guess }), epoch(2, { loss: guess / 4 }));
    const found = find(record, config, CLASSES);
    expect(found.learnt).toBeCloseTo(0.75, 12);
    expect(found.gain).toBeCloseTo(0.75, 12);
    expect(found.learntOfLate).toBeCloseTo(0, 6);
    record.epochs.push(epoch(3, { loss: Number.POSITIVE_INFINITY }));
    expect(find(record, config, CLASSES).learnt).toBe(0);
  });
});

describe('equal units', () => {
  const equalOf = (change: Partial<ExperimentConfig>) => {
    const { record, config } = network(change);
    steps(record, [1]);
    return find(record, config, CLASSES).equal;
  };
  const constant = { kind: 'constant', value: 1 } as const;
  const normal = { kind: 'normal', mean: 0, stddev: 1 } as const;

  it('are those of the first layer that has more than one, where neither kernels nor biases scatter', () => {
    expect(equalOf({ kernelInitializer: constant })).toEqual({ layer: 'hidden layer 1', width: 3 });
    expect(equalOf({ kernelInitializer: constant, hidden: [1, 5] })).toEqual({ layer: 'hidden layer 2', width: 5 });
    expect(equalOf({ kernelInitializer: constant, hidden: [1, 1] })).toBeUndefined();
    expect(equalOf({ kernelInitializer: constant, biasInitializer: normal })).toBeUndefined();
    expect(equalOf({ kernelInitializer: normal })).toBeUndefined();
  });
});
