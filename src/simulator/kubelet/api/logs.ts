import type { ApiResponse } from '../../api';
import { calendar, Channel, formatTime, type Kernel, type Process, seconds, type Time, utf8Encode } from '../../kernel';
import type { Container, LogLine } from '../../runtime';

/** What a client may ask of a log. (PodLogOptions) */
export interface LogOptions {
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: Time;
  readonly timestamps?: boolean;
  readonly stream?: 'All' | 'Stdout' | 'Stderr';
}

const nanoTime = (time: Time): string => `${formatTime(time).slice(0, -1)}.${String(calendar(time).microsecond).padStart(6, '0')}000Z`;

const shown = (line: LogLine, options: LogOptions): string => `${options.timestamps ? `${nanoTime(line.time)} ` : ''}${line.text}${line.complete ? '\n' : ''}`;

const wanted = (options: LogOptions, now: Time) => (line: LogLine): boolean => {
  if (options.stream === 'Stdout' && line.stream !== 'stdout') return false;
  if (options.stream === 'Stderr' && line.stream !== 'stderr') return false;
  if (options.sinceSeconds !== undefined && line.time < now - seconds(options.sinceSeconds)) return false;
  return options.sinceTime === undefined || line.time >= options.sinceTime;
};

/** The answer to a request for a container's log: text, or a stream that ends with the container. */
export function logResponse(kernel: Kernel, container: Container, options: LogOptions): ApiResponse {
  const keep = wanted(options, kernel.now);
  let lines = container.log.filter(keep);
  if (options.tailLines !== undefined) lines = options.tailLines === 0 ? [] : lines.slice(-options.tailLines);
  let left = options.limitBytes ?? Infinity;
  const take = (text: string): Uint8Array => {
    const bytes = utf8Encode(text);
    const part = bytes.length > left ? bytes.subarray(0, left) : bytes;
    left -= part.length;
    return part;
  };
  const headers = { 'content-type': 'text/plain' };
  const stream = new Channel<Uint8Array>();
  const whole = lines.map((line) => shown(line, options)).join('');
  if (whole !== '') stream.send(take(whole));
  if (!options.follow || container.state.status !== 'running') {
    stream.close();
    return { status: 200, headers, stream };
  }
  const stop = container.followLog((line) => {
    if (stream.closed || left <= 0) return end();
    if (keep(line)) stream.send(take(shown(line, options)));
  });
  function end(): void {
    stop();
    stream.close();
    ending.cancel();
  }
  const ending: Process = kernel.spawn('log until the end', (function* () {
    yield* container.wait();
    end();
  })(), null);
  return { status: 200, headers, stream };
}
