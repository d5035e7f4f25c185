import type { Time } from '../../kernel';
import { utf8Decode } from '../../kernel';
import { type FileHandle, type FileStatus, type FileSystem, SystemError } from '../interface';
import { Handle } from '../process/handle';
import { bytesOf, Content } from './content';
import { FolderHandle, RegularHandle } from './handle';
import { type Caller, FileInode, FolderInode, GeneratedFile, HandleLink, type Inode, SpecialInode, SymlinkInode } from './inode';
import { type MountPoint, type MountTable, normalize, permits, type Place } from './mounts';

/** Whose view of the file system it is. */
export interface Viewer extends Caller {
  cwd: string;
  umask: number;
  readonly now: Time;
  readonly mounts: MountTable;
  /** A handle that closes with the process. */
  adopt(handle: Handle): Handle;
  /** Opens a fifo or device. */
  openSpecial(inode: SpecialInode, flags: { readonly read?: boolean; readonly write?: boolean }): Handle;
}

type OpenFlags = Parameters<FileSystem['open']>[1];
const maxName = 255;

/** The file system calls of one process. */
export class FileSystemView implements FileSystem {
  constructor(private readonly viewer: Viewer) {}

  /** Where a path leads for this process. */
  place(path: string, followLast = true): Place {
    return this.viewer.mounts.resolve(this.viewer.cwd, path, this.viewer, followLast);
  }

  private existing(path: string, followLast = true): Place & { inode: Inode } {
    const place = this.place(path, followLast);
    if (!place.inode) throw new SystemError('ENOENT', path);
    return place as Place & { inode: Inode };
  }

  /** Checks that an entry may be added to or taken from the folder of a place. */
  private writableFolder(place: Place, path: string): FolderInode {
    if (!place.parent) throw new SystemError('EBUSY', path);
    if (place.mount.readOnly) throw new SystemError('EROFS', path);
    if (!permits(place.parent, this.viewer, 3)) throw new SystemError('EACCES', path);
    if (place.name.length > maxName) throw new SystemError('ENAMETOOLONG', path);
    return place.parent;
  }

  private sticky(place: Place & { inode: Inode }, path: string): void {
    const { uid } = this.viewer;
    if (place.parent && (place.parent.mode & 0o1000) !== 0 && uid !== 0 && uid !== place.inode.uid && uid !== place.parent.uid) throw new SystemError('EPERM', path);
  }

  open(path: string, flags: OpenFlags): FileHandle {
    return this.viewer.adopt(this.openHandle(path, flags));
  }

  /** As open, but the caller closes it. */
  openHandle(path: string, flags: OpenFlags): Handle {
    const place = this.place(path);
    let { inode } = place;
    if (inode instanceof HandleLink) {
      const target = inode.leadsTo();
      if (target instanceof Handle) return target.retain();
      throw new SystemError('ENOENT', path);
    }
    if (!inode) {
      if (!flags.create || path.endsWith('/')) throw new SystemError(path.endsWith('/') && flags.create ? 'EISDIR' : 'ENOENT', path);
      const folder = this.writableFolder(place, path);
      inode = new FileInode(place.mount.tree.newInode(), (flags.mode ?? 0o666) & ~this.viewer.umask, this.viewer.now);
      this.ownNew(inode, folder);
      folder.put(place.name, inode);
      folder.changed(this.viewer.now);
    } else {
      if (flags.create && flags.exclusive) throw new SystemError('EEXIST', path);
      const want = (flags.read ? 4 : 0) | (flags.write ? 2 : 0);
      if (inode instanceof FolderInode && flags.write) throw new SystemError('EISDIR', path);
      if (want && !permits(inode, this.viewer, want)) throw new SystemError('EACCES', path);
      if (flags.write && inode instanceof FileInode) {
        if (place.mount.readOnly && !(inode instanceof GeneratedFile)) throw new SystemError('EROFS', path);
        if (place.parent) inode = place.mount.tree.own(place.parent, place.name) ?? inode;
      }
    }
    if (inode instanceof FolderInode) return new FolderHandle(place.path, inode);
    if (inode instanceof SpecialInode) return this.viewer.openSpecial(inode, flags);
    const handle = new RegularHandle(place.path, inode as FileInode, place.parent, place.mount.tree, { read: flags.read ?? false, write: flags.write ?? false, append: flags.append ?? false });
    if (flags.truncate && flags.write && !(inode instanceof GeneratedFile) && (inode as FileInode).size > 0) handle.truncate(0);
    return handle;
  }

  private ownNew(inode: Inode, folder: FolderInode): void {
    inode.uid = this.viewer.uid;
    inode.gid = (folder.mode & 0o2000) !== 0 ? folder.gid : this.viewer.gid;
  }

  readFile(path: string): Uint8Array {
    const { inode } = this.existing(path);
    if (inode instanceof FolderInode) throw new SystemError('EISDIR', path);
    if (!permits(inode, this.viewer, 4)) throw new SystemError('EACCES', path);
    if (inode instanceof GeneratedFile) return inode.current().read(0);
    if (inode instanceof FileInode) return inode.content.read(0);
    const handle = this.openHandle(path, { read: true });
    try {
      const bytes = handle.tryRead();
      return bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
    } finally {
      handle.close();
    }
  }

  readText(path: string): string {
    return utf8Decode(this.readFile(path));
  }

  writeFile(path: string, data: Uint8Array | string): void {
    this.put(path, data, { write: true, create: true, truncate: true });
  }

  appendFile(path: string, data: Uint8Array | string): void {
    this.put(path, data, { write: true, create: true, append: true });
  }

  private put(path: string, data: Uint8Array | string, flags: OpenFlags): void {
    const handle = this.openHandle(path, flags);
    try {
      handle.tryWrite(data);
    } finally {
      handle.close();
    }
  }

  status(path: string, options: { readonly followLinks?: boolean } = {}): FileStatus {
    const { inode } = this.existing(path, options.followLinks ?? true);
    return statusOf(inode);
  }

  exists(path: string): boolean {
    try {
      return this.place(path).inode !== undefined;
    } catch (error) {
      if (error instanceof SystemError) return false;
      throw error;
    }
  }

  list(path: string): readonly string[] {
    const place = this.existing(path);
    if (!(place.inode instanceof FolderInode)) throw new SystemError('ENOTDIR', path);
    if (!permits(place.inode, this.viewer, 4)) throw new SystemError('EACCES', path);
    const names = new Set(place.inode.names());
    for (const name of this.viewer.mounts.namesBelow(place.path)) names.add(name);
    return [...names].sort((a, b) => (a < b ? -1 : 1));
  }

  makeFolder(path: string, options: { readonly parents?: boolean; readonly mode?: number } = {}): void {
    if (options.parents) {
      const absolute = normalize(this.viewer.cwd, path);
      let at = '';
      for (const part of absolute.split('/').slice(1)) {
        at = `${at}/${part}`;
        if (part !== '' && !this.exists(at)) this.makeOne(at, at === absolute ? options.mode : undefined);
        else if (part !== '' && this.status(at).type !== 'folder') throw new SystemError(at === absolute ? 'EEXIST' : 'ENOTDIR', path);
      }
      return;
    }
    this.makeOne(path, options.mode);
  }

  private makeOne(path: string, mode = 0o777): void {
    const place = this.place(path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') : path, false);
    if (place.inode) throw new SystemError('EEXIST', path);
    const folder = this.writableFolder(place, path);
    const inode = new FolderInode(place.mount.tree.newInode(), (mode & ~this.viewer.umask) | (folder.mode & 0o2000), this.viewer.now);
    this.ownNew(inode, folder);
    folder.put(place.name, inode);
    folder.changed(this.viewer.now);
  }

  /** A fifo. */
  makeFifo(path: string, mode = 0o666): void {
    const place = this.place(path, false);
    if (place.inode) throw new SystemError('EEXIST', path);
    const folder = this.writableFolder(place, path);
    const inode = new SpecialInode(place.mount.tree.newInode(), mode & ~this.viewer.umask, this.viewer.now, 'fifo', 'fifo');
    this.ownNew(inode, folder);
    folder.put(place.name, inode);
    folder.changed(this.viewer.now);
  }

  remove(path: string): void {
    const place = this.existing(path, false);
    if (place.inode instanceof FolderInode) throw new SystemError('EISDIR', path);
    const folder = this.writableFolder(place, path);
    if (this.viewer.mounts.at(place.path)) throw new SystemError('EBUSY', path);
    this.sticky(place, path);
    place.mount.tree.unlink(folder, place.name);
    folder.changed(this.viewer.now);
  }

  removeFolder(path: string): void {
    const place = this.existing(path.length > 1 ? path.replace(/\/+$/, '') : path, false);
    if (!(place.inode instanceof FolderInode)) throw new SystemError('ENOTDIR', path);
    const folder = this.writableFolder(place, path);
    if (this.viewer.mounts.at(place.path)) throw new SystemError('EBUSY', path);
    if (!place.inode.empty) throw new SystemError('ENOTEMPTY', path);
    this.sticky(place, path);
    place.mount.tree.unlink(folder, place.name);
    folder.changed(this.viewer.now);
  }

  rename(from: string, to: string): void {
    const source = this.existing(from, false);
    const target = this.place(to, false);
    if (source.mount !== target.mount) throw new SystemError('EXDEV', from);
    const out = this.writableFolder(source, from);
    const into = this.writableFolder(target, to);
    if (this.viewer.mounts.at(source.path) || this.viewer.mounts.at(target.path)) throw new SystemError('EBUSY', from);
    this.sticky(source, from);
    if (source.inode === target.inode) return;
    if (source.inode instanceof FolderInode) {
      if (`${target.path}/`.startsWith(`${source.path}/`)) throw new SystemError('EINVAL', from);
      if (target.inode && !(target.inode instanceof FolderInode)) throw new SystemError('ENOTDIR', to);
      if (target.inode instanceof FolderInode && !target.inode.empty) throw new SystemError('ENOTEMPTY', to);
    } else if (target.inode instanceof FolderInode) throw new SystemError('EISDIR', to);
    const { tree } = source.mount;
    const inode = tree.own(out, source.name) as Inode;
    if (target.inode) tree.unlink(into, target.name);
    out.delete(source.name);
    into.put(target.name, inode);
    out.changed(this.viewer.now);
    into.changed(this.viewer.now);
    if (inode.watchers) for (const watcher of [...inode.watchers]) watcher();
  }

  symlink(target: string, path: string): void {
    const place = this.place(path, false);
    if (place.inode) throw new SystemError('EEXIST', path);
    const folder = this.writableFolder(place, path);
    const inode = new SymlinkInode(place.mount.tree.newInode(), this.viewer.now, target);
    this.ownNew(inode, folder);
    folder.put(place.name, inode);
    folder.changed(this.viewer.now);
  }

  link(existing: string, path: string): void {
    const source = this.existing(existing, false);
    if (source.inode instanceof FolderInode) throw new SystemError('EPERM', existing);
    const target = this.place(path, false);
    if (target.inode) throw new SystemError('EEXIST', path);
    const folder = this.writableFolder(target, path);
    if (source.mount !== target.mount) throw new SystemError('EXDEV', existing);
    const inode = source.parent ? (source.mount.tree.own(source.parent, source.name) as Inode) : source.inode;
    inode.links += 1;
    folder.put(target.name, inode);
    folder.changed(this.viewer.now);
  }

  readLink(path: string): string {
    const { inode } = this.existing(path, false);
    if (!(inode instanceof SymlinkInode)) throw new SystemError('EINVAL', path);
    return inode.target;
  }

  changeMode(path: string, mode: number): void {
    const inode = this.changeable(path, true);
    inode.mode = mode & 0o7777;
    inode.changed(inode.modifiedAt);
  }

  changeOwner(path: string, uid: number, gid: number): void {
    const inode = this.changeable(path, uid === this.viewer.uid || uid === -1);
    if (this.viewer.uid !== 0 && uid !== -1 && uid !== inode.uid) throw new SystemError('EPERM', path);
    if (uid !== -1) inode.uid = uid;
    if (gid !== -1) inode.gid = gid;
    inode.changed(inode.modifiedAt);
  }

  /** utimes: sets the time of modification. */
  changeTime(path: string, time: Time): void {
    this.changeable(path, true).modifiedAt = time;
  }

  /** Cuts off or lengthens a file. */
  truncate(path: string, size: number): void {
    const handle = this.openHandle(path, { write: true, create: true });
    if (handle instanceof RegularHandle) handle.truncate(size);
    handle.close();
  }

  private changeable(path: string, mayOwner: boolean): Inode {
    const place = this.existing(path);
    if (place.mount.readOnly) throw new SystemError('EROFS', path);
    const inode = place.parent ? (place.mount.tree.own(place.parent, place.name) ?? place.inode) : place.inode;
    if (this.viewer.uid !== 0 && (!mayOwner || inode.uid !== this.viewer.uid)) throw new SystemError('EPERM', path);
    return inode;
  }

  realPath(path: string): string {
    return this.existing(path).path;
  }

  /** May this process do it? access(2): 'r', 'w', 'x'. */
  allows(path: string, want: 'r' | 'w' | 'x'): boolean {
    try {
      const { inode, mount } = this.existing(path);
      if (want === 'w' && mount.readOnly && !(inode instanceof SpecialInode)) return false;
      return permits(inode, this.viewer, want === 'r' ? 4 : want === 'w' ? 2 : 1);
    } catch (error) {
      if (error instanceof SystemError) return false;
      throw error;
    }
  }

  watch(path: string, listener: () => void): () => void {
    const { inode } = this.existing(path);
    (inode.watchers ??= new Set()).add(listener);
    return () => inode.watchers?.delete(listener);
  }

  mountOf(path: string): { readonly path: string; readonly usedBytes: number; readonly sizeBytes: number; readonly readOnly: boolean } {
    const { mount } = this.existing(path);
    return { path: mount.path, usedBytes: mount.tree.usedBytes, sizeBytes: sizeOf(mount), readOnly: mount.readOnly };
  }
}

const diskBytes = 100 * 1024 ** 3;

/** How large a mount says it is: its limit, or the node's disk. */
export const sizeOf = (mount: MountPoint): number => mount.tree.sizeLimit ?? diskBytes;

/** stat(2) of a node. */
export function statusOf(inode: Inode): FileStatus {
  const size = inode instanceof GeneratedFile ? 0 : inode instanceof FileInode ? inode.size : inode instanceof SymlinkInode ? bytesOf(inode.target).length : inode instanceof FolderInode ? inode.size : 0;
  const links = inode instanceof FolderInode ? 2 : inode.links;
  return { type: inode.type, size, mode: inode.mode, uid: inode.uid, gid: inode.gid, links, inode: inode.id, modifiedAt: inode.modifiedAt };
}

/** A file's text, or undefined when it cannot be read. */
export function readTextIfAny(files: FileSystem, path: string): string | undefined {
  try {
    return files.readText(path);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** Makes content from a text, for those that build nodes themselves. */
export const contentOf = (data: Uint8Array | string): Content => Content.from(data);
