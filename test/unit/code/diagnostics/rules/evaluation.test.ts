import { describe, expect, it } from 'vitest';
import { wrongTorch } from './evaluationExamples';
import { found } from './spec';

describe('missing-eval', () => {
  it('stands at the call, and names the model', () => {
    const text = wrongTorch['a block under no_grad']!;
    const one = found(text).find(({ rule }) => rule === 'missing-eval')!;
    expect(text.slice(one.range.from, one.range.to)).toBe('model(x)');
    expect(one.related.map(({ range }) => text.slice(range.from, range.to))).toEqual(['Net']);
    expect(one.message).toContain('1 step ');
  });
});
