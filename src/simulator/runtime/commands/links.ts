import { SystemError } from '../interface';
import { normalize } from '../files/mounts';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { parseDate } from './time-format';
import { parseMode } from './modes';
import { because, parseNumber, tool, UsageError } from './tool';

const isFolder = (system: SystemCalls, path: string): boolean => system.files.exists(path) && system.files.status(path).type === 'folder';

const ln = tool({ letters: 'sfnbS:vT', long: { symbolic: 's', force: 'f', 'no-dereference': 'n' }, least: 1 }, (system, options, out) => {
  const words = [...options.words];
  const last = words.length > 1 ? (words.pop() as string) : (words[0] as string).replace(/^.*\//, '');
  let status = 0;
  for (const target of words) {
    let path = last;
    const linkToFolder = options.has('n') && system.files.place(last, false).inode?.type === 'symlink';
    if (!options.has('T') && !linkToFolder && isFolder(system, last)) path = `${last.replace(/\/$/, '')}/${target.replace(/\/+$/, '').replace(/^.*\//, '')}`;
    try {
      if (options.has('f') && system.files.place(path, false).inode) system.files.remove(path);
      if (options.has('s')) system.files.symlink(target, path);
      else system.files.link(target, path);
    } catch (error) {
      out.error(`ln: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

const touch = tool({ letters: 'cd:t:r:amhf', long: { date: 'd', reference: 'r', 'no-create': 'c' }, least: 1 }, (system, options, out) => {
  const given = options.value('d') ?? options.value('t');
  let time = system.now;
  if (given !== undefined) {
    const parsed = parseDate(given, system.now);
    if (parsed === undefined) throw new UsageError(`invalid date '${given}'`);
    time = parsed;
  }
  const reference = options.value('r');
  let status = 0;
  for (const path of options.words) {
    try {
      if (reference !== undefined) time = system.files.status(reference).modifiedAt;
      if (!system.files.exists(path)) {
        if (options.has('c')) continue;
        system.files.open(path, { write: true, create: true }).close();
      }
      system.files.changeTime(path, time);
    } catch (error) {
      out.error(`touch: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

/** The path without links, as far as it exists; the last part need not. */
function canonical(system: SystemCalls, path: string): string {
  try {
    const place = system.files.place(path);
    return place.path;
  } catch (error) {
    if (error instanceof SystemError && error.code === 'ENOENT') return normalize(system.cwd, path);
    throw error;
  }
}

const readlink = tool({ letters: 'fnsv', least: 1 }, (system, options, out) => {
  let status = 0;
  for (const path of options.words) {
    try {
      const text = options.has('f') ? canonical(system, path) : system.files.readLink(path);
      out.write(options.has('n') ? text : `${text}\n`);
    } catch (error) {
      because(error);
      status = 1;
    }
  }
  return status;
});

const realpath = tool({ letters: 'esm', least: 1 }, (system, options, out) => {
  let status = 0;
  for (const path of options.words) {
    try {
      const place = system.files.place(path);
      if (!place.inode && options.has('e')) throw new SystemError('ENOENT', path);
      out.write(`${place.path}\n`);
    } catch (error) {
      out.error(`realpath: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

const mktemp = tool({ letters: 'dqtup:' }, (system, options, out) => {
  const [given] = options.words;
  const folder = options.value('p') ?? (given === undefined || options.has('t') ? (system.env['TMPDIR'] ?? '/tmp') : '');
  const template = given ?? 'tmp.XXXXXX';
  if (!/XXXXXX$/.test(template)) {
    out.error(`mktemp: Invalid argument\n`);
    return 1;
  }
  const random = Array.from({ length: 6 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[system.random.int(62)]).join('');
  const path = (folder === '' ? '' : `${folder}/`) + template.replace(/XXXXXX$/, random);
  try {
    if (options.has('d')) system.files.makeFolder(path, { mode: 0o700 });
    else if (!options.has('u')) system.files.open(path, { write: true, create: true, exclusive: true, mode: 0o600 }).close();
  } catch (error) {
    if (!options.has('q')) out.error(`mktemp: (null): ${because(error)}\n`.replace('(null)', path));
    return 1;
  }
  out.write(`${path}\n`);
  return 0;
});

const mkfifo = tool({ letters: 'm:', least: 1 }, (system, options, out) => {
  let status = 0;
  for (const path of options.words) {
    try {
      system.files.makeFifo(path, parseMode(options.value('m') ?? '666', 0o666, false) ?? 0o666);
    } catch (error) {
      out.error(`mkfifo: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

const truncate = tool({ letters: 'cs:', long: { size: 's' }, least: 1 }, (system, options, out) => {
  const text = options.value('s');
  if (text === undefined) throw new UsageError('');
  let status = 0;
  for (const path of options.words) {
    try {
      if (options.has('c') && !system.files.exists(path)) continue;
      const before = system.files.exists(path) ? system.files.status(path).size : 0;
      const amount = parseNumber(text.replace(/^[-+]/, ''));
      system.files.truncate(path, text.startsWith('+') ? before + amount : text.startsWith('-') ? Math.max(0, before - amount) : amount);
    } catch (error) {
      out.error(`truncate: ${path}: open: ${because(error)}\n`.replace('open: ', ''));
      status = 1;
    }
  }
  return status;
});

const unlink = tool({ letters: '', least: 1 }, (system, options, out) => {
  try {
    system.files.remove(options.words[0] as string);
    return 0;
  } catch (error) {
    out.error(`unlink: can't remove file '${options.words[0]}': ${because(error)}\n`);
    return 1;
  }
});

/** Commands that make names and links. */
export const linkCommands: Readonly<Record<string, Executable>> = { ln, touch, readlink, realpath, mktemp, mkfifo, truncate, unlink };
