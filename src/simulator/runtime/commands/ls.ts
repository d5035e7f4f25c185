import { type FileStatus, SystemError } from '../interface';
import type { Executable, Output } from '../process/program';
import type { SystemCalls } from '../process/system';
import { groupName, userName } from '../process/users';
import { humanSize, modeText } from './modes';
import { formatDate } from './time-format';
import { because, type Options, tool } from './tool';

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly status: FileStatus;
}

const sixMonths = 180 * 86_400 * 1_000_000;
const indicators: Partial<Record<FileStatus['type'], string>> = { folder: '/', symlink: '@', fifo: '|', socket: '=' };

function nameOf(system: SystemCalls, options: Options, { name, path, status }: Entry, long: boolean): string {
  let text = name;
  if (long && status.type === 'symlink') return `${text} -> ${system.files.readLink(path)}`;
  if (options.has('F') || options.has('p')) {
    if (status.type === 'folder') text += '/';
    else if (options.has('F')) text += indicators[status.type] ?? (status.mode & 0o111 && status.type === 'file' ? '*' : '');
  }
  return text;
}

function line(system: SystemCalls, options: Options, entry: Entry, widths: { inode: number; size: number }): string {
  const { status } = entry;
  let text = '';
  if (options.has('i')) text += `${String(status.inode).padStart(7)} `;
  if (options.has('s')) text += `${String(Math.ceil(status.size / 4096) * 4).padStart(6)} `;
  if (!options.has('l') && !options.has('n') && !options.has('g') && !options.has('o')) return `${text}${nameOf(system, options, entry, false)}`;
  const user = options.has('n') ? String(status.uid) : (userName(system.files, status.uid) ?? String(status.uid));
  const group = options.has('n') ? String(status.gid) : (groupName(system.files, status.gid) ?? String(status.gid));
  const size = options.has('h') ? humanSize(status.size).padStart(6) : String(status.size).padStart(widths.size);
  text += `${modeText(status)} ${String(status.links).padStart(4)} ${user.padEnd(8)} ${group.padEnd(8)} ${size} `;
  if (options.has('e')) text += formatDate(status.modifiedAt, '%Y-%m-%d %H:%M:%S %z ');
  else text += formatDate(status.modifiedAt, system.now - status.modifiedAt > sixMonths || status.modifiedAt > system.now + 900_000_000 ? '%b %e  %Y ' : '%b %e %H:%M ');
  return `${text}${nameOf(system, options, entry, true)}`;
}

function sorted(options: Options, entries: Entry[]): Entry[] {
  const compareNames = (a: Entry, b: Entry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const result = options.has('U') ? entries : entries.sort((a, b) => {
    if (options.has('t')) return b.status.modifiedAt - a.status.modifiedAt || compareNames(a, b);
    if (options.has('S')) return b.status.size - a.status.size || compareNames(a, b);
    if (options.has('X')) return (a.name.split('.')[1] ?? '').localeCompare(b.name.split('.')[1] ?? '') || compareNames(a, b);
    return compareNames(a, b);
  });
  return options.has('r') ? result.reverse() : result;
}

function print(system: SystemCalls, options: Options, entries: readonly Entry[], out: Output): void {
  const widths = { inode: 7, size: 9 };
  const long = options.has('l') || options.has('n') || options.has('g') || options.has('o');
  const lines = entries.map((entry) => line(system, options, entry, widths));
  const columns = !long && !options.has('1') && (options.has('C') || (system.stdout.isTerminal && !options.has('1')));
  if (!columns || lines.length === 0) {
    out.write(lines.map((text) => `${text}\n`).join(''));
    return;
  }
  const width = Math.max(...lines.map((text) => text.length)) + 2;
  const perRow = Math.max(1, Math.floor((system.terminalSize?.columns ?? 80) / width));
  const rows = Math.ceil(lines.length / perRow);
  for (let row = 0; row < rows; row++) {
    let text = '';
    for (let index = row; index < lines.length; index += rows) text += (lines[index] as string).padEnd(index + rows < lines.length ? width : 0);
    out.write(`${text}\n`);
  }
}

function read(system: SystemCalls, options: Options, folder: string): Entry[] {
  const names = [...system.files.list(folder)];
  const shown = options.has('a') ? ['.', '..', ...names] : options.has('A') ? names : names.filter((name) => !name.startsWith('.'));
  const entries: Entry[] = [];
  for (const name of shown) {
    const path = folder.endsWith('/') ? folder + name : `${folder}/${name}`;
    try {
      entries.push({ name, path, status: system.files.status(path, { followLinks: options.has('L') }) });
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }
  return entries;
}

/** Lists a folder, and with -R those in it; `title`: its name is printed first. */
function listFolder(system: SystemCalls, options: Options, folder: string, title: boolean, first: boolean, out: Output): number {
  let entries: Entry[];
  try {
    entries = sorted(options, read(system, options, folder));
  } catch (error) {
    out.error(`ls: can't open '${folder}': ${because(error)}\n`);
    return 1;
  }
  if (title) out.write(`${first ? '' : '\n'}${folder}:\n`);
  const long = options.has('l') || options.has('n') || options.has('g') || options.has('o') || options.has('s');
  if (long) out.write(`total ${entries.reduce((sum, { status }) => sum + (status.type === 'folder' || status.type === 'symlink' ? 0 : Math.ceil(status.size / 4096) * 4), 0)}\n`);
  print(system, options, entries, out);
  let status = 0;
  if (options.has('R')) {
    for (const entry of entries) if (entry.status.type === 'folder' && entry.name !== '.' && entry.name !== '..') status = Math.max(status, listFolder(system, options, entry.path, true, false, out));
  }
  return status;
}

/** ls. */
export const ls: Executable = tool({ letters: '1AaCxdLHRFplinshrSXvctuUegokw:T:', long: { 'full-time': 'e', color: 'k', 'group-directories-first': 'k' } }, (system, options, out) => {
  if (options.has('e')) options.set('l', '');
  const files: Entry[] = [];
  const folders: string[] = [];
  let status = 0;
  const words = options.words.length > 0 ? options.words : ['.'];
  const follows = !options.has('d') && !options.has('l');
  for (const path of words) {
    try {
      let found = system.files.status(path, { followLinks: follows || options.has('L') || options.has('H') || path.endsWith('/') });
      if (options.has('l') && !options.has('d') && found.type === 'symlink' && path.endsWith('/')) found = system.files.status(path);
      if (found.type === 'folder' && !options.has('d')) folders.push(path);
      else files.push({ name: path, path, status: found });
    } catch (error) {
      out.error(`ls: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  print(system, options, sorted(options, files), out);
  for (const [index, folder] of folders.entries()) status = Math.max(status, listFolder(system, options, folder, words.length > 1 || options.has('R'), index === 0 && files.length === 0, out));
  return status;
});
