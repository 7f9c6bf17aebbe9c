import { describe, expect, it } from 'vitest';
import { atOnce } from '../../published/atOnce';
import { isWithin } from '../../published/published';

describe('figures that others have published', () => {
  it.each(atOnce.map((each) => [each.source, each.what, each] as const))('%s: %s', (_, __, each) => {
    const found = each.find();
    expect(
      isWithin(each, found),
      `${found}, published ${each.published}, ${each.because}: ${each.range.join(' … ')}`,
    ).toBe(true);
  });
});
