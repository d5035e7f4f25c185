import { SystemError } from '../interface';
import { type Caller, FolderInode, HandleLink, type Inode, SymlinkInode } from './inode';
import type { Tree } from './tree';

/** A tree, or a folder or file of one, at a path of a mount namespace. */
export interface MountPoint {
  readonly path: string;
  readonly tree: Tree;
  readonly root: Inode;
  readonly readOnly: boolean;
  /** What mount and df show: overlay, tmpfs, proc, /dev/vda. */
  readonly source: string;
  readonly type: string;
  readonly options: string;
}

/** Where a path leads. `inode` is undefined when its folder exists and it does not. */
export interface Place {
  readonly mount: MountPoint;
  readonly parent: FolderInode | undefined;
  readonly name: string;
  readonly path: string;
  readonly inode: Inode | undefined;
}

/** Whether the caller may read (4), write (2), execute (1). Root may all but execute what nobody may. */
export function permits(inode: Inode, caller: Caller, want: number): boolean {
  if (caller.uid === 0) return want !== 1 || inode.type === 'folder' || (inode.mode & 0o111) !== 0;
  const shift = caller.uid === inode.uid ? 6 : caller.gid === inode.gid || caller.groups.includes(inode.gid) ? 3 : 0;
  return ((inode.mode >> shift) & want) === want;
}

/** Makes a path absolute and takes '.', '..' and double slashes out, without looking at links. */
export function normalize(cwd: string, path: string): string {
  if (path.startsWith('/') && !path.includes('/.') && !path.includes('//')) return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const out: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

const noPoints = new Map<string, (() => MountPoint) | null>();

/** A mount namespace: what a container sees as its file system. */
export class MountTable {
  private points: Map<string, (() => MountPoint) | null> = noPoints;
  private made: Map<string, MountPoint> | undefined;

  /** `standard`: mounts that many namespaces have, made for `owner` when first reached. */
  constructor(private readonly rootMount: MountPoint, private readonly standard: ReadonlyMap<string, (owner: never) => MountPoint> = new Map(), private readonly owner?: unknown) {}

  private get paths(): Iterable<string> {
    const paths = new Set([...this.standard.keys(), ...this.points.keys()]);
    for (const [path, make] of this.points) if (make === null) paths.delete(path);
    return paths;
  }

  /** Adds a mount that is made when it is first reached. */
  add(path: string, make: () => MountPoint): void {
    this.ownPoints().set(path, make);
    this.made?.delete(path);
  }

  remove(path: string): void {
    if (this.standard.has(path)) this.ownPoints().set(path, null);
    else this.points.delete(path);
    this.made?.delete(path);
  }

  private ownPoints(): Map<string, (() => MountPoint) | null> {
    if (this.points === noPoints) this.points = new Map();
    return this.points;
  }

  get root(): MountPoint {
    return this.rootMount;
  }

  all(): MountPoint[] {
    return [this.rootMount, ...[...this.paths].map((path) => this.at(path) as MountPoint)];
  }

  at(path: string): MountPoint | undefined {
    const made = this.made?.get(path);
    if (made) return made;
    const make = this.points.get(path);
    const standard = make === undefined ? this.standard.get(path) : undefined;
    if (!make && !standard) return undefined;
    const point = make ? make() : (standard as (owner: unknown) => MountPoint)(this.owner);
    (this.made ??= new Map()).set(path, point);
    return point;
  }

  /** Names of mount points right below a folder. */
  namesBelow(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    const names: string[] = [];
    for (const point of this.paths) if (point.startsWith(prefix)) names.push((point.slice(prefix.length).split('/')[0] as string));
    return names;
  }

  /** Walks a path. Throws ENOENT, ENOTDIR, EACCES, ELOOP. `cwd` is absolute. */
  resolve(cwd: string, path: string, caller: Caller, followLast = true): Place {
    const place = this.walk(cwd, path, caller, followLast);
    if (typeof place === 'string') throw new SystemError(place, path);
    return place;
  }

  /** As resolve, but gives the code of the error: for those who look in many places. */
  walk(cwd: string, path: string, caller: Caller, followLast = true): Place | string {
    if (path === '') return 'ENOENT';
    let mount = this.rootMount;
    let inode: Inode | undefined = mount.root;
    let at = '';
    let parent: FolderInode | undefined;
    let lastName = '/';
    const todo = splitReverse(path.startsWith('/') ? path : cwd === '/' ? path : `${cwd}/${path}`);
    const trailingSlash = path.endsWith('/');
    for (let links = 0; todo.length > 0; ) {
      const name = todo.pop() as string;
      if (name === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        ({ mount, inode, parent, name: lastName } = this.locate(at === '' ? '/' : at, caller));
        continue;
      }
      if (!(inode instanceof FolderInode)) return inode ? 'ENOTDIR' : 'ENOENT';
      if (!permits(inode, caller, 1)) return 'EACCES';
      const below = `${at}/${name}`;
      const mounted = this.at(below);
      const next: Inode | undefined = mounted ? mounted.root : (inode.get(name, caller) ?? this.covered(below));
      if (!mounted && next instanceof SymlinkInode && (followLast || trailingSlash || todo.length > 0)) {
        if (++links > 40) return 'ELOOP';
        if (next instanceof HandleLink) {
          const target = next.leadsTo();
          if (!target) return 'ENOENT';
          if (!('type' in target) && todo.length === 0) return { mount, parent: undefined, name, path: below, inode: next };
          if ('type' in target) {
            parent = inode;
            inode = target;
            at = below;
            lastName = name;
            continue;
          }
        }
        for (const part of splitReverse(next.target)) todo.push(part);
        if (next.target.startsWith('/')) {
          mount = this.rootMount;
          inode = mount.root;
          at = '';
          parent = undefined;
          lastName = '/';
        }
        continue;
      }
      parent = inode;
      lastName = name;
      at = below;
      inode = next;
      if (mounted) mount = mounted;
      if (!next && todo.length > 0) return 'ENOENT';
    }
    if (trailingSlash && inode && !(inode instanceof FolderInode)) return 'ENOTDIR';
    return { mount, parent, name: lastName, path: at === '' ? '/' : at, inode };
  }

  /** A folder that exists only because something is mounted below it. */
  private covered(path: string): Inode | undefined {
    const prefix = `${path}/`;
    for (const point of this.points.keys()) if (point.startsWith(prefix)) return new FolderInode(0, 0o755, 0);
    return undefined;
  }

  /** The place of a path that holds no links. */
  private locate(path: string, caller: Caller): { mount: MountPoint; inode: Inode | undefined; parent: FolderInode | undefined; name: string } {
    if (path === '/') return { mount: this.rootMount, inode: this.rootMount.root, parent: undefined, name: '/' };
    const { mount, inode, parent, name } = this.resolve('/', path, caller);
    return { mount, inode, parent, name };
  }
}

function splitReverse(path: string): string[] {
  const out: string[] = [];
  for (const part of path.split('/')) if (part !== '' && part !== '.') out.push(part);
  return out.reverse();
}
