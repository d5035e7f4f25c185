import type { Time } from '../../kernel';
import { type FileTree, SystemError } from '../interface';
import { bytesOf, Content } from './content';
import { FileInode, FolderInode, type Inode, SymlinkInode } from './inode';

const parts = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

interface MakeOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** A file system: a root folder, inode numbers, a size. Over a frozen tree it is a copy on write. */
export class Tree implements FileTree {
  readonly root: FolderInode;
  usedBytes = 0;
  sizeLimit: number | undefined;
  private nextInode: number;

  constructor(readonly clock: () => Time, readonly kind: 'overlay' | 'tmpfs' | 'disk' = 'disk', lower?: Tree, mode = 0o755) {
    this.nextInode = lower ? lower.nextInode + 1000 : 2;
    this.root = new FolderInode(1, lower ? lower.root.mode : mode, clock(), lower?.root);
  }

  newInode(): number {
    this.nextInode += 1;
    return this.nextInode;
  }

  /** Accounts for `bytes` more. Throws ENOSPC beyond the limit. */
  grow(bytes: number): void {
    if (bytes > 0 && this.sizeLimit !== undefined && this.usedBytes + bytes > this.sizeLimit) throw new SystemError('ENOSPC');
    this.usedBytes += bytes;
  }

  /** How many of `bytes` still fit. */
  room(bytes: number): number {
    return this.sizeLimit === undefined ? bytes : Math.max(0, Math.min(bytes, this.sizeLimit - this.usedBytes));
  }

  /** The entry as this tree's own: what lies in the layer below is copied first. */
  own(parent: FolderInode, name: string): Inode | undefined {
    const inode = parent.get(name);
    if (!inode || !parent.isBelow(name)) return inode;
    let copy: Inode;
    if (inode instanceof FileInode) {
      copy = new FileInode(inode.id, inode.mode, inode.modifiedAt, inode.content.copy());
      this.usedBytes += inode.size;
    } else if (inode instanceof SymlinkInode) copy = new SymlinkInode(inode.id, inode.modifiedAt, inode.target);
    else return inode;
    copy.uid = inode.uid;
    copy.gid = inode.gid;
    copy.links = inode.links;
    parent.put(name, copy);
    return copy;
  }

  /** Takes an entry away; frees its bytes with the last link. */
  unlink(parent: FolderInode, name: string): void {
    const inode = parent.get(name);
    const below = parent.isBelow(name);
    parent.delete(name);
    if (inode && !below) {
      inode.links -= 1;
      if (inode.links === 0 && inode instanceof FileInode) this.usedBytes -= inode.size;
      inode.changed(inode.modifiedAt);
    }
    parent.changed(this.clock());
  }

  writeFile(path: string, data: Uint8Array | string, options: MakeOptions = {}): void {
    const { parent, name } = this.locate(path, true);
    const bytes = bytesOf(data);
    const old = this.own(parent, name);
    if (old instanceof FileInode) {
      this.grow(bytes.length - old.size);
      old.content = Content.from(bytes);
      this.adopt(old, options);
      old.changed(this.clock());
    } else {
      this.grow(bytes.length);
      const inode = new FileInode(this.newInode(), options.mode ?? 0o644, this.clock(), Content.from(bytes));
      this.adopt(inode, options);
      parent.put(name, inode);
    }
    parent.changed(this.clock());
  }

  /** Puts a ready node in its place, with its parents. For image builders. */
  place(path: string, inode: Inode): void {
    const { parent, name } = this.locate(path, true);
    parent.put(name, inode);
  }

  readFile(path: string): Uint8Array {
    const inode = this.find(path);
    if (!(inode instanceof FileInode)) throw new SystemError(inode ? 'EISDIR' : 'ENOENT', path);
    return inode.content.read(0);
  }

  makeFolder(path: string, options: MakeOptions = {}): void {
    const folder = this.folderAt(parts(path), true);
    this.adopt(folder, options);
  }

  symlink(target: string, path: string): void {
    const { parent, name } = this.locate(path, true);
    parent.put(name, new SymlinkInode(this.newInode(), this.clock(), target));
    parent.changed(this.clock());
  }

  rename(from: string, to: string): void {
    const source = this.locate(from, false);
    const target = this.locate(to, true);
    const inode = source.parent.get(source.name);
    if (!inode) throw new SystemError('ENOENT', from);
    source.parent.delete(source.name);
    target.parent.put(target.name, inode);
    source.parent.changed(this.clock());
    target.parent.changed(this.clock());
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const { parent, name } = this.locate(path, false);
    const inode = parent.get(name);
    if (!inode) throw new SystemError('ENOENT', path);
    if (inode instanceof FolderInode) {
      if (!options.recursive && !inode.empty) throw new SystemError('ENOTEMPTY', path);
      for (const child of inode.names()) this.remove(`${path}/${child}`, options);
    }
    this.unlink(parent, name);
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  list(path: string): readonly string[] {
    const inode = this.find(path);
    if (!(inode instanceof FolderInode)) throw new SystemError(inode ? 'ENOTDIR' : 'ENOENT', path);
    return inode.names().sort();
  }

  /** The node at a path, following links within this tree. */
  find(path: string, depth = 0): Inode | undefined {
    let node: Inode | undefined = this.root;
    const names = parts(path);
    for (const [index, name] of names.entries()) {
      if (!(node instanceof FolderInode)) return undefined;
      const next: Inode | undefined = node.get(name);
      if (next instanceof SymlinkInode) {
        if (depth > 20) return undefined;
        const base = next.target.startsWith('/') ? '' : `/${names.slice(0, index).join('/')}`;
        return this.find(`${base}/${next.target}/${names.slice(index + 1).join('/')}`, depth + 1);
      }
      node = next;
    }
    return node;
  }

  /** The folder at a path, made with its parents. */
  folderAt(names: readonly string[], make: boolean): FolderInode {
    let node = this.root;
    for (const name of names) {
      let next = node.get(name);
      if (next instanceof SymlinkInode) next = this.find(next.target.startsWith('/') ? next.target : next.target);
      if (!next && make) {
        next = new FolderInode(this.newInode(), 0o755, this.clock());
        node.put(name, next);
        node.changed(this.clock());
      }
      if (!(next instanceof FolderInode)) throw new SystemError(next ? 'ENOTDIR' : 'ENOENT', names.join('/'));
      node = next;
    }
    return node;
  }

  private locate(path: string, make: boolean): { parent: FolderInode; name: string } {
    const names = parts(path);
    const name = names.pop();
    if (name === undefined) throw new SystemError('EINVAL', path);
    return { parent: this.folderAt(names, make), name };
  }

  private adopt(inode: Inode, options: MakeOptions): void {
    if (options.mode !== undefined) inode.mode = options.mode;
    if (options.uid !== undefined) inode.uid = options.uid;
    if (options.gid !== undefined) inode.gid = options.gid;
  }
}
