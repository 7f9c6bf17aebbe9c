/**
 * What a page's security policy knows its own scripts by: 128 random bits.
 *
 * @param fill puts random bytes into an array: `crypto.getRandomValues`
 */
export function createNonce(fill: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  return Array.from(fill(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
