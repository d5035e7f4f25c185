import { SystemError } from '../interface';
import { errorText } from '../files/errors';
import { FileInode } from '../files/inode';
import { type Handle, ReadyHandle } from '../process/handle';
import { openPipe } from '../process/pipe';
import { bytesOf } from '../files/content';
import type { Redirect } from './ast';
import type { Shell } from './shell';
import { ShellError } from './variables';

/** A redirection that failed, with the shell's words for it. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
}

/** What a descriptor was before a redirection. */
export interface Saved {
  readonly fd: number;
  readonly handle: Handle | undefined;
}

/** Does redirections in their order; `saved` gets what they replaced, to be put back or closed. Throws RedirectError. */
export function redirect(shell: Shell, redirects: readonly Redirect[], saved: Saved[]): void {
  for (const item of redirects) {
    const target = item.operator === '<<' ? '' : shell.expander.text(item.target);
    let handle: Handle | undefined;
    try {
      handle = open(shell, item, target);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      throw new RedirectError(explain(item, target, error));
    }
    replaceFd(shell, item.fd, handle, saved);
    if (item.operator === '&>') replaceFd(shell, 2, handle?.retain(), saved);
  }
}

function replaceFd(shell: Shell, fd: number, handle: Handle | undefined, saved: Saved[]): void {
  saved.push({ fd, handle: shell.process.fds[fd] });
  shell.process.fds[fd] = handle;
}

/** Puts the descriptors back as they were. */
export function restore(shell: Shell, saved: Saved[]): void {
  for (const { fd, handle } of saved.reverse()) {
    if (shell.process.ended || shell.process.replacement) {
      handle?.close();
      continue;
    }
    shell.process.fds[fd]?.close();
    shell.process.fds[fd] = handle;
  }
  saved.length = 0;
}

/** Makes redirections last (exec): what they replaced is closed. */
export function keep(saved: Saved[]): void {
  for (const { handle } of saved) handle?.close();
  saved.length = 0;
}

function open(shell: Shell, item: Redirect, target: string): Handle | undefined {
  const { files } = shell.process;
  switch (item.operator) {
    case '<':
      return files.openHandle(target, { read: true });
    case '<>':
      return files.openHandle(target, { read: true, write: true, create: true });
    case '>':
    case '>|':
    case '&>':
      if (item.operator === '>' && shell.options.noclobber && files.exists(target) && files.status(target).type === 'file') throw new SystemError('EEXIST', target);
      return files.openHandle(target, { write: true, create: true, truncate: true });
    case '>>':
      return files.openHandle(target, { write: true, create: true, append: true });
    case '<<': {
      const { reader, writer } = openPipe();
      const bytes = bytesOf(shell.expander.text(item.body ?? item.target));
      writer.close();
      return bytes.length === 0 ? reader : documentHandle(shell, bytes, reader);
    }
    default:
      if (target === '-') return undefined;
      if (!/^\d+$/.test(target)) {
        if (item.operator === '>&') return files.openHandle(target, { write: true, create: true, truncate: true });
        throw new ShellError(`bad fd number`);
      }
      return shell.openFd(Number(target)).retain();
  }
}

/** A here-document of any length, to be read from its start. */
function documentHandle(shell: Shell, bytes: Uint8Array, empty: Handle): Handle {
  empty.close();
  const inode = new FileInode(0, 0o600, shell.process.now);
  inode.content.write(0, bytes);
  return new DocumentHandle(inode);
}


class DocumentHandle extends ReadyHandle {
  readonly name = 'pipe:[here]';
  private offset = 0;

  constructor(private readonly inode: FileInode) {
    super();
  }

  tryRead(limit = 65_536): Uint8Array | undefined {
    const bytes = this.inode.content.read(this.offset, limit);
    this.offset += bytes.length;
    return bytes.length === 0 ? undefined : bytes;
  }

  tryWrite(): boolean {
    throw new SystemError('EBADF');
  }

  override seek(offset: number, from: 'start' | 'current' | 'end'): number {
    this.offset = from === 'start' ? offset : from === 'current' ? this.offset + offset : this.inode.size + offset;
    return this.offset;
  }
}

function explain(item: Redirect, target: string, error: SystemError): string {
  if (error.code === 'EBADF' && (item.operator === '<&' || item.operator === '>&')) return `${target}: Bad file descriptor`;
  const creating = item.operator !== '<' && item.operator !== '<&';
  if (creating) return `can't create ${target}: ${error.code === 'ENOENT' ? 'nonexistent directory' : errorText(error.code)}`;
  return `can't open ${target}: ${error.code === 'ENOENT' ? 'no such file' : errorText(error.code)}`;
}
