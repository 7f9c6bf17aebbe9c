import { expect, it } from 'vitest';
import { formatDuration, formatPower } from '../../../src/core/format/numbers';
import { unbroken } from '../../../webview/kit/unbroken';

it.each(['88 %', formatPower(1.8e-4), formatDuration(12), '102 ± 40', '= −3.2', 'ln 10', '4 ×10⁵'])(
  '%s stays on one line',
  (number) => {
    expect(unbroken(number)).toMatch(/^\S+(\u00a0\S+)+$/);
    expect(unbroken(`${number} of all is`).endsWith(' of all is')).toBe(true);
  },
);

it('leaves words as they are', () => {
  const text = 'epoch 3 of 10 · 3 mins, 10 × wide';
  expect(unbroken(text)).toBe(text);
});
