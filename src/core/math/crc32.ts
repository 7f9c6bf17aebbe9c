/** `tables[k][n]`: what byte n does to the remainder where k bytes follow it, so that eight are taken at once. */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
const [last] = tables as [Uint32Array];
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  last[n] = c;
}
for (const [k, table] of tables.slice(1).entries()) {
  const before = tables[k]!;
  for (let n = 0; n < 256; n++) table[n] = last[before[n]! & 0xff]! ^ (before[n]! >>> 8);
}

/** CRC-32 (ISO 3309, as in gzip and PNG) of bytes, 0 … 2³²−1. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  let c = 0xffffffff;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    c =
      t7[(c ^ bytes[i]!) & 0xff]! ^
      t6[((c >>> 8) ^ bytes[i + 1]!) & 0xff]! ^
      t5[((c >>> 16) ^ bytes[i + 2]!) & 0xff]! ^
      t4[((c >>> 24) ^ bytes[i + 3]!) & 0xff]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) c = t0[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
