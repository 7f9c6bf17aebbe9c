import { describe, expect, test } from 'vitest';
import { paperConfig } from '../../../../src/core/experiment/config';
import { createRunRecord, ProbeSeries, rewind } from '../../../../src/core/runs/record';
import { probesOf, stepsOf } from './runs';

describe('series', () => {
  test('takes as many probes at once as a long run has', () => {
    const series = new ProbeSeries(2);
    series.append(probesOf(0, 200_000, 2));
    series.append(probesOf(200_000, 10, 2));
    expect(series.count).toBe(200_010);
    expect(series.stepOf(200_009)).toBe(200_009);
    for (const probe of [0, 1, 199_999, 200_000]) expect(series.stepOf(probe)).toBe(probe);
    expect(series.stepOf(200_010)).toBeNaN();
    expect(series.block().step).toHaveLength(200_010);
  });
});

describe('rewind', () => {
  const network = () => {
    const dataset = { name: 'digits', train: 512, test: 10, classes: 10, inputs: 784 };
    const [first] = createRunRecord(
      'r',
      '2026-01-01T00:00:00.000Z',
      { ...paperConfig, hidden: [8, 8] },
      dataset,
    ).networks;
    first!.steps.append(stepsOf(0, 12, 3));
    first!.probes.append(probesOf(0, 12, 3));
    for (let epoch = 1; epoch <= 3; epoch++) {
      first!.epochs.push({ epoch, loss: 1, accuracy: 0.5, testLoss: 1, testAccuracy: 0.5 });
    }
    return first!;
  };

  test.each([
    [0, 0],
    [3, 0],
    [4, 1],
    [7, 1],
    [11, 2],
    [12, 3],
    [50, 3],
  ])('to step %i keeps the steps before it and %i epochs', (step, epochs) => {
    const record = network();
    const before = record.steps.gradientNorms!.values().slice(0, 3 * step);
    rewind(record, step, 4);
    expect(record.steps.count).toBe(Math.min(step, 12));
    expect(record.steps.gradientNorms!.values()).toEqual(before);
    expect(record.probes.count).toBe(Math.min(step, 12));
    expect(record.probes.updateRatio!.rows).toBe(record.probes.count);
    expect(record.epochs).toHaveLength(epochs);
  });

  test('and the same steps again leave the record as it was', () => {
    const [once, again] = [network(), network()];
    rewind(again, 5, 4);
    const all = { steps: stepsOf(5, 7, 3), probes: probesOf(5, 7, 3) };
    again.steps.append(all.steps);
    again.probes.append(all.probes);
    expect(again.steps.block()).toEqual(once.steps.block());
    expect(again.probes.block()).toEqual(once.probes.block());
  });
});
