import { SystemError } from '../interface';
import { ReadyHandle } from '../process/handle';
import { bytesOf, type Content } from './content';
import { type FileInode, type FolderInode, GeneratedFile } from './inode';
import type { Tree } from './tree';

/** An open regular file. */
export class RegularHandle extends ReadyHandle {
  private offset = 0;
  private readonly content: Content | undefined;

  constructor(readonly name: string, readonly inode: FileInode, private readonly folder: FolderInode | undefined, private readonly tree: Tree | undefined, private readonly flags: { readonly read?: boolean; readonly write?: boolean; readonly append?: boolean }) {
    super();
    if (inode instanceof GeneratedFile) this.content = inode.current();
  }

  tryRead(limit = 65_536): Uint8Array | undefined {
    if (!this.flags.read) throw new SystemError('EBADF');
    const bytes = (this.content ?? this.inode.content).read(this.offset, limit);
    this.offset += bytes.length;
    return bytes.length === 0 ? undefined : bytes;
  }

  tryWrite(data: Uint8Array | string): boolean {
    if (!this.flags.write) throw new SystemError('EBADF');
    const bytes = bytesOf(data);
    if (this.inode instanceof GeneratedFile) {
      this.inode.onWrite?.(typeof data === 'string' ? data : String.fromCharCode(...data));
      return true;
    }
    const tree = this.tree;
    if (this.flags.append) this.offset = this.inode.size;
    const more = this.offset + bytes.length - this.inode.size;
    if (tree && more > 0) {
      const fits = tree.room(more);
      if (fits < more) {
        const part = bytes.subarray(0, bytes.length - (more - fits));
        tree.grow(fits);
        this.put(part);
        throw new SystemError('ENOSPC', this.name);
      }
      tree.grow(more);
    }
    this.put(bytes);
    return true;
  }

  override seek(offset: number, from: 'start' | 'current' | 'end'): number {
    const base = from === 'start' ? 0 : from === 'current' ? this.offset : this.inode.size;
    if (base + offset < 0) throw new SystemError('EINVAL');
    this.offset = base + offset;
    return this.offset;
  }

  /** Cuts the file off, or makes it longer with zeros. */
  truncate(size: number): void {
    this.tree?.grow(size - this.inode.size);
    this.inode.content.truncate(size);
    this.notify();
  }

  private put(bytes: Uint8Array): void {
    this.inode.content.write(this.offset, bytes);
    this.offset += bytes.length;
    this.notify();
  }

  private notify(): void {
    const time = this.tree?.clock() ?? this.inode.modifiedAt;
    this.inode.changed(time);
    const watchers = this.folder?.watchers;
    if (watchers) for (const watcher of [...watchers]) watcher();
  }
}

/** An open folder: it can be held, not read. */
export class FolderHandle extends ReadyHandle {
  constructor(readonly name: string, readonly inode: FolderInode) {
    super();
  }

  tryRead(): Uint8Array | undefined {
    throw new SystemError('EISDIR', this.name);
  }

  tryWrite(): boolean {
    throw new SystemError('EBADF', this.name);
  }
}
