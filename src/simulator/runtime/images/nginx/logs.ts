import { calendar, type Task, type Time } from '../../../kernel';
import { type FileHandle, type System, SystemError } from '../../interface';
import { type Exchange, expand } from './exchange';

const two = (n: number) => String(n).padStart(2, '0');

/** 2026/11/24 20:54:57 */
export function errorDate(now: Time): string {
  const c = calendar(now);
  return `${c.year}/${two(c.month)}/${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

const levels = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'];

/** Open log files by path; writing to a full or broken one is not nginx's problem. */
export class Logs {
  private handles = new Map<string, FileHandle>();
  private queue: string[] = [];
  private busy = false;

  constructor(private readonly system: System, public errorPath: string, public errorLevel: string) {}

  /** Opens a file; the code of the failure when that fails. */
  open(path: string): string | undefined {
    if (path === 'stderr' || this.handles.has(path)) return undefined;
    try {
      this.handles.set(path, this.system.files.open(path, { write: true, append: true, create: true }));
      return undefined;
    } catch (error) {
      if (error instanceof SystemError) return error.code;
      throw error;
    }
  }

  /** USR1: files are opened anew, after somebody has moved them. */
  reopen(): void {
    for (const handle of this.handles.values()) handle.close();
    const paths = [...this.handles.keys()];
    this.handles = new Map();
    for (const path of paths) this.open(path);
  }

  error(level: string, text: string, pid = this.system.pid, connection?: number): void {
    if (levels.indexOf(level) > levels.indexOf(this.errorLevel)) return;
    this.queue.push(`${errorDate(this.system.now)} [${level}] ${pid}#${pid}: ${connection === undefined ? '' : `*${connection} `}${text}\n`);
    if (this.busy) return;
    this.busy = true;
    this.system.thread('error log', this.flush());
  }

  /** Waits until everything is written. */
  *flush(): Task {
    try {
      while (this.queue.length > 0) {
        const text = this.queue.join('');
        this.queue = [];
        yield* this.write(this.errorPath, text);
      }
    } finally {
      this.busy = false;
    }
  }

  *access(exchange: Exchange): Task {
    for (const { path, format, condition } of exchange.settings.accessLogs) {
      if (condition !== undefined && ['', '0'].includes(expand(exchange, condition))) continue;
      yield* this.write(expand(exchange, path), `${expand(exchange, format, '-')}\n`);
    }
  }

  private *write(path: string, text: string): Task {
    try {
      if (path === 'stderr') return yield* this.system.stderr.write(text);
      if (!this.handles.has(path)) this.open(path);
      const handle = this.handles.get(path);
      if (handle) yield* handle.write(text);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }
}
