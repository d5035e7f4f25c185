import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { Command, Kept, Snapshot } from '../simulator/cluster';

/** The longest that a change waits in memory, in milliseconds. */
const patience = 100;
/** A log shorter than this is never rewritten. */
const worthRewriting = 8 * 1024 * 1024;

/** The first line; `entries` more lines of the snapshot follow it, then one line a command. */
interface Header {
  readonly format: 1;
  readonly revision: number;
  readonly leases: Snapshot['leases'];
  readonly entries: number;
}

/** A command with the moment, in the cluster's own time (µs), at which it was applied. */
type Line = readonly [time: number, command: Command];

/** What an earlier process left. */
export interface Earlier {
  readonly kept: Kept;
  /** At least as high as etcd's revision was. */
  readonly revision: number;
  /** The cluster's clock at the last change. */
  readonly time: number;
}

/**
 * etcd's content in one file: a snapshot, and the commands since. A rewrite replaces the file in one step, and of the end only
 * whole lines count: whenever the process is killed, what stands in the file is what etcd held at some moment just before.
 */
export class EtcdLog {
  private pending: Line[] = [];
  private timer: NodeJS.Timeout | undefined;
  private snapshotBytes = 0;
  private bytes = 0;

  /** `snapshot` and `now` are asked when the log has grown so long that it is written anew. */
  constructor(private readonly file: string, private readonly snapshot: () => Snapshot, private readonly now: () => number) {
    if (existsSync(file)) this.bytes = this.snapshotBytes = statSync(file).size;
  }

  /** What the file holds; undefined when there is none. A torn end is cut off. */
  static read(file: string): Earlier | undefined {
    if (!existsSync(file)) return undefined;
    const text = readFileSync(file);
    const end = text.lastIndexOf(10) + 1;
    if (end < text.length) truncateSync(file, end);
    const [first = '', ...lines] = text.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    const { format, revision, leases, entries } = JSON.parse(first === '' ? '{}' : first) as Header;
    if (format !== 1) throw new Error(`${file} is not etcd's content as this version writes it`);
    const changes = lines.slice(entries).map((line) => JSON.parse(line) as Line);
    return {
      kept: { snapshot: { revision, leases, entries: lines.slice(0, entries).map((line) => JSON.parse(line) as Snapshot['entries'][number]) }, commands: changes.map(([, command]) => command) },
      revision: revision + changes.length,
      time: changes.at(-1)?.[0] ?? 0,
    };
  }

  /** Notes a command; it is in the file within `patience`. */
  note(command: Command): void {
    this.pending.push([this.now(), command]);
    this.timer ??= setTimeout(() => this.flush(), patience);
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.pending;
    if (lines.length === 0) return;
    this.pending = [];
    if (this.bytes === 0 || this.bytes - this.snapshotBytes > Math.max(worthRewriting, this.snapshotBytes)) return this.rewrite();
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    appendFileSync(this.file, text);
    this.bytes += text.length;
  }

  private rewrite(): void {
    const { revision, leases, entries } = this.snapshot();
    const draft = `${this.file}.new`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      const header: Header = { format: 1, revision, leases, entries: entries.length };
      this.bytes = writeSync(descriptor, `${JSON.stringify(header)}\n`);
      for (let at = 0; at < entries.length; at += 500) this.bytes += writeSync(descriptor, entries.slice(at, at + 500).map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      const clock: Line = [this.now(), { type: 'compact', revision }];
      this.bytes += writeSync(descriptor, `${JSON.stringify(clock)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, this.file);
    this.snapshotBytes = this.bytes;
  }
}
