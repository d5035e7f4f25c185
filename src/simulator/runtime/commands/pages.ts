import { milliseconds, race, sleep, type Task } from '../../kernel';
import { bytesOf } from '../files/content';
import { FileInode, type Inode } from '../files/inode';
import { SystemError } from '../interface';
import { type Handle, WaitList } from '../process/handle';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { because, cannotOpen, eachFile, eachLine, openInput, parseNumber, plainComplaint, readAll, task, UsageError } from './tool';

/** Passes all bytes on. */
export function* pour(system: SystemCalls, from: Handle, to: readonly Handle[]): Task {
  for (;;) {
    const bytes = yield* from.read();
    if (bytes === undefined) return;
    for (const handle of to) if (!handle.tryWrite(bytes)) yield* handle.write(bytes);
    if (system.process.charge(bytes.length / 2000 + 3)) yield* system.process.settle();
  }
}

const visible = (line: string, options: { has(letter: string): boolean }): string => {
  let text = line;
  if (options.has('v') || options.has('A') || options.has('e') || options.has('t')) text = text.replace(/[\x00-\x08\x0b-\x1f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) + 64)}`).replace(/\x7f/g, '^?');
  if (options.has('T') || options.has('A') || options.has('t')) text = text.replace(/\t/g, '^I');
  return options.has('E') || options.has('A') || options.has('e') ? `${text}$` : text;
};

const cat = task({ letters: 'nbvteAETsu' }, function* (system, options) {
  const plain = !'nbveAETst'.split('').some((letter) => options.has(letter));
  let number = 0;
  return yield* eachFile(system, options.words, cannotOpen('cat'), function* (handle) {
    if (plain) yield* pour(system, handle, [system.stdout]);
    else {
      yield* eachLine(system, handle, (line, hadNewline) => {
        const numbered = options.has('b') ? line !== '' : options.has('n');
        if (numbered) number += 1;
        return `${numbered ? `${String(number).padStart(6)}\t` : ''}${visible(line, options)}${hadNewline ? '\n' : ''}`;
      });
    }
    return 0;
  });
});

const tee = task({ letters: 'ai' }, function* (system, options) {
  const outputs: Handle[] = [system.stdout];
  let status = 0;
  for (const path of options.words) {
    try {
      outputs.push(system.files.openHandle(path, options.has('a') ? { write: true, create: true, append: true } : { write: true, create: true, truncate: true }));
    } catch (error) {
      yield* system.stderr.write(`tee: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  yield* pour(system, system.stdin, outputs);
  for (const handle of outputs.slice(1)) handle.close();
  return status;
});

/** -5 as -n 5, as head and tail have it. */
const oldStyle = (argv: readonly string[]): string[] => argv.flatMap((word, index) => (index > 0 && /^-\d+[a-zA-Z]*$/.test(word) && !/^-[nc]$/.test(argv[index - 1] ?? '') ? ['-n', ...(/^-(\d+)([a-zA-Z]*)$/.exec(word) ?? []).slice(1, 2), ...(/[fF]/.test(word) ? ['-f'] : [])] : [word]));

const withOldStyle = (program: Executable): Executable =>
  function* (system) {
    const calls = (system as SystemCalls).as(oldStyle(system.argv), system.env);
    return yield* program(calls);
  };

const head = withOldStyle(
  task({ letters: 'n:c:qv', long: { lines: 'n', bytes: 'c', quiet: 'q' } }, function* (system, options) {
    const byBytes = options.has('c');
    const count = byBytes ? options.number('c', 0) : options.number('n', 10);
    const titles = (options.words.length > 1 && !options.has('q')) || options.has('v');
    let first = true;
    return yield* eachFile(system, options.words, plainComplaint('head'), function* (handle, path) {
      if (titles) yield* system.stdout.write(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
      first = false;
      if (count < 0) {
        const all = yield* readAll(handle);
        yield* system.stdout.write(byBytes ? all.subarray(0, Math.max(0, all.length + count)) : all.subarray(0, lineStart(all, count)));
        return 0;
      }
      if (count === 0) return 0;
      let left = count;
      while (left > 0) {
        const bytes = yield* handle.read(byBytes ? Math.min(left, 65_536) : 4096);
        if (bytes === undefined) break;
        if (byBytes) {
          left -= bytes.length;
          yield* system.stdout.write(bytes);
          continue;
        }
        let end = 0;
        while (end < bytes.length && left > 0) if (bytes[end++] === 10) left -= 1;
        yield* system.stdout.write(end === bytes.length ? bytes : bytes.slice(0, end));
        if (left === 0 && end < bytes.length) giveBack(handle, bytes.length - end);
      }
      return 0;
    });
  }),
);

/** A seekable input goes back to right after what was used. */
function giveBack(handle: Handle, count: number): void {
  try {
    handle.seek(-count, 'current');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

/** Where the last `-count` lines begin. */
function lineStart(bytes: Uint8Array, count: number): number {
  let left = -count;
  let at = bytes.length;
  if (bytes[at - 1] === 10) at -= 1;
  while (at > 0) {
    if (bytes[at - 1] === 10 && --left === 0) return at;
    at -= 1;
  }
  return 0;
}

/** The end of what a handle gives, from its line or byte count on. */
function* lastPart(handle: Handle, count: number, byBytes: boolean, fromStart: boolean): Task<Uint8Array> {
  if (fromStart) {
    const all = yield* readAll(handle);
    if (byBytes) return all.subarray(Math.max(0, count - 1));
    let line = 1;
    let at = 0;
    while (at < all.length && line < count) if (all[at++] === 10) line += 1;
    return line < count ? all.subarray(all.length) : all.subarray(at);
  }
  let kept: Uint8Array = new Uint8Array(0);
  for (;;) {
    const bytes = yield* handle.read();
    if (bytes === undefined) break;
    const joined = new Uint8Array(kept.length + bytes.length);
    joined.set(kept);
    joined.set(bytes, kept.length);
    kept = joined.length > 1_048_576 || byBytes ? cut(joined, count, byBytes) : joined;
  }
  return cut(kept, count, byBytes);
}

function cut(bytes: Uint8Array, count: number, byBytes: boolean): Uint8Array {
  if (count === 0) return bytes.subarray(bytes.length);
  return byBytes ? bytes.subarray(Math.max(0, bytes.length - count)) : bytes.subarray(lineStart(bytes, -count));
}

interface Followed {
  readonly path: string;
  handle: Handle | undefined;
  inode: Inode | undefined;
  size: number;
}

/** tail -f and -F: prints what is added; -F also finds the file again when another takes its name. */
function* follow(system: SystemCalls, files: Followed[], byName: boolean, titles: boolean): Task<number> {
  let last = files[files.length - 1];
  const changed = new WaitList();
  for (;;) {
    const stops: (() => void)[] = [];
    for (const file of files) {
      if (byName) yield* reopen(system, file);
      const text = file.handle?.tryRead(1_048_576);
      if (text instanceof Uint8Array) {
        if (titles && last !== file) yield* system.stdout.write(`\n==> ${file.path} <==\n`);
        last = file;
        yield* system.stdout.write(text);
        file.size += text.length;
        stops.push(() => undefined);
        continue;
      }
      if (file.inode instanceof FileInode && file.inode.size < file.size) {
        file.handle?.seek(0, 'start');
        file.size = 0;
        yield* system.stderr.write(`tail: ${file.path}: file truncated\n`);
      }
    }
    if (stops.length > 0) continue;
    yield* waitForChange(system, files, byName, changed);
  }
}

/** Waits until a followed file changes; by name, looks once a second too. */
function* waitForChange(system: SystemCalls, files: readonly Followed[], byName: boolean, changed: WaitList): Task {
  const stops: (() => void)[] = [];
  for (const { inode } of files) {
    if (!inode) continue;
    const wake = () => changed.wake();
    (inode.watchers ??= new Set()).add(wake);
    stops.push(() => inode.watchers?.delete(wake));
  }
  try {
    if (byName || stops.length === 0) yield* race({ changed: () => changed.wait(), second: () => sleep(milliseconds(1000)) });
    else yield* changed.wait();
    yield* sleep(milliseconds(100));
  } finally {
    for (const stop of stops) stop();
  }
  if (system.process.charge(50)) yield* system.process.settle();
}

function* reopen(system: SystemCalls, file: Followed): Task {
  let inode: Inode | undefined;
  try {
    inode = system.files.place(file.path).inode;
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
  if (inode === file.inode || !inode) return;
  const before = file.handle;
  file.inode = inode;
  file.handle = system.files.openHandle(file.path, { read: true });
  yield* system.stderr.write(before ? `tail: ${file.path} has been replaced; following end of new file\n` : `tail: ${file.path} has appeared; following end of new file\n`);
  before?.close();
  file.size = 0;
}

const tail = withOldStyle(
  task({ letters: 'fFn:c:qs:v', long: { lines: 'n', bytes: 'c', follow: 'f', quiet: 'q', retry: 'F' } }, function* (system, options) {
    const byBytes = options.has('c');
    const text = (byBytes ? options.value('c') : options.value('n')) ?? '10';
    const fromStart = text.startsWith('+');
    const count = Math.abs(parseNumber(text.replace(/^\+/, '')));
    const words = options.words.length > 0 ? options.words : ['-'];
    const titles = (words.length > 1 && !options.has('q')) || options.has('v');
    const followed: Followed[] = [];
    let status = 0;
    let opened = 0;
    for (const path of words) {
      const handle = yield* openInput(system, path, cannotOpen('tail'));
      if (!handle) {
        status = 1;
        if (options.has('F')) followed.push({ path, handle: undefined, inode: undefined, size: 0 });
        continue;
      }
      if (titles) yield* system.stdout.write(`${opened === 0 ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`);
      opened += 1;
      try {
        yield* system.stdout.write(yield* lastPart(handle, count, byBytes, fromStart));
      } catch (error) {
        yield* system.stderr.write(`tail: ${path === '-' ? 'standard input' : path}: ${because(error)}\n`.replace('tail: ', 'tail: '));
        status = 1;
        handle.close();
        continue;
      }
      const inode = path === '-' ? undefined : system.files.place(path).inode;
      followed.push({ path, handle, inode, size: inode instanceof FileInode ? inode.size : 0 });
    }
    if (followed.length === 0) {
      if (opened === 0) yield* system.stderr.write('tail: no files\n');
      return status;
    }
    if (options.has('f') || options.has('F')) return yield* follow(system, followed, options.has('F'), titles);
    for (const { handle } of followed) handle?.close();
    return status;
  }),
);

const wc = task({ letters: 'lwcmL' }, function* (system, options) {
  const letters = ['l', 'w', 'm', 'c', 'L'].filter((letter) => options.has(letter));
  const shown = letters.length > 0 ? letters : ['l', 'w', 'c'];
  const total: Record<string, number> = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  const words = options.words;
  const print = (counts: Record<string, number>, name: string) => {
    const single = shown.length === 1;
    const numbers = single && words.length < 1 ? String(counts[shown[0] as string]) : shown.map((letter) => String(counts[letter]).padStart(9)).join(' ');
    return `${single && words.length >= 1 ? String(counts[shown[0] as string]) : numbers}${name === '' ? '' : ` ${name}`}\n`;
  };
  const status = yield* eachFile(system, words, plainComplaint('wc'), function* (handle, path) {
    const counts: Record<string, number> = { l: 0, w: 0, m: 0, c: 0, L: 0 };
    let inWord = false;
    let column = 0;
    for (;;) {
      const bytes = yield* handle.read();
      if (bytes === undefined) break;
      counts['c'] = (counts['c'] as number) + bytes.length;
      for (const byte of bytes) {
        if (byte === 10) counts['l'] = (counts['l'] as number) + 1;
        if ((byte & 0xc0) !== 0x80) counts['m'] = (counts['m'] as number) + 1;
        column = byte === 10 ? 0 : column + ((byte & 0xc0) !== 0x80 ? 1 : 0);
        if (column > (counts['L'] as number)) counts['L'] = column;
        const blank = byte === 32 || (byte >= 9 && byte <= 13);
        if (!blank && !inWord) counts['w'] = (counts['w'] as number) + 1;
        inWord = !blank;
      }
      if (system.process.charge(bytes.length / 500 + 3)) yield* system.process.settle();
    }
    for (const letter of Object.keys(total)) total[letter] = letter === 'L' ? Math.max(total[letter] as number, counts[letter] as number) : (total[letter] as number) + (counts[letter] as number);
    yield* system.stdout.write(print(counts, path === '-' && words.length === 0 ? '' : path));
    return 0;
  });
  if (words.length > 1) yield* system.stdout.write(print(total, 'total'));
  return status;
});

const rev = task({ letters: '' }, (system, options) =>
  eachFile(system, options.words, cannotOpen('rev'), function* (handle) {
    yield* eachLine(system, handle, (line, hadNewline) => `${[...line].reverse().join('')}${hadNewline ? '\n' : ''}`);
    return 0;
  }),
);

const tac = task({ letters: '' }, (system, options) =>
  eachFile(system, options.words, cannotOpen('tac'), function* (handle) {
    const lines: string[] = [];
    yield* eachLine(system, handle, (line, hadNewline) => {
      lines.push(line + (hadNewline ? '\n' : ''));
      return undefined;
    });
    yield* system.stdout.write(lines.reverse().join(''));
    return 0;
  }),
);

const nl = task({ letters: 'b:i:l:n:s:v:w:' }, function* (system, options) {
  let number = options.number('v', 1);
  const all = options.value('b') === 'a';
  const width = options.number('w', 6);
  const separator = options.value('s') ?? '\t';
  return yield* eachFile(system, options.words, cannotOpen('nl'), function* (handle) {
    yield* eachLine(system, handle, (line) => {
      if (line === '' && !all) return `${' '.repeat(width + separator.length)}\n`;
      const text = `${String(number).padStart(width)}${separator}${line}\n`;
      number += options.number('i', 1);
      return text;
    });
    return 0;
  });
});

const split = task({ letters: 'b:l:a:' }, function* (system, options) {
  const [path = '-', prefix = 'x'] = options.words;
  const handle = yield* openInput(system, path, cannotOpen('split'));
  if (!handle) return 1;
  const all = yield* readAll(handle);
  const length = options.number('a', 2);
  const nameOf = (index: number): string => {
    let name = '';
    for (let i = 0, rest = index; i < length; i++, rest = Math.floor(rest / 26)) name = String.fromCharCode(97 + (rest % 26)) + name;
    return prefix + name;
  };
  let part = 0;
  for (let at = 0; at < all.length; part++) {
    let end = at;
    if (options.has('b')) end = Math.min(all.length, at + options.number('b', 0));
    else for (let lines = options.number('l', 1000); lines > 0 && end < all.length; lines--) end = all.indexOf(10, end) < 0 ? all.length : all.indexOf(10, end) + 1;
    if (end <= at) throw new UsageError('');
    system.files.writeFile(nameOf(part), all.subarray(at, end));
    at = end;
  }
  return 0;
});

/** Commands that show files or parts of them. */
export const pageCommands: Readonly<Record<string, Executable>> = { cat, tee, head, tail, wc, rev, tac, nl, split, more: cat, less: cat };

/** How many bytes a text has. */
export const byteLength = (text: string): number => bytesOf(text).length;
