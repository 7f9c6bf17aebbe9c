import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/core/format/base64';

describe('base64', () => {
  it('is what everybody writes, of any bytes and any length, and is read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it('is undefined where the text is none', () => {
    for (const text of ['a', 'abc', 'a=bc', '====', 'abc\u0100', 'ab c', 'ab-_']) {
      expect(decodeBase64(text)).toBeUndefined();
    }
  });
});
