import { describe, expect, it } from 'vitest';
import { layerInWords, layersInWords } from '../../../../src/core/runs/layerWords';
import { layerNames } from '../../../../src/core/runs/record';

describe('layers inside a sentence', () => {
  it('are named as a person would', () => {
    expect(layerNames(2).map(layerInWords)).toEqual(['hidden layer 1', 'hidden layer 2', 'the output layer']);
    expect(layerNames(1).map(layerInWords)).toEqual(['the hidden layer', 'the output layer']);
  });

  it.each([
    ['hidden 3', 'hidden 3', 'hidden layer 3'],
    ['hidden 1', 'hidden 20', 'hidden layers 1 to 20'],
    ['hidden 2', 'output', 'hidden layer 2 to the output layer'],
    ['hidden', 'output', 'the hidden layer to the output layer'],
  ])('%s to %s', (first, last, words) => {
    expect(layersInWords(first, last)).toBe(words);
  });
});
