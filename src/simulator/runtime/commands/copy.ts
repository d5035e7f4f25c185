import type { Task } from '../../kernel';
import { SystemError } from '../interface';
import { RegularHandle } from '../files/handle';
import type { Executable, Output } from '../process/program';
import type { SystemCalls } from '../process/system';
import { LineReader, because, type Options, parseNumber, task, tool, UsageError } from './tool';
import { parseMode } from './modes';
import { dirnameOf } from './basic';

const baseOf = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '') || '/';

function isFolder(system: SystemCalls, path: string, followLinks = true): boolean {
  try {
    return system.files.status(path, { followLinks }).type === 'folder';
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function exists(system: SystemCalls, path: string): boolean {
  try {
    system.files.status(path, { followLinks: false });
    return true;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function copyFile(system: SystemCalls, from: string, to: string, options: Options): void {
  const { files } = system;
  const source = files.status(from);
  const place = files.place(from);
  if (options.has('f') && exists(system, to) && !files.allows(to, 'w')) files.remove(to);
  const content = files.readFile(from);
  files.open(to, { write: true, create: true, truncate: true, mode: source.mode & 0o777 }).close();
  const target = files.openHandle(to, { write: true });
  try {
    if (target instanceof RegularHandle && place.inode && content.length > 0) target.tryWrite(content);
    else target.tryWrite(content);
  } finally {
    target.close();
  }
  if (options.has('p') || options.has('a')) keepStatus(system, to, source);
}

function keepStatus(system: SystemCalls, path: string, source: { mode: number; uid: number; gid: number; modifiedAt: number }): void {
  const { files } = system;
  files.changeMode(path, source.mode);
  if (system.uid === 0) files.changeOwner(path, source.uid, source.gid);
  files.changeTime(path, source.modifiedAt);
}

/** Copies a file or, with -r, a folder. */
function copy(system: SystemCalls, from: string, to: string, options: Options, out: Output, top = true): number {
  const { files } = system;
  const recursive = options.has('r') || options.has('R') || options.has('a');
  const followLinks = options.has('L') || (!options.has('d') && !options.has('P') && !options.has('a') && !(recursive && !top));
  try {
    const source = files.status(from, { followLinks });
    if (source.type === 'folder') {
      if (!recursive) {
        out.error(`cp: omitting directory '${from}'\n`);
        return 1;
      }
      if (!exists(system, to)) files.makeFolder(to, { mode: source.mode | 0o700 });
      let status = 0;
      for (const name of files.list(from)) status = Math.max(status, copy(system, `${from}/${name}`, `${to}/${name}`, options, out, false));
      if (options.has('p') || options.has('a')) keepStatus(system, to, source);
      return status;
    }
    if (source.type === 'symlink') {
      if (exists(system, to)) files.remove(to);
      files.symlink(files.readLink(from), to);
    } else if (options.has('l')) files.link(from, to);
    else if (options.has('s')) files.symlink(from, to);
    else if (options.has('n') && exists(system, to)) return 0;
    else if (options.has('u') && exists(system, to) && files.status(to).modifiedAt >= source.modifiedAt) return 0;
    else copyFile(system, from, to, options);
    return 0;
  } catch (error) {
    const reason = because(error);
    if (!exists(system, from)) out.error(`cp: can't stat '${from}': ${reason}\n`);
    else if (!files.allows(from, 'r')) out.error(`cp: can't open '${from}': ${reason}\n`);
    else out.error(`cp: can't create '${to}': ${reason}\n`);
    return 1;
  }
}

const cp = tool({ letters: 'adfilnprRsuvLPHTt:', long: { recursive: 'r', force: 'f', archive: 'a', preserve: 'p', 'no-clobber': 'n' }, least: 1 }, (system, options, out) => {
  const words = [...options.words];
  const target = options.value('t') ?? words.pop();
  if (target === undefined || words.length === 0) throw new UsageError('');
  const into = !options.has('T') && isFolder(system, target);
  if (words.length > 1 && !into) {
    out.error(`cp: target '${target}' is not a directory\n`);
    return 1;
  }
  let status = 0;
  for (const from of words) status = Math.max(status, copy(system, from, into ? `${target.replace(/\/$/, '')}/${baseOf(from)}` : target, options, out));
  return status;
});

function removeTree(system: SystemCalls, path: string): void {
  if (!isFolder(system, path, false)) return system.files.remove(path);
  for (const name of system.files.list(path)) removeTree(system, `${path}/${name}`);
  system.files.removeFolder(path);
}

const mv = tool({ letters: 'finTvt:', long: { force: 'f', 'no-clobber': 'n' }, least: 1 }, (system, options, out) => {
  const words = [...options.words];
  const target = options.value('t') ?? words.pop();
  if (target === undefined || words.length === 0) throw new UsageError('');
  const into = !options.has('T') && isFolder(system, target);
  if (words.length > 1 && !into) {
    out.error(`mv: can't rename '${words[0]}': Not a directory\n`);
    return 1;
  }
  let status = 0;
  for (const from of words) {
    const to = into ? `${target.replace(/\/$/, '')}/${baseOf(from)}` : target;
    if (options.has('n') && exists(system, to)) continue;
    try {
      system.files.rename(from, to);
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EXDEV') {
        const moved = new Map([['a', '']]);
        if (copy(system, from, to, asOptions(moved), out) === 0) removeTree(system, from);
        else status = 1;
        continue;
      }
      out.error(`mv: can't rename '${from}': ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

function asOptions(given: ReadonlyMap<string, string>): Options {
  return { name: 'mv', words: [], has: (letter: string) => given.has(letter), value: (letter: string) => given.get(letter) } as unknown as Options;
}

/** Asks on a terminal or takes the answer from standard input. */
function* confirmed(system: SystemCalls, question: string, reader: LineReader): Task<boolean> {
  yield* system.stderr.write(question);
  const answer = yield* reader.next();
  return answer !== undefined && /^[yY]/.test(answer);
}

const rm = task({ letters: 'firRv', long: { force: 'f', recursive: 'r' } }, function* (system, options) {
  if (options.words.length === 0) {
    if (options.has('f')) return 0;
    throw new UsageError('');
  }
  const reader = new LineReader(system.stdin, system);
  const recursive = options.has('r') || options.has('R');
  let status = 0;
  const complain = function* (text: string): Task {
    status = 1;
    yield* system.stderr.write(text);
  };
  const remove = function* (path: string): Task {
    try {
      const found = system.files.status(path, { followLinks: false });
      if (found.type === 'folder') {
        if (!recursive) return yield* complain(`rm: '${path}' is a directory\n`);
        for (const name of system.files.list(path)) yield* remove(`${path.replace(/\/$/, '')}/${name}`);
        if (options.has('i') && !(yield* confirmed(system, `rm: remove directory '${path}'? `, reader))) return;
        system.files.removeFolder(path);
      } else {
        const asks = options.has('i') || (!options.has('f') && system.stdin.isTerminal && found.type === 'file' && !system.files.allows(path, 'w'));
        if (asks && !(yield* confirmed(system, `rm: remove '${path}'? `, reader))) return;
        system.files.remove(path);
      }
      if (options.has('v')) yield* system.stdout.write(`removed '${path}'\n`);
    } catch (error) {
      if (error instanceof SystemError && error.code === 'ENOENT' && options.has('f')) return;
      yield* complain(`rm: can't remove '${path}': ${because(error)}\n`);
    }
  };
  for (const path of options.words) {
    if (/^(.*\/)?\.{1,2}\/?$/.test(path)) yield* complain("rm: refusing to remove '.' or '..' directory: skipping '" + `${path}'\n`);
    else yield* remove(path);
  }
  return status;
});

const mkdir = tool({ letters: 'm:pv', long: { mode: 'm', parents: 'p' }, least: 1 }, (system, options, out) => {
  let status = 0;
  const given = options.value('m');
  const mode = given === undefined ? undefined : parseMode(given, 0o777, true);
  if (given !== undefined && mode === undefined) throw new UsageError(`invalid mode '${given}'`.replace('invalid mode', 'invalid mode'));
  for (const path of options.words) {
    try {
      if (options.has('p') && isFolder(system, path)) continue;
      system.files.makeFolder(path, { parents: options.has('p') });
      if (mode !== undefined) system.files.changeMode(path, mode);
    } catch (error) {
      out.error(`mkdir: can't create directory '${path}': ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

const rmdir = tool({ letters: 'pi', long: { parents: 'p', 'ignore-fail-on-non-empty': 'i' }, least: 1 }, (system, options, out) => {
  let status = 0;
  for (const path of options.words) {
    let at = path;
    try {
      for (;;) {
        system.files.removeFolder(at);
        if (!options.has('p')) break;
        at = dirnameOf(at);
        if (at === '.' || at === '/') break;
      }
    } catch (error) {
      if (options.has('i') && error instanceof SystemError && error.code === 'ENOTEMPTY') continue;
      out.error(`rmdir: '${at}': ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

const dd = task({ letters: '' }, function* (system, options) {
  const settings = new Map(options.words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const number = (name: string, fallback: number) => (settings.has(name) ? parseNumber((settings.get(name) as string).replace(/B$/, '')) : fallback);
  const size = number('bs', 512);
  const count = settings.has('count') ? number('count', 0) : Infinity;
  const conversions = (settings.get('conv') ?? '').split(',');
  const quiet = settings.get('status') === 'none';
  const [from, to] = [settings.get('if'), settings.get('of')];
  let input = system.stdin;
  let output = system.stdout;
  try {
    if (from !== undefined) input = system.files.openHandle(from, { read: true });
    if (to !== undefined) output = system.files.openHandle(to, { write: true, create: true, truncate: !conversions.includes('notrunc') && !settings.has('seek') });
  } catch (error) {
    yield* system.stderr.write(`dd: can't open '${error instanceof SystemError && error.path === from ? from : to}': ${because(error)}\n`);
    return 1;
  }
  if (settings.has('skip')) for (let left = number('skip', 0); left > 0; left--) yield* input.read(size);
  if (settings.has('seek') && to !== undefined) output.seek(number('seek', 0) * size, 'start');
  let full = 0;
  let partial = 0;
  let bytes = 0;
  let status = 0;
  const started = system.now;
  try {
    while (full + partial < count) {
      const block = yield* input.read(size);
      if (block === undefined) break;
      if (block.length === size) full += 1;
      else partial += 1;
      yield* output.write(block);
      bytes += block.length;
      if (system.process.charge(block.length / 1000)) yield* system.process.settle();
    }
  } catch (error) {
    const reason = because(error);
    yield* system.stderr.write(error instanceof SystemError && error.code === 'EISDIR' ? `dd: ${from ?? 'read error'}: ${reason}\n` : `dd: error writing '${to ?? 'standard output'}': ${reason}\n`);
    status = 1;
  }
  if (system.process.ended) return status;
  yield* system.process.settle();
  const elapsed = Math.max((system.now - started) / 1_000_000, 0.000001);
  const kept = status === 0 ? full : Math.max(0, full - 1);
  const rate = bytes / elapsed;
  const shown = (value: number) => (value >= 1_048_576 ? `${(value / 1_048_576).toFixed(1)}MB` : value >= 1024 ? `${(value / 1024).toFixed(1)}KB` : `${value.toFixed(0)} bytes`);
  if (!quiet) yield* system.stderr.write(`${full}+${partial} records in\n${kept}+${partial} records out\n${bytes} bytes (${shown(bytes)}) copied, ${elapsed.toFixed(6)} seconds, ${shown(rate)}/s\n`);
  if (from !== undefined) input.close();
  if (to !== undefined) output.close();
  return status;
});

/** Commands that make, copy, move and remove. */
export const copyCommands: Readonly<Record<string, Executable>> = { cp, mv, rm, mkdir, rmdir, dd };
