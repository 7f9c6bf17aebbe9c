import { Gunzip } from 'fflate';

/** Compressed bytes that are unpacked at a time: at DEFLATE's largest ratio, 258 bytes for two bits, they come to 68 MB. */
const PIECE = 65_536;

/**
 * Unpacks gzip, of several members too, and stops where it comes to more than `most` bytes. Its checksum is not looked at.
 *
 * @throws RangeError where it is more; fflate's error where it is no gzip, or cut short
 */
export function gunzipAtMost(packed: Uint8Array, most: number): Uint8Array {
  const whole = new Uint8Array(most);
  let length = 0;
  let ended = false;
  const stream = new Gunzip((piece, final) => {
    if (length + piece.length > most) throw new RangeError(`it unpacks to more than ${most} bytes`);
    whole.set(piece, length);
    length += piece.length;
    ended = final;
  });
  for (let from = 0; from < packed.length; from += PIECE) {
    stream.push(packed.subarray(from, from + PIECE), from + PIECE >= packed.length);
  }
  if (!ended) throw new Error('unexpected EOF');
  return whole.subarray(0, length);
}
