import { describe, expect, it } from 'vitest';
import { paperFlow } from '../../../src/core/calculation/config';
import { flowTitle } from '../../../src/core/calculation/title';
import {
  activationsText,
  readActivations,
  readNumber,
  widthsOf,
  widthsText,
  withAnother,
  withDepth,
  without,
} from '../../../webview/calculator/form';
import { change, startHistory, undo } from '../../../webview/kit/history';

describe('widths as typed', () => {
  it.each([
    ['128', [128, 128, 128]],
    ['256, 128x3, 64', [256, 128, 128, 128, 64]],
    ['64x2', [64, 64]],
    ['32; 16', [32, 16]],
  ])('%s', (text, widths) => {
    expect(widthsOf(text, 3)).toEqual({ value: widths });
    expect(widthsOf(widthsText(widths), widths.length)).toEqual({ value: widths });
  });

  it.each(['', '0', '12.5', 'many', '128,x', '4097', '128x101', '1x99999999999'])('%j is refused', (text) => {
    expect(widthsOf(text, 3)).toHaveProperty('problem');
  });
});

describe('activations as typed', () => {
  it.each([
    ['tanhx2, relu', ['tanh', 'tanh', 'relu']],
    ['leaky_relu(negative_slope=0.3)x3', Array(3).fill('leaky_relu(negative_slope=0.3)')],
  ])('%s', (text, names) => {
    expect(readActivations(text, 3)).toEqual({ value: names });
    expect(readActivations(activationsText(names), 3)).toEqual({ value: names });
  });

  it.each(['', 'tanhh', 'tanh, relu'])('%j is refused for three layers', (text) => {
    expect(readActivations(text, 3)).toHaveProperty('problem');
  });
});

it.each([
  ['0,5', 0.5],
  ['−1', -1],
  [' 2 ', 2],
])('a number as people type it: %j', (text, value) => {
  expect(readNumber(text, { min: -5, max: 5 })).toEqual({ value });
});

it.each(['', 'x', '6', 'Infinity', '1.5'])('%j is no whole number up to 5', (text) => {
  expect(readNumber(text, { min: -5, max: 5 }, true)).toHaveProperty('problem');
});

describe('changes of a configuration', () => {
  it('another depth keeps a list of activations as long as the layers', () => {
    const config = { ...paperFlow, widths: [8, 4, 2], candidates: [{ activations: ['tanh', 'relu', 'gelu'] }] };
    for (const depth of [1, 3, 7]) {
      const { widths, candidates } = withDepth(config, depth);
      expect(widths).toHaveLength(depth);
      expect([1, depth]).toContain(candidates[0]!.activations.length);
    }
  });

  it('a candidate more is one that is not there yet; one less leaves the others', () => {
    const more = withAnother(paperFlow);
    expect(more.candidates.map(({ activations }) => activations[0])).toEqual(['sigmoid', 'tanh', 'relu']);
    expect(without(more, 0).candidates).toEqual(more.candidates.slice(1));
    expect(flowTitle(more)).toBe('sigmoid, tanh and ReLU, 10 × 128');
  });
});

describe('the history', () => {
  it('takes a drag back as one, and other changes one by one', () => {
    let history = startHistory(0);
    for (const x of [1, 2, 3]) history = change(history, x, 'layers', 'layers', 1000 * x);
    history = change(history, 4, 'width', 'width', 3100);
    history = change(history, 5, '', 'preset', 3200);
    history = change(history, 6, '', 'preset', 3300);
    const values = [history.present];
    while (history.past.length > 0) {
      history = undo(history);
      values.push(history.present);
    }
    expect(values).toEqual([6, 5, 4, 3, 0]);
    expect(undo(history)).toBe(history);
  });
});
