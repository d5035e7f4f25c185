const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4). */
function constants(root: number, count: number): Uint32Array {
  const out = new Uint32Array(count);
  let found = 0;
  for (let n = 2; found < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    if (!prime) continue;
    const value = n ** (1 / root);
    out[found++] = (value - Math.floor(value)) * 4_294_967_296;
  }
  return out;
}

const k = constants(3, 64);
const initial = constants(2, 8);

/** Bytes padded to whole 64-byte blocks with their length in bits, big-endian. */
export function padBlocks(bytes: Uint8Array, littleEndian = false): DataView {
  const total = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(total);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const high = Math.floor(bytes.length / 536_870_912);
  const low = (bytes.length * 8) >>> 0;
  view.setUint32(total - 8, littleEndian ? low : high, littleEndian);
  view.setUint32(total - 4, littleEndian ? high : low, littleEndian);
  return view;
}

export const hexOf = (words: Uint32Array): string => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

/** SHA-256 as lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  const view = padBlocks(bytes);
  const h = Uint32Array.from(initial);
  const w = new Uint32Array(64);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15] as number;
      const b = w[i - 2] as number;
      w[i] = (w[i - 16] as number) + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + (w[i - 7] as number) + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, last = 0] = h;
    for (let i = 0; i < 64; i++) {
      const t1 = (last + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + (k[i] as number) + (w[i] as number)) | 0;
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      last = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    for (const [i, value] of [a, b, c, d, e, f, g, last].entries()) h[i] = (h[i] as number) + value;
  }
  return hexOf(h);
}
