import type { Executable } from '../process/program';
import { cannotOpen, eachFile, type Options, readAll, task } from './tool';

const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');
const hex = (value: number, width = 2): string => value.toString(16).padStart(width, '0');

const names: Readonly<Record<number, string>> = { 0: '\\0', 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
const character = (byte: number): string => names[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));

/** Lines of 16 bytes with addresses; equal ones in a row become a star. */
function lines(bytes: Uint8Array, address: (at: number) => string, show: (line: Uint8Array) => string, all: boolean): string {
  let out = '';
  let before = '';
  let starred = false;
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16);
    const text = show(line);
    if (!all && text === before && line.length === 16 && at > 0) {
      if (!starred) out += '*\n';
      starred = true;
      continue;
    }
    starred = false;
    before = text;
    out += `${address(at)}${text}\n`;
  }
  return out;
}

/** How od shows bytes in one of its formats. */
function odFormat(format: string): (line: Uint8Array) => string {
  const size = Number(/\d/.exec(format)?.[0] ?? { c: 1, a: 1, x: 4, o: 4, d: 4, u: 4 }[format[0] ?? 'o'] ?? 2);
  const kind = format[0] ?? 'o';
  return (line) => {
    let out = '';
    for (let i = 0; i < line.length; i += size) {
      if (kind === 'c') {
        out += ` ${character(line[i] as number).padStart(3)}`;
        continue;
      }
      let value = 0;
      for (let j = Math.min(size, line.length - i) - 1; j >= 0; j--) value = value * 256 + (line[i + j] as number);
      if (kind === 'x') out += ` ${hex(value, size * 2)}`;
      else if (kind === 'o') out += ` ${value.toString(8).padStart(Math.ceil((size * 8) / 3), '0')}`;
      else out += ` ${String(kind === 'd' && value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value).padStart({ 1: 4, 2: 6, 4: 11 }[size] ?? 21)}`;
    }
    return out;
  };
}

function odFormats(options: Options): string[] {
  const formats = [...options.values('t')];
  if (options.has('c')) formats.push('c');
  if (options.has('x')) formats.push('x2');
  if (options.has('b')) formats.push('o1');
  if (options.has('d')) formats.push('u2');
  return formats.length > 0 ? formats : ['o2'];
}

const od = task({ letters: 'A:t:cxbdvN:j:aofhiles' }, (system, options) =>
  eachFile(system, options.words, cannotOpen('od'), function* (handle) {
    let bytes = yield* readAll(handle);
    const skip = options.number('j', 0);
    bytes = bytes.subarray(skip, options.has('N') ? skip + options.number('N', 0) : undefined);
    const base = options.value('A') ?? 'o';
    const address = (at: number) => (base === 'n' ? '' : base === 'x' ? hex(at + skip, 6) : base === 'd' ? String(at + skip).padStart(7, '0') : (at + skip).toString(8).padStart(7, '0'));
    const formats = odFormats(options).map(odFormat);
    const indent = base === 'n' ? '' : ' '.repeat(base === 'x' ? 6 : 7);
    yield* system.stdout.write(lines(bytes, address, (line) => formats.map((format) => format(line)).join(`\n${indent}`), options.has('v')));
    if (base !== 'n') yield* system.stdout.write(`${address(bytes.length)}\n`);
    return 0;
  }),
);

const canonical = (line: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < 16; i++) text += `${i === 8 ? ' ' : ''} ${i < line.length ? hex(line[i] as number) : '  '}`;
  return ` ${text}  |${[...line].map(printable).join('')}|`;
};

const hexdump = task({ letters: 'bcdoxCvn:s:e:f:' }, (system, options) =>
  eachFile(system, options.words, (path, reason) => `hexdump: ${path}: ${reason}\n`, function* (handle) {
    let bytes = yield* readAll(handle);
    const skip = options.number('s', 0);
    bytes = bytes.subarray(skip, options.has('n') ? skip + options.number('n', 0) : undefined);
    if (bytes.length === 0) return 0;
    const width = options.has('C') ? 8 : 7;
    const show = options.has('C') ? canonical : options.has('c') ? odFormat('c') : options.has('b') ? odFormat('o1') : (line: Uint8Array) => odFormat('x2')(line).padEnd(40);
    yield* system.stdout.write(lines(bytes, (at) => hex(at + skip, width), show, options.has('v')));
    yield* system.stdout.write(`${hex(bytes.length + skip, width)}\n`);
    return 0;
  }),
);

const xxd = task({ letters: 'c:g:l:s:prui' }, (system, options) =>
  eachFile(system, options.words, cannotOpen('xxd'), function* (handle) {
    let bytes = yield* readAll(handle);
    if (options.has('r')) {
      const digits = String.fromCharCode(...bytes).split('\n').map((line) => (options.has('p') ? line : line.replace(/^[0-9a-f]+: ?/, '').replace(/ {2}.*$/, ''))).join('').replace(/[^0-9a-fA-F]/g, '');
      yield* system.stdout.write(Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
      return 0;
    }
    const skip = options.number('s', 0);
    bytes = bytes.subarray(skip, options.has('l') ? skip + options.number('l', 0) : undefined);
    const width = options.number('c', options.has('p') ? 30 : 16);
    const group = options.number('g', 2);
    for (let at = 0; at < bytes.length; at += width) {
      const line = bytes.subarray(at, at + width);
      if (options.has('p')) {
        yield* system.stdout.write(`${[...line].map((byte) => hex(byte)).join('')}\n`);
        continue;
      }
      let text = '';
      for (let i = 0; i < width; i++) text += (i < line.length ? hex(line[i] as number) : '  ') + ((i + 1) % group === 0 ? ' ' : '');
      yield* system.stdout.write(`${hex(at + skip, 8)}: ${text} ${[...line].map(printable).join('')}\n`);
    }
    return 0;
  }),
);

/** Commands that show bytes. */
export const dumpCommands: Readonly<Record<string, Executable>> = { od, hexdump, xxd, hd: hexdump };
