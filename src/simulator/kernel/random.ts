/** The one source of chance. Two kernels with one seed draw the same numbers in the same order. */
export interface Random {
  /** A whole number in 0 … 2^32 - 1. */
  uint32(): number;
  /** A number in [0, 1). */
  float(): number;
  /** A whole number in [0, bound). */
  int(bound: number): number;
  /** One element, each as likely. Throws if there is none. */
  pick<T>(items: readonly T[]): T;
  /** A version 4 UUID (RFC 9562). */
  uuid(): string;
  /** `length` characters of the alphabet that Kubernetes uses for generated names. */
  suffix(length: number): string;
  /** Lower-case hexadecimal digits. */
  hex(length: number): string;
  /** An independent stream, determined by this seed and `name` alone: drawing from it moves nobody else. */
  fork(name: string): Random;
}

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const hexDigits = '0123456789abcdef';

/** FNV-1a, 32 bits. */
function hash(text: string, start: number): number {
  let h = start >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return h;
}

/** sfc32 (Doty-Humphrey, PractRand): small, fast, passes BigCrush. */
export function createRandom(seed: number, stream = ''): Random {
  let a = hash(stream, 2_166_136_261);
  let b = seed >>> 0;
  let c = Math.floor(seed / 4_294_967_296) >>> 0;
  let counter = 1;
  const uint32 = (): number => {
    const t = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + t) >>> 0;
    return t;
  };
  for (let i = 0; i < 15; i++) uint32();
  const float = () => uint32() / 4_294_967_296;
  const int = (bound: number) => Math.floor(float() * bound);
  const text = (alphabet: string, length: number) => {
    const codes = new Array<number>(length);
    for (let i = 0; i < length; i++) codes[i] = alphabet.charCodeAt(int(alphabet.length));
    return String.fromCharCode.apply(null, codes);
  };
  const hex = (length: number) => text(hexDigits, length);
  return {
    uint32,
    float,
    int,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('pick from nothing');
      return items[int(items.length)] as T;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[int(4)]}${hex(3)}-${hex(12)}`,
    suffix: (length) => text(suffixAlphabet, length),
    hex,
    fork: (name) => createRandom(seed, `${stream}/${name}`),
  };
}
