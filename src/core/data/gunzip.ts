import { Gunzip } from 'fflate';
import { crc32 } from '../math/crc32';

/**
 * Compressed bytes that are unpacked at a time, first and later on; at DEFLATE's largest ratio, 258 bytes for two bits, 64 KB come
 * to 68 MB. fflate takes a member for ended where a piece ends in its last block and that is stored, of 64 KB at most: of
 * the second and third way one does not.
 */
const PIECES = [
  [1024, 65_536],
  [163_840, 163_840],
  [81_920, 163_840],
] as const;
/** Bytes of a member that holds nothing. */
const SHORTEST = 18;
/** Of each member: length and checksum of what it unpacks to. */
const TRAILER = 8;

/** As {@link gunzip}, of no more than `most` bytes. */
export const gunzipAtMost = (packed: Uint8Array, most: number): Uint8Array => gunzip(packed, 0, () => most);

/**
 * Unpacks gzip (RFC 1952), of several members too, and with zeros after them, and checks every member's length and
 * checksum. No more is ever allocated than is asked for.
 *
 * @param ahead bytes that `most` wants to see; fewer where there are no more
 * @param most how many bytes all of it may come to, by the first of them
 * @throws RangeError where it is more; an Error where it is no gzip, cut short or damaged
 */
export function gunzip(packed: Uint8Array, ahead: number, most: (start: Uint8Array) => number): Uint8Array {
  const out = new Output(ahead, most);
  let used = packed.length;
  while (used > 0 && packed[used - 1] === 0) used--;
  let at = 0;
  do at = memberEnd(packed, at, used, out);
  while (at < used);
  return out.all();
}

/** What was unpacked so far. */
class Output {
  length = 0;
  /** What comes before it is known how much there may be. */
  #start = new Uint8Array(0);
  #whole: Uint8Array | undefined;

  constructor(
    private readonly ahead: number,
    private readonly most: (start: Uint8Array) => number,
  ) {}

  add(piece: Uint8Array): void {
    const before = this.length;
    this.length += piece.length;
    if (this.#whole !== undefined) {
      if (this.length > this.#whole.length) throw tooLong(this.#whole.length);
      this.#whole.set(piece, before);
      return;
    }
    const longer = new Uint8Array(this.length);
    longer.set(this.#start.subarray(0, before));
    longer.set(piece, before);
    this.#start = longer;
    if (this.length >= this.ahead) this.#settle();
  }

  since(from: number): Uint8Array {
    return (this.#whole ?? this.#start).subarray(from, this.length);
  }

  all(): Uint8Array {
    return this.#settle().subarray(0, this.length);
  }

  #settle(): Uint8Array {
    if (this.#whole === undefined) {
      const start = this.#start.subarray(0, this.length);
      const size = this.most(start);
      if (start.length > size) throw tooLong(size);
      this.#whole = new Uint8Array(size);
      this.#whole.set(start);
    }
    return this.#whole;
  }
}

/**
 * Unpacks the member that begins at a place, and answers where it ends.
 *
 * @param used place after the last byte that is not 0
 */
function memberEnd(packed: Uint8Array, at: number, used: number, out: Output): number {
  const from = out.length;
  const isEnd = (end: number): boolean => {
    if (end - at < SHORTEST || end > packed.length) return false;
    const view = new DataView(packed.buffer, packed.byteOffset + end - TRAILER, TRAILER);
    const member = out.since(from);
    return view.getUint32(4, true) === member.length && view.getUint32(0, true) === crc32(member);
  };
  let failure: unknown = new Error('its checksum does not match');
  for (const [first, most] of PIECES) {
    out.length = from;
    let found: number | undefined;
    const stream = new Gunzip((piece) => out.add(piece));
    stream.onmember = (end) => {
      found = at + end;
      throw NEXT;
    };
    try {
      // Never told which piece is the last: what follows a member in that one would be passed over.
      for (let place = at, size: number = first; place < packed.length; place += size, size = Math.min(2 * size, most))
        stream.push(packed.subarray(place, place + size));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error !== NEXT) failure = error;
    }
    if (found !== undefined && isEnd(found)) return found;
    // It is the last one, and of the zeros at the end some may be its own.
    for (let end = used; end <= used + TRAILER; end++) if (isEnd(end)) return end;
  }
  throw failure;
}

/** Another member follows. */
const NEXT = Object.assign(new Error('another member'), { code: -1 });
/** fflate's errors have numbers. */
const isProblem = (error: unknown): boolean => typeof (error as { code?: unknown }).code === 'number';
const tooLong = (most: number) => new RangeError(`it unpacks to more than ${most} bytes`);
