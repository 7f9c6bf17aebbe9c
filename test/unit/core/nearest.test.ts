import { describe, expect, it } from 'vitest';
import { activationEntryNames } from '../../../src/core/activations/catalogue';
import { closest, meant } from '../../../src/core/activations/nearest';

describe('suggestions for a name', () => {
  it.each([
    ['sigmod', 'sigmoid'],
    ['tahn', 'tanh'],
    ['rleu', 'relu'],
    ['Leaky', 'leaky_relu'],
    ['gleu', 'gelu'],
    ['hard-sigmoyd', 'hard_sigmoid'],
    ['softpluss', 'softplus'],
  ])('%s is near to %s', (text, name) => {
    expect(closest(text, activationEntryNames)[0]).toBe(name);
  });

  it.each(['nope', 'x', '', 'banana', 'activation'])('nothing is near to %j', (text) => {
    expect(closest(text, activationEntryNames)).toEqual([]);
    expect(meant(text, activationEntryNames)).toMatch(/^expected one of sigmoid, tanh, relu, .*linear\.$/);
  });

  it('are told as a person would', () => {
    expect(meant('tann', ['tanh'])).toBe('did you mean tanh?');
    expect(meant('sofplus', ['softplus', 'Soft_Plus', 'sofplos'])).toBe('did you mean softplus or sofplos?');
    expect(meant('nope', ['ReLU', 'relu', 'tanh'])).toBe('expected one of ReLU, tanh.');
  });
});
