import type { Executable } from '../process/program';
import type { Handle } from '../process/handle';
import { base64Encode, hex, sha256, type Task, utf8Decode } from '../../kernel';
import { hexOf, padBlocks } from './blocks';
import { eachFile, plainComplaint, readAll, splitLines, task, type Options } from './tool';
import type { SystemCalls } from '../process/system';
import { SystemError } from '../interface';

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Array.from({ length: 64 }, (_value, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4_294_967_296) | 0);

/** MD5 (RFC 1321). */
export function md5(bytes: Uint8Array): string {
  const view = padBlocks(bytes, true);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const word = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16;
      const sum = (a + f + (sines[i] as number) + view.getUint32(block + word * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotate(sum, shifts[round * 4 + (i % 4)] as number)) | 0];
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  const out = new DataView(new ArrayBuffer(16));
  for (const [i, value] of [a0, b0, c0, d0].entries()) out.setUint32(i * 4, value, true);
  return hexOf(Uint32Array.from([0, 4, 8, 12].map((at) => out.getUint32(at))));
}

/** SHA-1 (FIPS 180-4). */
export function sha1(bytes: Uint8Array): string {
  const view = padBlocks(bytes);
  const h = Uint32Array.from([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const w = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + i * 4);
    for (let i = 16; i < 80; i++) w[i] = rotate((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = h;
    for (let i = 0; i < 80; i++) {
      const [f, k] = i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1] : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
      const sum = (rotate(a, 5) + f + e + k + (w[i] as number)) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, sum];
    }
    for (const [i, value] of [a, b, c, d, e].entries()) h[i] = (h[i] as number) + value;
  }
  return hexOf(h);
}

function* check(system: SystemCalls, options: Options, name: string, digest: (bytes: Uint8Array) => string): Task<number> {
  let failed = 0;
  for (const path of options.words.length > 0 ? options.words : ['-']) {
    const text = utf8Decode(path === '-' ? yield* readAll(system.stdin) : system.files.readFile(path));
    for (const line of splitLines(text)) {
      const [, sum, file = ''] = /^([0-9a-f]+) [ *](.*)$/.exec(line) ?? [];
      let good = false;
      try {
        good = digest(system.files.readFile(file)) === sum;
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
      }
      if (!good) failed += 1;
      if (!options.has('s') && !(options.has('q') && good)) yield* system.stdout.write(`${file}: ${good ? 'OK' : 'FAILED'}\n`);
    }
  }
  if (failed > 0 && !options.has('s')) yield* system.stderr.write(`${name}: WARNING: ${failed} of ${failed} computed checksums did NOT match\n`);
  return failed > 0 ? 1 : 0;
}

const digestCommand = (name: string, digest: (bytes: Uint8Array) => string): Executable =>
  task({ letters: 'csqwbt', long: { check: 'c', status: 's' } }, function* (system, options) {
    if (options.has('c')) return yield* check(system, options, name, digest);
    return yield* eachFile(system, options.words, (path, reason) => `${name}: can't open '${path}': ${reason}\n`, function* (handle: Handle, path) {
      const bytes = yield* readAll(handle);
      if (system.process.charge(bytes.length / 300)) yield* system.process.settle();
      yield* system.stdout.write(`${digest(bytes)}  ${path}\n`);
      return 0;
    });
  });

/** The bytes of base64 text; what is no digit of it is passed over, as busybox does. Undefined when its end is missing. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
  if (clean.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((clean.length * 3) / 4));
  const value = (c: string): number => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(c);
  for (let i = 0, at = 0; i < clean.length; i += 4) {
    const word = (value(clean[i] as string) << 18) | (value(clean[i + 1] ?? 'A') << 12) | (value(clean[i + 2] ?? 'A') << 6) | value(clean[i + 3] ?? 'A');
    for (let shift = 16; shift >= 0 && at < out.length; shift -= 8) out[at++] = (word >> shift) & 255;
  }
  return out;
}

const base64Command = task({ letters: 'dw:', long: { decode: 'd', wrap: 'w' } }, (system, options) =>
  eachFile(system, options.words, plainComplaint('base64'), function* (handle) {
    const bytes = yield* readAll(handle);
    if (!options.has('d')) {
      const width = options.number('w', 76);
      const text = base64Encode(bytes);
      yield* system.stdout.write(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'));
      return 0;
    }
    const decoded = decodeBase64(utf8Decode(bytes));
    if (!decoded) {
      yield* system.stderr.write('base64: truncated base64 input\n');
      return 1;
    }
    yield* system.stdout.write(decoded);
    return 0;
  }),
);

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const crc = task({ letters: '' }, (system, options) =>
  eachFile(system, options.words, plainComplaint('crc32'), function* (handle) {
    yield* system.stdout.write(`${crc32(yield* readAll(handle)).toString(16).padStart(8, '0')}\n`);
    return 0;
  }),
);

/** Commands that compute digests and codes. */
export const digestCommands: Readonly<Record<string, Executable>> = { md5sum: digestCommand('md5sum', md5), sha1sum: digestCommand('sha1sum', sha1), sha256sum: digestCommand('sha256sum', (bytes) => hex(sha256(bytes))), base64: base64Command, crc32: crc };
