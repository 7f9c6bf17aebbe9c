import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList, splitList, writeList } from '../../../src/core/format/list';
import { readWidths, widthsInWords } from '../../../src/core/format/widths';

describe('a list as people write it', () => {
  it.each<[string, string[]]>([
    ['256, 128x3, 64', ['256', '128', '128', '128', '64']],
    ['sigmoid × 2; tanh*1', ['sigmoid', 'sigmoid', 'tanh']],
    ['leaky_relu(negative_slope=0.3)x2', ['leaky_relu(negative_slope=0.3)', 'leaky_relu(negative_slope=0.3)']],
    ['rrelu(lower=0.1,upper=0.3), relu', ['rrelu(lower=0.1,upper=0.3)', 'relu']],
    ['8,,8', ['8', '', '8']],
  ])('%s', (text, items) => expect(readList(text)).toEqual(items));

  it('is cut where it has no end', () => {
    expect(readList('1x9999,1x9999,1x99999999999999999999')).toHaveLength(1000);
    expect(readList('1,'.repeat(1_000_000)).length).toBeLessThanOrEqual(1000);
    expect(splitList('x'.repeat(1_000_000))[0]!.length).toBe(16_000);
  });

  it('reads back what it writes', () => {
    const items = fc.array(fc.constantFrom('relu', 'tanh', 'elu(alpha=0.5)', '128', '64'), { minLength: 1 });
    fc.assert(
      fc.property(items, fc.constantFrom(',', ', '), (list, separator) => {
        expect(readList(writeList(list, separator))).toEqual(list);
      }),
      { seed: 2 },
    );
  });
});

describe('widths', () => {
  it.each<[string, number[] | undefined]>([
    ['128', [128]],
    ['128x3', [128, 128, 128]],
    [' 256 , 128 X 2; 64', [256, 128, 128, 64]],
    ['', undefined],
    ['128,', undefined],
    ['12.5', undefined],
    ['-8', undefined],
    ['1e3', undefined],
    ['128x', undefined],
    ['many', undefined],
  ])('%j', (text, widths) => expect(readWidths(text)).toEqual(widths));

  it('in words', () => {
    expect(widthsInWords([128, 128])).toBe('2 × 128');
    expect(widthsInWords([128])).toBe('128');
    expect(widthsInWords([256, 128])).toBe('256, 128');
  });
});

it('parts any text where its commas stand in no bracket, and takes no more of it than it says', () => {
  const character = fc.constantFrom(...'ab,;() x3');
  fc.assert(
    fc.property(
      fc.array(character).map((all) => all.join('')),
      (text) => {
        expect(splitList(text)).toEqual(text.split(/[,;](?![^(]*\))/).map((part) => part.trim()));
      },
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(',', '1x9999,', '(,', '(', ')', ' ,', '1x', 'x 9'), fc.nat(300_000), (item, times) => {
      const text = item.repeat(times);
      expect(splitList(text).join(',').length).toBeLessThanOrEqual(16_000);
      expect(readList(text).length).toBeLessThanOrEqual(1000);
    }),
    { numRuns: 30 },
  );
});
