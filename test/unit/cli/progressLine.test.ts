import { describe, expect, it } from 'vitest';
import { Pace, type ProgressFacts, progressLine } from '../../../src/cli/progressLine';
import { wrapped } from '../../../src/core/format/wrap';

const facts: ProgressFacts = {
  name: 'sigmoid',
  nameWidth: 7,
  share: 0.5,
  epoch: 1,
  epochs: 2,
  secondsLeft: 12,
  over: undefined,
  loss: 1154.8733,
  accuracy: 0.07,
};

describe('a line of progress', () => {
  it.each([20, 30, 40, 60, 80, 120, 200])('fits %d columns, and says the accuracy', (columns) => {
    for (const each of [
      facts,
      { ...facts, name: 'leaky ReLU 0.01, seed 4294967295', nameWidth: 32 },
      { ...facts, secondsLeft: 1e5, epochs: 1000, accuracy: 1 },
      { ...facts, secondsLeft: undefined, loss: undefined, accuracy: undefined },
    ]) {
      const line = progressLine(each, columns);
      expect(line.length).toBeLessThanOrEqual(columns);
      if (columns >= 30) expect(line).toMatch(/accuracy +(–|[\d.]+ %)$/);
    }
  });

  it('leaves out what there is no room for', () => {
    expect(progressLine(facts, 79)).toMatch(
      /^sigmoid █+░+ epoch 1\/2 · {3}12 s left · loss 1154\.8733 · accuracy 7\.0 %$/,
    );
    expect(progressLine(facts, 59)).toMatch(/^sigmoid █+░+ epoch 1\/2 · {3}12 s left · accuracy 7\.0 %$/);
    expect(progressLine(facts, 43)).toBe('sigmoid ████░░░░ epoch 1/2 · accuracy 7.0 %');
    expect(progressLine(facts, 31)).toBe('sigmoid ████░░░░ accuracy 7.0 %');
    expect(progressLine(facts, 24)).toBe('sigmoid accuracy 7.0 %');
  });

  it('says a word where there is no time to tell', () => {
    expect(progressLine({ ...facts, secondsLeft: undefined }, 80)).toContain('·    starting ·');
    expect(progressLine({ ...facts, over: 'stopped' }, 80)).toContain('·     stopped ·');
  });

  it('keeps its parts in their places', () => {
    const later = { ...facts, secondsLeft: 119, loss: 2.3, accuracy: 1 };
    const places = (line: string) => [...line.matchAll(/·/g)].map(({ index }) => index);
    expect(places(progressLine(later, 80))).toEqual(places(progressLine(facts, 80)));
  });
});

describe('breaking sentences', () => {
  it('goes between words', () => {
    expect(wrapped('✗ one two three\nfour', 9, '  ')).toBe('✗ one two\n  three\nfour');
    expect(wrapped('a longerthanthat b', 6)).toBe('a\nlongerthanthat\nb');
    expect(wrapped('as it is', undefined)).toBe('as it is');
    expect(wrapped('', 5)).toBe('');
  });
});

describe('the time left', () => {
  it('goes by the steps since the first ones, not by how long the backend took to start', () => {
    const pace = new Pace();
    expect(pace.secondsLeft(0, 200, 0)).toBeUndefined();
    expect(pace.secondsLeft(2, 200, 9000)).toBeUndefined();
    expect(pace.secondsLeft(20, 200, 10_000)).toBe(10);
    expect(pace.secondsLeft(200, 200, 20_000)).toBe(0);
  });
});
