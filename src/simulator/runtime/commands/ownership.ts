import { SystemError } from '../interface';
import type { Executable, Output } from '../process/program';
import type { SystemCalls } from '../process/system';
import { groupName, groups, userName, users } from '../process/users';
import { modeText, parseMode, rawMode } from './modes';
import { formatDate } from './time-format';
import { because, tool } from './tool';

/** Does something to a path and, with -R, to everything in it. */
function recursively(system: SystemCalls, path: string, recursive: boolean, act: (path: string) => void): void {
  act(path);
  if (!recursive || system.files.status(path, { followLinks: false }).type !== 'folder') return;
  for (const name of system.files.list(path)) recursively(system, `${path}/${name}`, true, act);
}

const chmod = tool({ letters: '+Rcvf', long: { recursive: 'R' } }, (system, options, out) => {
  const words = [...options.words];
  const mode = words.shift() ?? '';
  if (parseMode(mode, 0, false) === undefined) {
    out.error(`chmod: invalid mode '${mode}'\n`);
    return 1;
  }
  let status = 0;
  for (const path of words) {
    try {
      recursively(system, path, options.has('R'), (each) => {
        const before = system.files.status(each, { followLinks: false });
        if (before.type === 'symlink' && each !== path) return;
        const target = system.files.status(each);
        system.files.changeMode(each, parseMode(mode, target.mode, target.type === 'folder', system.process.umask) ?? target.mode);
      });
    } catch (error) {
      out.error(`chmod: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

/** user:group as numbers; -1 leaves one as it is. A string is the name that is unknown. */
function owner(system: SystemCalls, text: string): { uid: number; gid: number } | string {
  const [user = '', group] = text.split(/[:.]/);
  let uid = -1;
  let gid = -1;
  if (user !== '') {
    const entry = users(system.files).find(({ name }) => name === user);
    if (!entry && !/^\d+$/.test(user)) return `unknown user ${user}`;
    uid = entry?.uid ?? Number(user);
  }
  if (group !== undefined && group !== '') {
    const entry = groups(system.files).find(({ name }) => name === group);
    if (!entry && !/^\d+$/.test(group)) return `unknown group ${group}`;
    gid = entry?.gid ?? Number(group);
  }
  return { uid, gid };
}

function changeOwners(system: SystemCalls, name: string, text: string, paths: readonly string[], recursive: boolean, out: Output): number {
  const found = owner(system, text);
  if (typeof found === 'string') {
    out.error(`${name}: ${found}\n`);
    return 1;
  }
  let status = 0;
  for (const path of paths) {
    try {
      recursively(system, path, recursive, (each) => {
        if (system.files.status(each, { followLinks: false }).type !== 'symlink') system.files.changeOwner(each, found.uid, found.gid);
      });
    } catch (error) {
      out.error(`${name}: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
}

const chown = tool({ letters: 'RhLHPcvf', long: { recursive: 'R' }, least: 2 }, (system, options, out) => changeOwners(system, 'chown', options.words[0] as string, options.words.slice(1), options.has('R'), out));
const chgrp = tool({ letters: 'RhLHPcvf', long: { recursive: 'R' }, least: 2 }, (system, options, out) => changeOwners(system, 'chgrp', `:${options.words[0] as string}`, options.words.slice(1), options.has('R'), out));

const typeNames = { file: 'regular file', folder: 'directory', symlink: 'symbolic link', fifo: 'fifo', device: 'character special file', socket: 'socket' } as const;

function statText(system: SystemCalls, path: string, follow: boolean, format: string): string {
  const { files } = system;
  const status = files.status(path, { followLinks: follow });
  const name = status.type === 'file' && status.size === 0 ? 'regular empty file' : typeNames[status.type];
  const when = formatDate(status.modifiedAt, '%Y-%m-%d %H:%M:%S.%N %z');
  const values: Record<string, () => string> = {
    n: () => path, N: () => (status.type === 'symlink' ? `'${path}' -> '${files.readLink(path)}'` : `'${path}'`), s: () => String(status.size), a: () => status.mode.toString(8), A: () => modeText(status),
    u: () => String(status.uid), U: () => userName(files, status.uid) ?? 'UNKNOWN', g: () => String(status.gid), G: () => groupName(files, status.gid) ?? 'UNKNOWN', h: () => String(status.links), i: () => String(status.inode),
    F: () => name, f: () => rawMode(status).toString(16), b: () => String(Math.ceil(status.size / 4096) * 8), B: () => '512', o: () => '4096', d: () => '36', D: () => '24', t: () => '0', T: () => '0', m: () => files.mountOf(path).path,
    x: () => when, y: () => when, z: () => when, w: () => '-', X: () => String(Math.floor(status.modifiedAt / 1_000_000)), Y: () => String(Math.floor(status.modifiedAt / 1_000_000)), Z: () => String(Math.floor(status.modifiedAt / 1_000_000)), W: () => '0', '%': () => '%',
  };
  return format.replace(/%[-#0 ]*(\d*)([a-zA-Z%])/g, (whole, width: string, letter: string) => {
    const value = values[letter]?.() ?? '?';
    return whole.startsWith('%-') ? value.padEnd(Number(width || 0)) : whole.startsWith('%0') ? value.padStart(Number(width || 0), '0') : value.padStart(Number(width || 0));
  });
}

const longFormat = (link: string | undefined) =>
  `  File: ${link === undefined ? '%n' : "%N"}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Dh/%dd\tInode: %-10i  Links: %-5h\nAccess: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n`;

const stat = tool({ letters: 'c:Lft', least: 1 }, (system, options, out) => {
  let status = 0;
  for (const path of options.words) {
    try {
      const given = options.value('c');
      const found = system.files.status(path, { followLinks: options.has('L') });
      out.write(statText(system, path, options.has('L'), given === undefined ? longFormat(found.type === 'symlink' ? path : undefined) : `${given}\n`));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      out.error(`stat: can't stat '${path}': ${because(error)}\n`);
      status = 1;
    }
  }
  return status;
});

/** Commands about who may do what. */
export const ownershipCommands: Readonly<Record<string, Executable>> = { chmod, chown, chgrp, stat };
