import { SystemError } from '../interface';
import type { MountPoint } from '../files/mounts';
import { mountLine, spaceOf } from '../files/proc';
import type { Executable, Output } from '../process/program';
import type { SystemCalls } from '../process/system';
import { humanSize } from './modes';
import { because, type Options, tool } from './tool';

function dfLine(mount: MountPoint, options: Options): string {
  const { size, used, free } = spaceOf(mount);
  const share = size === 0 ? 0 : Math.ceil((used * 100) / Math.max(1, used + free));
  const show = (bytes: number) => (options.has('h') ? humanSize(bytes) : String(options.has('m') ? Math.ceil(bytes / 1_048_576) : Math.ceil(bytes / 1024)));
  const type = options.has('T') ? ` ${mount.type.padEnd(10)}` : '';
  const numbers = `${show(size).padStart(9)} ${show(used).padStart(9)} ${show(free).padStart(9)} ${String(share).padStart(3)}% ${mount.path}`;
  if (mount.source.length > 20) return `${mount.source}\n${' '.repeat(21)}${type}${numbers}\n`;
  return `${mount.source.padEnd(20)} ${type}${numbers}\n`;
}

function header(options: Options): string {
  const size = options.has('h') ? '     Size' : options.has('m') ? '1M-blocks' : '1K-blocks';
  return `Filesystem           ${options.has('T') ? ' Type      ' : ''}${options.has('h') ? `${size}      Used Available` : `${size}      Used Available`} ${options.has('P') ? 'Capacity' : 'Use%'} Mounted on\n`;
}

const df = tool({ letters: 'PkmhTait:B:', long: { 'human-readable': 'h' } }, (system, options, out) => {
  const { mounts } = system.process;
  out.write(header(options));
  if (options.words.length === 0) {
    for (const mount of mounts.all()) if (options.has('a') || (mount.type !== 'proc' && mount.type !== 'sysfs')) out.write(dfLine(mount, options));
    return 0;
  }
  let status = 0;
  for (const path of options.words) {
    try {
      const { path: at } = system.files.mountOf(path);
      const mount = mounts.all().find((each) => each.path === at);
      if (mount) out.write(dfLine(mount, options));
    } catch (error) {
      out.error(`df: ${path}: ${because(error)}\n`.replace('df: ', "df: "));
      status = 1;
    }
  }
  return status;
});

/** Counts the blocks of a path; prints folders on the way, with -a files too. */
function countBlocks(system: SystemCalls, path: string, options: Options, out: Output, depth: number, show: (bytes: number) => string): number {
  const status = system.files.status(path, { followLinks: false });
  let bytes = status.type === 'file' ? Math.ceil(status.size / 4096) * 4096 : 0;
  if (status.type === 'folder') {
    for (const name of system.files.list(path)) bytes += countBlocks(system, `${path === '/' ? '' : path}/${name}`, options, out, depth + 1, show);
  }
  const limit = options.has('s') ? 0 : Number(options.value('d') ?? Infinity);
  if (depth <= limit && (status.type === 'folder' || options.has('a') || depth === 0)) out.write(`${show(bytes)}\t${path}\n`);
  return bytes;
}

const du = tool({ letters: 'aHLdclsxhmkbd:', long: { 'max-depth': 'd' } }, (system, options, out) => {
  const show = (bytes: number) => (options.has('h') ? humanSize(bytes) : String(Math.ceil(bytes / (options.has('m') ? 1_048_576 : 1024))));
  let status = 0;
  let total = 0;
  for (const path of options.words.length > 0 ? options.words : ['.']) {
    try {
      total += countBlocks(system, path, options, out, 0, show);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      out.error(`du: ${path}: ${because(error)}\n`);
      status = 1;
    }
  }
  if (options.has('c')) out.write(`${show(total)}\ttotal\n`);
  return status;
});

const mount = tool({ letters: 'arwt:o:fnv' }, (system, options, out) => {
  if (options.words.length > 0) {
    out.error(`mount: permission denied (are you root?)\n`);
    return 1;
  }
  for (const each of system.process.mounts.all()) {
    const [source = '', path = '', type = '', flags = ''] = mountLine(each).split(' ');
    if (!options.has('t') || options.value('t') === type) out.write(`${source} on ${path} type ${type} (${flags})\n`);
  }
  return 0;
});

const umount = tool({ letters: 'rlfan' }, (_system, options, out) => {
  for (const path of options.words) out.error(`umount: can't unmount ${path}: Operation not permitted\n`);
  return 1;
});

/** Commands about disks and mounts. */
export const diskCommands: Readonly<Record<string, Executable>> = { df, du, mount, umount };
