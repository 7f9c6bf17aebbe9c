/** Base64 (RFC 4648) for the core, which has neither Buffer nor btoa. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const codeOf = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) codeOf[alphabet.charCodeAt(i)] = i;

export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += 3072) {
    let part = '';
    const end = Math.min(start + 3072, bytes.length);
    for (let i = start; i < end; i += 3) {
      const a = bytes[i]!;
      const b = i + 1 < end ? bytes[i + 1]! : 0;
      const c = i + 2 < end ? bytes[i + 2]! : 0;
      part += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | (b >> 4)]!;
      part += i + 1 < end ? alphabet[((b & 15) << 2) | (c >> 6)]! : '=';
      part += i + 2 < end ? alphabet[c & 63]! : '=';
    }
    parts.push(part);
  }
  return parts.join('');
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
