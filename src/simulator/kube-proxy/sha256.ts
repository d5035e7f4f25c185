const rightRotate = (value: number, by: number): number => (value >>> by) | (value << (32 - by));

const isPrime = (n: number): boolean => {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return true;
};

/** The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4). */
function constants(count: number, root: number): number[] {
  const out: number[] = [];
  for (let n = 2; out.length < count; n++) {
    if (!isPrime(n)) continue;
    const value = n ** root;
    out.push(Math.floor((value - Math.floor(value)) * 2 ** 32) | 0);
  }
  return out;
}

const roundConstants = constants(64, 1 / 3);
const initial = constants(8, 1 / 2);

function pad(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  out.set(bytes);
  out[bytes.length] = 0x80;
  for (let i = 0, length = bytes.length * 8; i < 8; i++) {
    out[out.length - 1 - i] = length % 256;
    length = Math.floor(length / 256);
  }
  return out;
}

function compress(state: number[], block: Uint8Array): void {
  const w: number[] = [];
  for (let i = 0; i < 16; i++) w.push(((block[i * 4] as number) << 24) | ((block[i * 4 + 1] as number) << 16) | ((block[i * 4 + 2] as number) << 8) | (block[i * 4 + 3] as number));
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15] as number;
    const b = w[i - 2] as number;
    const s0 = rightRotate(a, 7) ^ rightRotate(a, 18) ^ (a >>> 3);
    const s1 = rightRotate(b, 17) ^ rightRotate(b, 19) ^ (b >>> 10);
    w.push(((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0);
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = rightRotate(e, 6) ^ rightRotate(e, 11) ^ rightRotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (roundConstants[i] as number) + (w[i] as number)) | 0;
    const s0 = rightRotate(a, 2) ^ rightRotate(a, 13) ^ rightRotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = ((state[i] as number) + value) | 0));
}

/** SHA-256 (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  const state = [...initial];
  const padded = pad(bytes);
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, padded.subarray(offset, offset + 64));
  return Uint8Array.from(state.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]));
}
