import { describe, expect, it } from 'vitest';
import { type InitializerMention, initializerMarkdown } from '../../../src/core/explain/initializerHover';

/** Ten layers that the hover's numbers and links are of, at a layer's fans. */
function network(fanIn: number, fanOut: number) {
  const mention: InitializerMention = {
    framework: 'torch',
    name: 'xavier_uniform_',
    written: [],
    initializer: { kind: 'glorot_uniform' },
    explanation: undefined,
    role: 'kernel',
    fans: [{ fanIn, fanOut }],
    problems: [],
    docs: 'https://pytorch.org',
  };
  let calculation: { widths?: readonly number[]; kernelInitializer?: unknown } = {};
  const text = initializerMarkdown(mention, {
    numbers: 'words',
    compare: (given) => {
      calculation = given;
      return 'command:a';
    },
    calculator: () => 'command:b',
  });
  return { ...calculation, text };
}

describe('the network of an initialiser’s hover', () => {
  it.each([
    ['784 → 256, a first layer on images', 784, 256, 256],
    ['256 → 10, an output layer', 256, 10, 128],
    ['64 → 512, which widens', 64, 512, 64],
    ['16 → 10, a small network’s output layer', 16, 10, 16],
    ['3 × 3 convolution of 3 channels to 64', 27, 576, 128],
  ])('%s', (_name, fanIn, fanOut, width) => {
    const { widths, kernelInitializer, text } = network(fanIn, fanOut);
    expect(widths).toEqual(Array.from({ length: 10 }, () => width));
    expect(kernelInitializer).toEqual({ kind: 'glorot_uniform' });
    expect(text).toContain(`reaches the first of ten such ${width}-unit layers`);
  });
});
