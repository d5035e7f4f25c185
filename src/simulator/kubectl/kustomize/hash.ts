import { utf8Encode } from '../../kernel';
import { at, nameOf, textAt, withAt, type Fields } from '../fields';
import { compactJson } from '../print/json';

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311];
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
const rotate = (value: number, by: number): number => (value >>> by) | (value << (32 - by));

/** SHA-256 (FIPS 180-4), as lower-case hexadecimal digits. */
export function sha256(text: string): string {
  const data = utf8Encode(text);
  const padded = new Uint8Array((((data.length + 8) >> 6) + 1) << 6);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, data.length * 8);
  const state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const words = new Array<number>(64).fill(0);
  for (let offset = 0; offset < padded.length; offset += 64) compress(state, words, view, offset);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function compress(state: number[], words: number[], view: DataView, offset: number): void {
  for (let i = 0; i < 64; i++) {
    if (i < 16) words[i] = view.getUint32(offset + i * 4);
    else {
      const [w15, w2] = [words[i - 15] as number, words[i - 2] as number];
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
      words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0;
    }
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] as number) + (words[i] as number)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = ((state[i] as number) + value) | 0));
}

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** Ten characters that change with the content of a ConfigMap or Secret. */
export function contentHash(object: Fields): string {
  const name = nameOf(object);
  const kind = textAt(object, 'kind');
  const content =
    kind === 'Secret'
      ? compactJson({ kind, type: textAt(object, 'type'), name, data: at(object, 'data') ?? '', ...(at(object, 'stringData') !== undefined && { stringData: at(object, 'stringData') }) })
      : compactJson({ kind, name, data: at(object, 'data') ?? '', ...(at(object, 'binaryData') !== undefined && { binaryData: at(object, 'binaryData') }) });
  return [...sha256(content).slice(0, 10)].map((letter) => letters[letter] ?? letter).join('');
}

/** The object with that hash at the end of its name. */
export const appendHash = (object: Fields): Fields => withAt(object, ['metadata', 'name'], `${nameOf(object)}-${contentHash(object)}`);
