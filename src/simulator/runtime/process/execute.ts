import { utf8Decode } from '../../kernel';
import { SystemError } from '../interface';
import { FileInode, FolderInode } from '../files/inode';
import { permits } from '../files/mounts';
import type { LinuxProcess } from './process';
import type { Executable } from './program';

/** The search path when the environment has none. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The bytes of a file that stands for a program. */
export const programFile = (key: string): string => `\x7fELF\u0002\u0001\u0001\u0000${key}\u0000`;

export interface Found {
  readonly path: string;
  readonly program: Executable;
  /** With the interpreter in front when the file is a script. */
  readonly argv: readonly string[];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The file of a command: as given when it has a slash, else the first of the search path. Throws ENOENT, EACCES. */
export function findFile(process: LinuxProcess, name: string, searchPath: string | undefined): { path: string; inode: FileInode } {
  if (name.includes('/')) return { path: name, inode: executableAt(process, name) };
  let denied = false;
  for (const folder of name === '' ? [] : (searchPath ?? defaultPath).split(':')) {
    const path = `${folder === '' ? '.' : folder}/${name}`;
    const place = process.mounts.walk(process.cwd, path, process);
    if (typeof place === 'string' || !(place.inode instanceof FileInode)) continue;
    if (permits(place.inode, process, 1)) return { path, inode: place.inode };
    denied = true;
  }
  throw new SystemError(denied ? 'EACCES' : 'ENOENT', name);
}

function executableAt(process: LinuxProcess, path: string): FileInode {
  const { inode } = process.files.place(path);
  if (!inode) throw new SystemError('ENOENT', path);
  if (inode instanceof FolderInode || !(inode instanceof FileInode) || !permits(inode, process, 1)) throw new SystemError('EACCES', path);
  return inode;
}

/** What runs for a command line. Throws ENOENT, EACCES, ENOEXEC. */
export function findExecutable(process: LinuxProcess, argv: readonly string[], searchPath: string | undefined, depth = 0): Found {
  const { path, inode } = findFile(process, argv[0] ?? '', searchPath);
  const head = inode.content.read(0, 256);
  if (head[0] === 0x7f && head[1] === 0x45) {
    const end = head.indexOf(0, 8);
    const program = process.world.program(utf8Decode(head.subarray(8, end < 0 ? head.length : end)));
    if (!program) throw new SystemError('ENOEXEC', path);
    const selected = program.select?.(baseName(argv[0] ?? path)) ?? program.select?.(baseName(path)) ?? program;
    return { path, program: selected, argv };
  }
  if (head[0] === 0x23 && head[1] === 0x21) {
    const [line = ''] = utf8Decode(head).slice(2).split('\n');
    const [interpreter = '', ...rest] = line.trim().split(/[ \t]+/);
    if (depth > 4) throw new SystemError('ELOOP', path);
    const argument = rest.length > 0 ? [line.trim().slice(interpreter.length).trim()] : [];
    const found = findExecutable(process, [interpreter, ...argument, path, ...argv.slice(1)], undefined, depth + 1);
    return { ...found, path };
  }
  throw new SystemError('ENOEXEC', path);
}
