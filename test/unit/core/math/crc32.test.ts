import { crc32 as nodes } from 'node:zlib';
import { expect, it } from 'vitest';
import { crc32 } from '../../../../src/core/math/crc32';
import { createRandom } from '../../../../src/core/math/random';

it('CRC-32 is zlib’s, of bytes of any length', () => {
  const random = createRandom(1, 'bytes');
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, () => random.below(256));
    expect(crc32(bytes)).toBe(nodes(bytes));
  }
});
