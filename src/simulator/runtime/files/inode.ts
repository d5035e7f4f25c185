import type { Time } from '../../kernel';
import type { FileStatus } from '../interface';
import type { Handle } from '../process/handle';
import { Content } from './content';

/** Who asks: what permissions are checked against, and whom /proc/self means. */
export interface Caller {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** What every node of a file tree has. */
export abstract class Inode {
  abstract readonly type: FileStatus['type'];
  uid = 0;
  gid = 0;
  links = 1;
  watchers: Set<() => void> | undefined;

  constructor(readonly id: number, public mode: number, public modifiedAt: Time) {}

  /** Calls those who watch this node. */
  changed(time: Time): void {
    this.modifiedAt = time;
    if (this.watchers) for (const watcher of [...this.watchers]) watcher();
  }
}

/** A regular file. */
export class FileInode extends Inode {
  readonly type = 'file';

  constructor(id: number, mode: number, time: Time, public content: Content = new Content()) {
    super(id, mode, time);
  }

  get size(): number {
    return this.content.size;
  }
}

/** A file of /proc or /sys: its text is made whenever it is opened. */
export class GeneratedFile extends FileInode {
  constructor(id: number, time: Time, private readonly generate: () => string, mode = 0o444, readonly onWrite?: (text: string) => void) {
    super(id, mode, time);
  }

  /** What a reader gets who opens it now. */
  current(): Content {
    return Content.from(this.generate());
  }

  override get size(): number {
    return 0;
  }
}

export class SymlinkInode extends Inode {
  readonly type = 'symlink';

  constructor(id: number, time: Time, readonly target: string) {
    super(id, 0o777, time);
  }
}

/** A link of /proc/PID/fd: following it leads to the open file or folder itself. */
export class HandleLink extends SymlinkInode {
  constructor(id: number, time: Time, target: string, readonly leadsTo: () => Handle | Inode | undefined) {
    super(id, time, target);
  }
}

/** What makes the handles of a fifo or a device; `caller` is the process that opens. */
export class SpecialInode extends Inode {
  constructor(id: number, mode: number, time: Time, readonly type: 'fifo' | 'device' | 'socket', readonly device: string, readonly numbers: readonly [number, number] = [0, 0]) {
    super(id, mode, time);
  }

  /** The pipe behind a fifo, while somebody has it open. */
  pipe: unknown;
}

/** A folder: its own entries over those of a frozen layer below. `null` hides what lies below. */
export class FolderInode extends Inode {
  readonly type = 'folder';
  protected entries: Map<string, Inode | null> | undefined;

  constructor(id: number, mode: number, time: Time, readonly lower?: FolderInode) {
    super(id, mode, time);
    if (lower) {
      this.uid = lower.uid;
      this.gid = lower.gid;
    }
  }

  get(name: string, _caller?: Caller): Inode | undefined {
    const own = this.entries?.get(name);
    if (own !== undefined) return own ?? undefined;
    const below = this.lower?.get(name);
    if (below instanceof FolderInode && this.lower) {
      const over = new FolderInode(below.id, below.mode, below.modifiedAt, below);
      this.put(name, over);
      return over;
    }
    return below;
  }

  /** Whether the entry is of the layer below: it must be copied before it is changed. */
  isBelow(name: string): boolean {
    return this.entries?.get(name) === undefined && this.lower?.get(name) !== undefined;
  }

  put(name: string, inode: Inode): void {
    (this.entries ??= new Map()).set(name, inode);
  }

  delete(name: string): void {
    if (this.lower?.get(name)) (this.entries ??= new Map()).set(name, null);
    else this.entries?.delete(name);
  }

  names(): string[] {
    const names = new Set<string>();
    if (this.lower) for (const name of this.lower.names()) names.add(name);
    if (this.entries) {
      for (const [name, inode] of this.entries) {
        if (inode === null) names.delete(name);
        else names.add(name);
      }
    }
    return [...names];
  }

  get empty(): boolean {
    return this.lower === undefined ? (this.entries?.size ?? 0) === 0 : this.names().length === 0;
  }

  /** Bytes as ls shows them for tmpfs: 20 an entry. */
  get size(): number {
    return 40 + 20 * this.names().filter((name) => name !== '').length;
  }
}

/** A folder whose entries are made when asked for: /proc and what lies in it. */
export class GeneratedFolder extends FolderInode {
  constructor(id: number, time: Time, private readonly find: (name: string, caller?: Caller) => Inode | undefined, private readonly listNames: () => string[], mode = 0o555) {
    super(id, mode, time);
  }

  override get(name: string, caller?: Caller): Inode | undefined {
    return this.find(name, caller);
  }

  override names(): string[] {
    return this.listNames();
  }
}
