import { type ContainerOptions, type Image, StartError, SystemError } from '../interface';
import { normalize } from '../files/mounts';
import { type Found, findExecutable } from '../process/execute';
import type { Credentials } from '../process/options';
import type { LinuxProcess } from '../process/process';
import { groups, users } from '../process/users';
import type { FileSystem } from '../interface';

/** What process 1 is called with: command replaces entry point and arguments, args only the arguments (Docker's rules). */
export function commandLine(image: Image, options: Pick<ContainerOptions, 'command' | 'args'>): readonly string[] {
  if (options.command && options.command.length > 0) return [...options.command, ...(options.args ?? [])];
  const args = options.args && options.args.length > 0 ? options.args : (image.cmd ?? []);
  return [...(image.entrypoint ?? []), ...args];
}

/** The user that process 1 runs as: what was asked for, else the image's, else root; groups from /etc/group. */
export function credentialsOf(files: FileSystem, image: Image, asked: ContainerOptions['user']): Credentials {
  const known = users(files);
  let uid = asked?.uid;
  let gid = asked?.gid;
  if (uid === undefined && image.user !== undefined) {
    const [user = '', group] = image.user.split(':');
    const entry = known.find(({ name, uid: number }) => name === user || String(number) === user);
    uid = entry?.uid ?? Number(user);
    if (Number.isNaN(uid)) throw new StartError(`failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: unable to find user ${user}: no matching entries in passwd file`);
    if (gid === undefined && group !== undefined) gid = groups(files).find(({ name }) => name === group)?.gid ?? (Number(group) || 0);
  }
  uid ??= 0;
  const entry = known.find((user) => user.uid === uid);
  gid ??= entry?.gid ?? 0;
  const member = entry ? groups(files).filter(({ members }) => members.includes(entry.name)).map((group) => group.gid) : [];
  return { uid, gid, groups: [...new Set([gid, ...(asked?.supplementalGroups ?? []), ...member])] };
}

/** The environment of process 1. */
export function environmentOf(image: Image, options: ContainerOptions, hostname: string, home: string): Record<string, string> {
  const env: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOSTNAME: hostname, ...image.env };
  if (options.tty) env['TERM'] = 'xterm';
  for (const { name, value } of options.env) env[name] = value;
  env['HOME'] ??= home;
  return env;
}

/** The program of a command line, with runc's words when there is none. `prefix` says what was being done. */
export function programFor(process: LinuxProcess, argv: readonly string[], searchPath: string | undefined, prefix: string): Found {
  const [name = ''] = argv;
  try {
    return findExecutable(process, argv, searchPath);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const detail = explain(name, error);
    throw new StartError(`${prefix}unable to start container process: ${detail}`);
  }
}

function explain(name: string, error: SystemError): string {
  if (error.code === 'ENOEXEC') return `exec ${name}: exec format error`;
  if (error.code === 'EACCES') return `exec: "${name}": permission denied`;
  if (error.code === 'ENOTDIR') return `exec: "${name}": stat ${name}: not a directory`;
  if (!name.includes('/')) return `exec: "${name}": executable file not found in $PATH`;
  if (error.path !== undefined && error.path !== name) return `exec ${name}: no such file or directory`;
  return `exec: "${name}": stat ${name}: no such file or directory`;
}

export const createPrefix = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ';

/** Makes the working folder if it is missing. Throws StartError when it cannot be. */
export function prepareFolder(process: LinuxProcess, path: string): string {
  const folder = normalize('/', path);
  try {
    if (!process.files.exists(folder)) process.files.makeFolder(folder, { parents: true, mode: 0o755 });
    else if (process.files.status(folder).type !== 'folder') throw new SystemError('ENOTDIR', folder);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new StartError(`${createPrefix}unable to start container process: error during container init: mkdir ${folder}: ${error.code === 'EROFS' ? 'read-only file system' : 'not a directory'}`);
  }
  return folder;
}
