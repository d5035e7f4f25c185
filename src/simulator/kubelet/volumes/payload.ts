import type { FileTree } from '../../runtime';
import { calendar, type Random, type Time } from '../../kernel';

/** A file of a configMap, secret, downwardAPI or projected volume. */
export interface PayloadFile {
  readonly data: Uint8Array | string;
  readonly mode: number;
}

/** Files by their path in the volume. */
export type Payload = ReadonlyMap<string, PayloadFile>;

const two = (n: number): string => String(n).padStart(2, '0');

function folderName(now: Time, random: Random): string {
  const c = calendar(now);
  return `..${c.year}_${two(c.month)}_${two(c.day)}_${two(c.hour)}_${two(c.minute)}_${two(c.second)}.${random.int(4_294_967_296)}`;
}

const same = (a: PayloadFile | undefined, b: PayloadFile): boolean =>
  a !== undefined && a.mode === b.mode && (a.data === b.data || (typeof a.data !== 'string' && typeof b.data !== 'string' && a.data.length === b.data.length && a.data.every((byte, i) => byte === (b.data as Uint8Array)[i])));

/**
 * Writes a payload as the kubelet does: into a new dated folder, to which the link ..data is then turned at once, so
 * that a reader sees all old files or all new ones. The visible names are links through ..data.
 */
export class PayloadWriter {
  private written: Payload | undefined;
  private folder: string | undefined;

  constructor(private readonly tree: FileTree, private readonly gid: number | undefined) {}

  /** False when nothing has changed since the last time. */
  write(payload: Payload, now: Time, random: Random): boolean {
    const before = this.written;
    if (before && before.size === payload.size && [...payload].every(([path, file]) => same(before.get(path), file))) return false;
    const folder = folderName(now, random);
    this.tree.makeFolder(`/${folder}`, { mode: 0o755 });
    for (const [path, file] of payload) {
      const mode = this.gid === undefined ? file.mode : file.mode | 0o040;
      this.tree.writeFile(`/${folder}/${path}`, file.data, { mode, ...(this.gid !== undefined && { gid: this.gid }) });
    }
    this.tree.symlink(folder, '/..data_tmp');
    this.tree.rename('/..data_tmp', '/..data');
    const tops = new Set([...payload.keys()].map((path) => path.split('/')[0] as string));
    for (const top of tops) if (!this.tree.exists(`/${top}`)) this.tree.symlink(`..data/${top}`, `/${top}`);
    for (const path of before?.keys() ?? []) {
      const top = path.split('/')[0] as string;
      if (!tops.has(top) && this.tree.exists(`/${top}`)) this.tree.remove(`/${top}`);
    }
    if (this.folder) this.tree.remove(`/${this.folder}`, { recursive: true });
    this.folder = folder;
    this.written = payload;
    return true;
  }
}
