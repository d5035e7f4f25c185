import { gunzipSync, gzipSync } from 'fflate';
import { concatBytes, type Task, utf8Decode } from '../../kernel';
import { type FileStatus, SystemError } from '../interface';
import { bytesOf } from '../files/content';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { groupName, userName } from '../process/users';
import { modeText } from './modes';
import { formatDate } from './time-format';
import { matches } from '../shell/pattern';
import { because, type Options, readAll, task, UsageError } from './tool';

const block = 512;
const types: Readonly<Record<string, FileStatus['type']>> = { '0': 'file', '\0': 'file', '': 'file', '1': 'file', '2': 'symlink', '5': 'folder', '6': 'fifo' };

interface Member {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly time: number;
  readonly type: string;
  readonly link: string;
  readonly data: Uint8Array;
}

/** A ustar header (POSIX pax). */
function header(member: Member): Uint8Array {
  const out = new Uint8Array(block);
  const put = (text: string | Uint8Array, at: number, length: number) => out.set(bytesOf(text).subarray(0, length), at);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  let name = bytesOf(member.name);
  let prefix: Uint8Array = new Uint8Array(0);
  if (name.length > 100) {
    const cut = name.indexOf(47, Math.max(0, name.length - 101));
    if (cut > 0 && cut <= 155) {
      prefix = name.subarray(0, cut);
      name = name.subarray(cut + 1);
    }
  }
  put(name, 0, 100);
  put(octal(member.mode, 8), 100, 8);
  put(octal(member.uid, 8), 108, 8);
  put(octal(member.gid, 8), 116, 8);
  put(octal(member.data.length, 12), 124, 12);
  put(octal(Math.floor(member.time / 1_000_000), 12), 136, 12);
  put('        ', 148, 8);
  put(member.type, 156, 1);
  put(member.link, 157, 100);
  put('ustar  ', 257, 8);
  put(prefix, 345, 155);
  const sum = out.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return out;
}

/** The members of an archive: ustar, GNU's long names, and pax paths. */
function* members(bytes: Uint8Array): Generator<Member> {
  let longName: string | undefined;
  let longLink: string | undefined;
  for (let at = 0; at + block <= bytes.length; ) {
    const head = bytes.subarray(at, at + block);
    if (head[0] === 0) return;
    const text = (from: number, length: number) => utf8Decode(head.subarray(from, from + length)).replace(/\0.*$/s, '');
    const number = (from: number, length: number) => parseInt(text(from, length).trim() || '0', 8);
    const size = number(124, 12);
    const data = bytes.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(head[156] as number);
    if (type === 'L') longName = utf8Decode(data).replace(/\0.*$/s, '');
    else if (type === 'K') longLink = utf8Decode(data).replace(/\0.*$/s, '');
    else if (type === 'x') {
      longName = /^\d+ path=(.*)$/m.exec(utf8Decode(data))?.[1] ?? longName;
      longLink = /^\d+ linkpath=(.*)$/m.exec(utf8Decode(data))?.[1] ?? longLink;
    } else if (type !== 'g') {
      const prefix = text(257, 5) === 'ustar' && head[263] !== 32 ? text(345, 155) : '';
      yield { name: longName ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`), mode: number(100, 8), uid: number(108, 8), gid: number(116, 8), time: number(136, 12) * 1_000_000, type, link: longLink ?? text(157, 100), data };
      longName = undefined;
      longLink = undefined;
    }
  }
}

function* collect(system: SystemCalls, path: string, options: Options, add: (member: Member) => Task): Task<number> {
  const { files } = system;
  let status: FileStatus;
  try {
    status = files.status(path, { followLinks: options.has('h') });
  } catch (error) {
    yield* system.stderr.write(`tar: ${path}: ${because(error)}\n`);
    return 1;
  }
  if (options.values('X').some((pattern) => matches(pattern, path) || matches(pattern, path.replace(/^.*\//, '')))) return 0;
  const name = path.replace(/^\/+/, '');
  const base = { mode: status.mode, uid: status.uid, gid: status.gid, time: status.modifiedAt, link: '', data: new Uint8Array(0) };
  if (status.type === 'folder') {
    if (name !== '') yield* add({ ...base, name: `${name.replace(/\/$/, '')}/`, type: '5' });
    let result = 0;
    for (const child of files.list(path)) result = Math.max(result, yield* collect(system, `${path.replace(/\/$/, '')}/${child}`, options, add));
    return result;
  }
  if (status.type === 'symlink') yield* add({ ...base, name, type: '2', link: files.readLink(path) });
  else if (status.type === 'file') {
    try {
      yield* add({ ...base, name, type: '0', data: files.readFile(path) });
    } catch (error) {
      yield* system.stderr.write(`tar: can't open '${path}': ${because(error)}\n`);
      return 1;
    }
  }
  return 0;
}

function* create(system: SystemCalls, options: Options): Task<number> {
  const parts: Uint8Array[] = [];
  let warned = false;
  let status = 0;
  const file = options.value('f') ?? '-';
  for (const path of options.words) {
    if (path.startsWith('/') && !warned) {
      warned = true;
      yield* system.stderr.write("tar: removing leading '/' from member names\n");
    }
    status = Math.max(
      status,
      yield* collect(system, path, options, function* (member) {
        if (options.has('v')) yield* (file === '-' ? system.stderr : system.stdout).write(`${member.name}\n`);
        if (bytesOf(member.name).length > 255) {
          const long = bytesOf(`${member.name}\0`);
          parts.push(header({ ...member, name: '././@LongLink', type: 'L', data: long }), long, new Uint8Array((block - (long.length % block)) % block));
        }
        parts.push(header(member), member.data, new Uint8Array((block - (member.data.length % block)) % block));
      }),
    );
  }
  parts.push(new Uint8Array(block * 2));
  let bytes = concatBytes(parts);
  if (options.has('z')) bytes = gzipSync(bytes, { mtime: 0 });
  if (file === '-') yield* system.stdout.write(bytes);
  else system.files.writeFile(file, bytes);
  return status;
}

function* read(system: SystemCalls, options: Options): Task<Uint8Array> {
  const file = options.value('f') ?? '-';
  const bytes = file === '-' ? yield* readAll(system.stdin) : system.files.readFile(file);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

const wanted = (words: readonly string[], name: string): boolean => words.length === 0 || words.some((word) => name === word || name === `${word}/` || name.startsWith(`${word.replace(/\/$/, '')}/`));

function* list(system: SystemCalls, options: Options): Task<number> {
  for (const member of members(yield* read(system, options))) {
    if (!wanted(options.words, member.name)) continue;
    const status = { type: types[member.type] ?? 'file', mode: member.mode } as FileStatus;
    const owner = `${userName(system.files, member.uid) ?? member.uid}/${groupName(system.files, member.gid) ?? member.gid}`;
    yield* system.stdout.write(options.has('v') ? `${modeText(status)} ${owner} ${String(member.data.length).padStart(9)} ${formatDate(member.time, '%Y-%m-%d %H:%M:%S')} ${member.name}${member.link ? ` -> ${member.link}` : ''}\n` : `${member.name}\n`);
  }
  return 0;
}

function* extract(system: SystemCalls, options: Options): Task<number> {
  const { files } = system;
  let status = 0;
  for (const member of members(yield* read(system, options))) {
    if (!wanted(options.words, member.name)) continue;
    const strip = Number(options.value('s') ?? 0);
    const name = member.name.replace(/^\/+/, '').split('/').slice(strip).join('/').replace(/\/$/, '');
    if (name === '' || name.split('/').includes('..')) continue;
    if (options.has('v')) yield* system.stdout.write(`${member.name}\n`);
    if (options.has('O')) {
      yield* system.stdout.write(member.data);
      continue;
    }
    try {
      const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')));
      if (folder !== '' && !files.exists(folder)) files.makeFolder(folder, { parents: true });
      extractOne(system, member, name, options);
    } catch (error) {
      yield* system.stderr.write(member.type === '5' ? `tar: can't make dir ${name}: ${because(error)}\n` : `tar: can't open '${name}': ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
}

function extractOne(system: SystemCalls, member: Member, name: string, options: Options): void {
  const { files } = system;
  const existing = files.exists(name) ? files.status(name, { followLinks: false }) : undefined;
  if (member.type === '5') {
    if (!existing) files.makeFolder(name);
  } else {
    if (existing && existing.type !== 'folder') files.remove(name);
    if (member.type === '2') return files.symlink(member.link, name);
    if (member.type === '1') return files.link(member.link.replace(/^\/+/, ''), name);
    files.writeFile(name, member.data);
  }
  files.changeMode(name, options.has('p') || system.uid === 0 ? member.mode : member.mode & ~system.process.umask);
  if (system.uid === 0 && !options.has('o')) files.changeOwner(name, member.uid, member.gid);
  if (!options.has('m')) files.changeTime(name, member.time);
}

/** tar's first word may lack its dash. */
function withDash(program: Executable): Executable {
  return function* (system) {
    const [name = 'tar', first, ...rest] = system.argv;
    const argv = first !== undefined && /^[a-zA-Z]+$/.test(first) ? [name, `-${first}`, ...rest] : system.argv;
    return yield* program((system as SystemCalls).as(moveFile(argv), system.env));
  };
}

/** In `tar xzf FILE` and `tar cfz FILE` the file comes after all letters. */
function moveFile(argv: readonly string[]): string[] {
  const [name = 'tar', first = '', ...rest] = argv;
  const match = /^-([a-zA-Z]*)f([a-zA-Z]+)$/.exec(first);
  return match ? [name, `-${match[1] as string}${match[2] as string}f`, ...rest] : [...argv];
}

const tar = withDash(
  task({ letters: 'ctxzjJvf:C:OhpmokX:s:aT:', long: { create: 'c', extract: 'x', list: 't', gzip: 'z', file: 'f', directory: 'C', exclude: 'X', verbose: 'v', 'to-stdout': 'O', 'strip-components': 's', 'no-same-owner': 'o', 'same-permissions': 'p', 'no-same-permissions': 'k', touch: 'm', dereference: 'h' } }, function* (system, options) {
    const folder = options.value('C');
    const before = system.cwd;
    if (folder !== undefined) {
      try {
        if (system.files.status(folder).type !== 'folder') throw new SystemError('ENOTDIR');
        if (options.has('c')) system.cwd = system.files.realPath(folder);
      } catch (error) {
        yield* system.stderr.write(`tar: can't change directory to '${folder}': ${because(error)}\n`);
        return 1;
      }
    }
    try {
      if (options.has('c')) return yield* createFrom(system, options, before);
      if (options.has('t')) return yield* list(system, options);
      if (!options.has('x')) throw new UsageError('');
      const file = options.value('f') ?? '-';
      const absolute = file === '-' || file.startsWith('/') ? file : `${before}/${file}`;
      options.set('f', absolute);
      if (folder !== undefined) system.cwd = system.files.realPath(folder);
      return yield* extract(system, options);
    } catch (error) {
      if (error instanceof SystemError && error.code !== 'EPIPE') {
        yield* system.stderr.write(`tar: can't open '${options.value('f') ?? '-'}': ${because(error)}\n`);
        return 1;
      }
      if (error instanceof SystemError || error instanceof UsageError || !(error instanceof Error) || !('code' in error)) throw error;
      yield* system.stderr.write('tar: invalid gzip magic\n');
      return 1;
    } finally {
      system.cwd = before;
    }
  }),
);

/** Words after -C are relative to its folder, the archive to where tar was called. */
function* createFrom(system: SystemCalls, options: Options, before: string): Task<number> {
  const file = options.value('f') ?? '-';
  if (file !== '-' && !file.startsWith('/')) options.set('f', `${before}/${file}`);
  return yield* create(system, options);
}

const packing = (name: string, unpack: boolean, toStdout: boolean): Executable =>
  task({ letters: 'cfkdtqv123456789n', long: { stdout: 'c', force: 'f', keep: 'k', decompress: 'd' } }, function* (system, options) {
    const opens = unpack || options.has('d');
    const convert = (bytes: Uint8Array) => (opens ? gunzipSync(bytes) : gzipSync(bytes, { mtime: 0 }));
    let status = 0;
    for (const path of options.words.length > 0 ? options.words : ['-']) {
      try {
        if (path === '-') {
          yield* system.stdout.write(convert(yield* readAll(system.stdin)));
          continue;
        }
        if (opens && !/\.(gz|tgz|Z)$/.test(path) && !options.has('c') && !toStdout) {
          yield* system.stderr.write(`${name}: ${path}: unknown suffix - ignored\n`);
          status = 1;
          continue;
        }
        const result = convert(system.files.readFile(path));
        if (options.has('c') || toStdout) {
          yield* system.stdout.write(result);
          continue;
        }
        const target = opens ? path.replace(/\.tgz$/, '.tar').replace(/\.(gz|Z)$/, '') : `${path}.gz`;
        if (system.files.exists(target) && !options.has('f')) {
          yield* system.stderr.write(`${name}: can't open '${target}': File exists\n`);
          status = 1;
          continue;
        }
        const before = system.files.status(path);
        system.files.writeFile(target, result);
        system.files.changeMode(target, before.mode);
        system.files.changeTime(target, before.modifiedAt);
        if (!options.has('k')) system.files.remove(path);
      } catch (error) {
        if (error instanceof SystemError) yield* system.stderr.write(`${name}: ${path}: ${because(error)}\n`);
        else if (error instanceof Error && 'code' in error) yield* system.stderr.write(`${name}: invalid magic\n`);
        else throw error;
        status = 1;
      }
    }
    return status;
  });

/** Commands that pack and unpack. */
export const archiveCommands: Readonly<Record<string, Executable>> = { tar, gzip: packing('gzip', false, false), gunzip: packing('gunzip', true, false), zcat: packing('zcat', true, true) };
