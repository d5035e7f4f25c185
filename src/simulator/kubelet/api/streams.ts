import type { ApiResponse, Status, StreamConnection, StreamFrame } from '../../api';
import { Channel, type Kernel, type Task, utf8Decode, utf8Encode } from '../../kernel';
import type { ProgramStreams } from '../../runtime';

/** What exec and attach may ask for. */
export interface StreamOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

const errorChannel = 3;

/** How a command's end is told on the error channel. (exit codes travel as the cause ExitCode) */
export function exitStatus(code: number): Status | { metadata: Record<string, never>; status: 'Success' } {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** A connection that only tells why there is nothing to connect to. */
export function failedConnection(message: string): ApiResponse {
  const output = new Channel<StreamFrame>();
  const status: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'InternalError', details: { causes: [{ message }] }, code: 500 };
  output.send({ channel: errorChannel, data: utf8Encode(JSON.stringify(status)) });
  output.close();
  return { status: 101, connection: { output, input: new Channel<StreamFrame>() } };
}

function* pump(from: Channel<Uint8Array>, channel: number, output: Channel<StreamFrame>): Task {
  for (let data = yield* from.receive(); data; data = yield* from.receive()) if (!output.send({ channel, data })) return;
}

function* feed(streams: ProgramStreams, input: Channel<StreamFrame>, options: StreamOptions): Task {
  for (let frame = yield* input.receive(); frame; frame = yield* input.receive()) {
    if (frame.channel === 0 && options.stdin && streams.stdin) {
      if (frame.data.length > 0) streams.stdin.send(frame.data);
      if (frame.end) streams.stdin.close();
    } else if (frame.channel === 4) {
      const size = JSON.parse(utf8Decode(frame.data)) as { Width?: number; Height?: number };
      streams.resize(size.Width ?? 80, size.Height ?? 24);
    }
  }
  streams.close(); // the client has hung up
}

/** Joins a program's streams to an upgraded connection. With `exits`, the program's exit code ends it. */
export function connectStreams(kernel: Kernel, streams: ProgramStreams, options: StreamOptions, exits: boolean): ApiResponse {
  const output = new Channel<StreamFrame>();
  const input = new Channel<StreamFrame>();
  const connection: StreamConnection = { output, input };
  const feeding = kernel.spawn('stream input', feed(streams, input, options), null);
  kernel.spawn('stream output', (function* () {
    const errors = kernel.spawn('stderr', options.stderr && !options.tty ? pump(streams.stderr, 2, output) : drain(streams.stderr));
    yield* options.stdout ? pump(streams.stdout, 1, output) : drain(streams.stdout);
    if (errors.state === 'running') yield (waker) => errors.onEnd(() => waker.resolve(undefined));
    const code = yield* streams.exit();
    output.send({ channel: errorChannel, data: utf8Encode(JSON.stringify(exitStatus(exits ? code : 0))) });
    output.close();
    feeding.cancel();
  })(), null);
  return { status: 101, connection };
}

function* drain(from: Channel<Uint8Array>): Task {
  while (yield* from.receive());
}
