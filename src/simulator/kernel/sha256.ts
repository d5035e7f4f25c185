const constants = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

const rotate = (value: number, by: number) => (value >>> by) | (value << (32 - by));

const initial = new Uint32Array([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);
const words = new Uint32Array(64);
const blockSize = 64;

/** SHA-256 (FIPS 180-4) of bytes. */
export const sha256 = (message: Uint8Array): Uint8Array => digest(initial, message, 0);

/** The digest of a message, going on from a state after `before` bytes. */
function digest(from: Uint32Array, message: Uint8Array, before: number): Uint8Array {
  const length = ((message.length + 8) >> 6) * blockSize + blockSize;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  const total = message.length + before;
  view.setUint32(length - 8, Math.floor(total / 0x2000_0000));
  view.setUint32(length - 4, (total << 3) >>> 0);
  const state = from.slice();
  for (let offset = 0; offset < length; offset += blockSize) compress(state, view, offset);
  const out = new Uint8Array(32);
  const outView = new DataView(out.buffer);
  for (let i = 0; i < 8; i++) outView.setUint32(i * 4, state[i] as number);
  return out;
}

function compress(state: Uint32Array, block: DataView, offset: number): void {
  const at = (array: Uint32Array, index: number) => array[index] as number;
  for (let i = 0; i < 16; i++) words[i] = block.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const a = at(words, i - 15);
    const b = at(words, i - 2);
    words[i] = at(words, i - 16) + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + at(words, i - 7) + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let i = 0; i < 64; i++) {
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + at(constants, i) + at(words, i)) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

/** HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes, which is worked in once for all messages. */
export function hmacSha256(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const after = (pad: number) => {
    const block = new Uint8Array(blockSize).fill(pad);
    for (let i = 0; i < key.length; i++) block[i] = pad ^ (key[i] as number);
    const state = initial.slice();
    compress(state, new DataView(block.buffer), 0);
    return state;
  };
  const inner = after(0x36);
  const outer = after(0x5c);
  return (message) => digest(outer, digest(inner, message, blockSize), blockSize);
}

/** Lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
