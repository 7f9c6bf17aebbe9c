import { describe, expect, it } from 'vitest';
import { found } from './spec';
import { head, wrong } from './trainingExamples';

describe('missing-zero-grad', () => {
  it('stands at the step, and names backward()', () => {
    const text = head + wrong['a plain loop']!;
    const [one] = found(text);
    expect(one?.severity).toBe('error');
    expect(text.slice(one!.range.from, one!.range.to)).toBe('optimizer.step()');
    expect(one!.related.map(({ range }) => text.slice(range.from, range.to))).toEqual(['loss.backward()']);
  });
});
