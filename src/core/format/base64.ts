/** Base64 (RFC 4648) for the core, which has neither Buffer nor btoa. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const EQUALS = 61;

const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const codeOf = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) codeOf[alphabet.charCodeAt(i)] = i;

/** Runs of megabytes are written while a page waits: whole threes first, and the letters as one text at the end. */
export function encodeBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(EQUALS);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const three = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text[at] = letters[three >> 18]!;
    text[at + 1] = letters[(three >> 12) & 63]!;
    text[at + 2] = letters[(three >> 6) & 63]!;
    text[at + 3] = letters[three & 63]!;
    at += 4;
  }
  if (whole < bytes.length) {
    const [first = 0, second] = bytes.subarray(whole);
    const three = (first << 16) | ((second ?? 0) << 8);
    text[at] = letters[three >> 18]!;
    text[at + 1] = letters[(three >> 12) & 63]!;
    if (second !== undefined) text[at + 2] = letters[(three >> 6) & 63]!;
  }
  return new TextDecoder().decode(text);
}

/** The bytes, or undefined where the text is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const used = text.length - padding;
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < used; i++) {
    const code = codeOf[text.charCodeAt(i)] ?? -1;
    if (code < 0) return undefined;
    bits = ((bits << 6) | code) & 0xfffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}
