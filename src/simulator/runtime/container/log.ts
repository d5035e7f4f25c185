import { type Time, utf8Decode } from '../../kernel';
import type { LogLine } from '../interface';

type Stream = 'stdout' | 'stderr';

/** What a container prints, line by line; the newest `capacity` characters are kept. */
export class ContainerLog {
  private kept: LogLine[] = [];
  private first = 0;
  private size = 0;
  private readonly partial: { stdout: string; stderr: string } = { stdout: '', stderr: '' };
  private listeners: Set<(line: LogLine) => void> | undefined;

  constructor(private readonly clock: () => Time, private readonly capacity = 2 * 1024 * 1024) {}

  get lines(): readonly LogLine[] {
    return this.first === 0 ? this.kept : this.kept.slice(this.first);
  }

  write(stream: Stream, data: Uint8Array | string): void {
    const text = typeof data === 'string' ? data : utf8Decode(data);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const head = this.partial[stream];
      this.add(stream, head === '' ? text.slice(start, end) : head + text.slice(start, end), true);
      if (head !== '') this.partial[stream] = '';
      start = end + 1;
    }
    if (start < text.length) {
      this.partial[stream] += start === 0 ? text : text.slice(start);
      while (this.partial[stream].length >= 16_384) {
        this.add(stream, this.partial[stream].slice(0, 16_384), false);
        this.partial[stream] = this.partial[stream].slice(16_384);
      }
    }
  }

  /** The program has ended: what stands without a newline becomes a line. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.partial[stream] !== '') this.add(stream, this.partial[stream], false);
      this.partial[stream] = '';
    }
  }

  follow(listener: (line: LogLine) => void): () => void {
    const listeners = (this.listeners ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  private add(stream: Stream, text: string, complete: boolean): void {
    const line: LogLine = { time: this.clock(), stream, text, complete };
    this.kept.push(line);
    this.size += text.length + 1;
    while (this.size > this.capacity && this.first < this.kept.length - 1) {
      this.size -= (this.kept[this.first] as LogLine).text.length + 1;
      this.first += 1;
    }
    if (this.first > 1024 && this.first * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.first);
      this.first = 0;
    }
    if (this.listeners && this.listeners.size > 0) for (const listener of [...this.listeners]) listener(line);
  }
}
