import { utf8Decode } from '../../kernel';
import { bytesOf } from '../files/content';
import { wouldWait } from '../process/handle';
import type { Executable } from '../process/program';
import { cannotOpen, eachFile, eachLine, LineReader, openInput, plainComplaint, readAll, task, UsageError } from './tool';

/** A list like 1,3-5,7- as ranges from 0. */
function ranges(text: string): [number, number][] {
  return text.split(/[, ]/).filter(Boolean).map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === '-' || part === '0') throw new UsageError(`invalid byte or field list`.replace('invalid byte or field list', `invalid range '${part}'`));
    const from = match[1] === '' ? 0 : Number(match[1]) - 1;
    return [from, match[2] === '' ? from : match[3] === '' ? Infinity : Number(match[3]) - 1] as [number, number];
  });
}

const inRanges = (list: readonly [number, number][], index: number): boolean => list.some(([from, to]) => index >= from && index <= to);

const cut = task({ letters: 'b:c:f:d:snO:', long: { delimiter: 'd', fields: 'f', bytes: 'b', characters: 'c', 'output-delimiter': 'O', 'only-delimited': 's' } }, function* (system, options) {
  const byField = options.has('f');
  const list = ranges(options.value('f') ?? options.value('c') ?? options.value('b') ?? '');
  if (!byField && !options.has('c') && !options.has('b')) throw new UsageError('');
  const delimiter = options.value('d') ?? '\t';
  const joiner = options.value('O') ?? delimiter;
  return yield* eachFile(system, options.words, plainComplaint('cut'), function* (handle) {
    yield* eachLine(system, handle, (line) => {
      if (byField) {
        if (!line.includes(delimiter)) return options.has('s') ? undefined : `${line}\n`;
        return `${line.split(delimiter).filter((_field, index) => inRanges(list, index)).join(joiner)}\n`;
      }
      return `${[...line].filter((_c, index) => inRanges(list, index)).join('')}\n`;
    });
    return 0;
  });
});

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: '\t-\r ', blank: '\t ', punct: '!-/:-@[-`{-~', print: ' -~', graph: '!-~', cntrl: '\0-\x1f\x7f', xdigit: '0-9A-Fa-f',
};
const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, '\\': 92 };

/** A set of tr as the bytes that it lists. */
function byteSet(text: string): number[] {
  const expanded = text.replace(/\[:([a-z]+):\]/g, (whole, name: string) => classes[name] ?? whole).replace(/\[=(.)=\]/g, '$1');
  const bytes: { value: number; plain: boolean }[] = [];
  const raw = bytesOf(expanded);
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i] as number;
    if (byte !== 92 || i + 1 >= raw.length) {
      bytes.push({ value: byte, plain: true });
      continue;
    }
    const rest = String.fromCharCode(...raw.subarray(i + 1, i + 4));
    const octal = /^[0-7]{1,3}/.exec(rest);
    if (octal) {
      bytes.push({ value: parseInt(octal[0], 8) & 255, plain: false });
      i += octal[0].length;
    } else {
      bytes.push({ value: escapes[rest[0] as string] ?? rest.charCodeAt(0), plain: false });
      i += 1;
    }
  }
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const { value } = bytes[i] as { value: number };
    const next = bytes[i + 1];
    const last = bytes[i + 2];
    if (next?.value === 45 && next.plain && last && last.value >= value) {
      for (let b = value; b <= last.value; b++) out.push(b);
      i += 2;
    } else out.push(value);
  }
  return out;
}

const tr = task({ letters: '+cCdst', least: 1 }, function* (system, options) {
  const [first = '', second] = options.words;
  let from = byteSet(first);
  if (options.has('c') || options.has('C')) {
    const listed = new Set(from);
    from = Array.from({ length: 256 }, (_value, byte) => byte).filter((byte) => !listed.has(byte));
  }
  const to = second === undefined ? [] : byteSet(second);
  const deletes = options.has('d');
  const map = new Int16Array(256).fill(-1);
  if (!deletes && to.length > 0) for (const [index, byte] of from.entries()) map[byte] = to[Math.min(index, to.length - 1)] as number;
  const deleted = new Set(deletes ? from : []);
  const squeezed = new Set(options.has('s') ? (second === undefined || (deletes && to.length === 0) ? from : to) : []);
  let last = -1;
  for (;;) {
    const bytes = yield* system.stdin.read();
    if (bytes === undefined) return 0;
    const out = new Uint8Array(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (deleted.has(byte)) continue;
      const mapped = map[byte] as number;
      const value = mapped < 0 ? byte : mapped;
      if (value === last && squeezed.has(value)) continue;
      out[length++] = value;
      last = value;
    }
    yield* system.stdout.write(out.slice(0, length));
    if (system.process.charge(bytes.length / 500 + 3)) yield* system.process.settle();
  }
});

const uniq = task({ letters: 'cduif:s:w:', long: { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' } }, function* (system, options) {
  const [input = '-', output] = options.words;
  const handle = yield* openInput(system, input, cannotOpen('uniq'));
  if (!handle) return 1;
  const target = output === undefined ? system.stdout : system.files.openHandle(output, { write: true, create: true, truncate: true });
  const key = (line: string): string => {
    let text = line;
    for (let i = options.number('f', 0); i > 0; i--) text = text.replace(/^\s*\S+/, '');
    text = text.slice(options.number('s', 0));
    if (options.has('w')) text = text.slice(0, options.number('w', 0));
    return options.has('i') ? text.toLowerCase() : text;
  };
  let current: string | undefined;
  let count = 0;
  const flush = (): string => {
    if (current === undefined || (options.has('d') && count < 2) || (options.has('u') && count > 1)) return '';
    return `${options.has('c') ? `${String(count).padStart(7)} ` : ''}${current}\n`;
  };
  const reader = new LineReader(handle, system);
  for (;;) {
    const line = reader.tryNext();
    if (line === wouldWait) {
      yield* reader.wait();
      continue;
    }
    if (line === undefined) break;
    if (current !== undefined && key(line) === key(current)) count += 1;
    else {
      yield* target.write(flush());
      current = line;
      count = 1;
    }
  }
  yield* target.write(flush());
  handle.close();
  if (target !== system.stdout) target.close();
  return 0;
});

const fold = task({ letters: 'bsw:' }, function* (system, options) {
  const width = options.number('w', 80);
  return yield* eachFile(system, options.words, plainComplaint('fold'), function* (handle) {
    yield* eachLine(system, handle, (line, hadNewline) => {
      let rest = [...line];
      let text = '';
      while (rest.length > width) {
        let end = width;
        if (options.has('s')) {
          const blank = rest.slice(0, width).lastIndexOf(' ');
          if (blank >= 0) end = blank + 1;
        }
        text += `${rest.slice(0, end).join('')}\n`;
        rest = rest.slice(end);
      }
      return `${text}${rest.join('')}${hadNewline ? '\n' : ''}`;
    });
    return 0;
  });
});

const paste = task({ letters: 'd:s' }, function* (system, options) {
  const delimiters = [...(options.value('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t')];
  const inputs: LineReader[] = [];
  for (const path of options.words.length > 0 ? options.words : ['-']) {
    const handle = yield* openInput(system, path, cannotOpen('paste'));
    if (!handle) return 1;
    inputs.push(new LineReader(handle, system));
  }
  const between = (index: number): string => delimiters[index % delimiters.length] ?? '';
  if (options.has('s')) {
    for (const reader of inputs) {
      let text = '';
      let index = 0;
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) text += index++ === 0 ? line : between(index - 2) + line;
      yield* system.stdout.write(`${text}\n`);
    }
    return 0;
  }
  for (;;) {
    let text = '';
    let any = false;
    for (const [index, reader] of inputs.entries()) {
      const line = yield* reader.next();
      if (line !== undefined) any = true;
      text += `${index > 0 ? between(index - 1) : ''}${line ?? ''}`;
    }
    if (!any) return 0;
    yield* system.stdout.write(`${text}\n`);
  }
});

const expand = task({ letters: 'it:' }, function* (system, options) {
  const size = options.number('t', 8);
  return yield* eachFile(system, options.words, plainComplaint('expand'), function* (handle) {
    yield* eachLine(system, handle, (line, hadNewline) => {
      let text = '';
      for (const c of line) text += c === '\t' ? ' '.repeat(size - ([...text].length % size)) : c;
      return `${text}${hadNewline ? '\n' : ''}`;
    });
    return 0;
  });
});

const shuf = task({ letters: 'n:i:ez' }, function* (system, options) {
  let lines = options.has('e') ? [...options.words] : utf8Decode(yield* readAll(system.stdin)).split('\n').filter((line, index, all) => line !== '' || index < all.length - 1);
  const range = /^(\d+)-(\d+)$/.exec(options.value('i') ?? '');
  if (range) lines = Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_value, index) => String(index + Number(range[1])));
  for (let i = lines.length - 1; i > 0; i--) {
    const j = system.random.int(i + 1);
    [lines[i], lines[j]] = [lines[j] as string, lines[i] as string];
  }
  yield* system.stdout.write(lines.slice(0, options.number('n', lines.length)).map((line) => `${line}\n`).join(''));
  return 0;
});

const strings = task({ letters: 'afn:o' }, function* (system, options) {
  return yield* eachFile(system, options.words, cannotOpen('strings'), function* (handle) {
    const text = String.fromCharCode(...(yield* readAll(handle)).subarray(0, 100_000));
    for (const match of text.matchAll(new RegExp(`[\\t -~]{${options.number('n', 4)},}`, 'g'))) yield* system.stdout.write(`${match[0]}\n`);
    return 0;
  });
});

/** Commands about the parts of lines. */
export const columnCommands: Readonly<Record<string, Executable>> = { cut, tr, uniq, fold, paste, expand, shuf, strings };
