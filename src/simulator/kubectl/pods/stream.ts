import { StatusError, type StreamConnection } from '../../api';
import { utf8Decode, utf8Encode, type Task } from '../../kernel';
import type { Context } from '../command';
import { CommandError, ExitError } from '../errors';
import { listAt, textAt, type Fields } from '../fields';

/** What is connected to the other side's program. */
export interface StreamOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Where its output goes; default stdout and stderr. */
  readonly stdout?: (data: Uint8Array) => void;
  /** What it reads; default stdin. */
  readonly input?: () => Task<Uint8Array | undefined>;
}

/** Opens exec or attach. Throws in kubectl's words when the server refuses. */
export function* openStream({ session }: Context, url: string): Task<StreamConnection> {
  try {
    const { connection } = yield* session.rest.request('GET', url, { upgrade: 'websocket', accept: '*/*' });
    if (!connection) throw new CommandError('unable to upgrade connection: no stream in the answer');
    return connection;
  } catch (error) {
    if (error instanceof StatusError && error.reason !== 'Forbidden' && error.reason !== 'NotFound') throw new CommandError(`unable to upgrade connection: ${plainBody(error.message)}`);
    throw error;
  }
}

/** The body of an answer without a Status, which the general message quotes. */
function plainBody(message: string): string {
  const quoted = /^an error on the server \((".*")\) has prevented the request from succeeding$/s.exec(message)?.[1];
  return quoted === undefined ? message : String(JSON.parse(quoted));
}

function* pump(connection: StreamConnection, read: () => Task<Uint8Array | undefined>): Task {
  for (let data = yield* read(); data; data = yield* read()) connection.input.send({ channel: 0, data });
  connection.input.send({ channel: 0, data: new Uint8Array(), end: true });
}

/** Connects the terminal until the program ends; throws its failure. */
export function* followStream(context: Context, connection: StreamConnection, options: StreamOptions): Task<void> {
  const { host } = context.session;
  const { terminal } = host;
  const stdout = options.stdout ?? ((data: Uint8Array) => host.stdout.write(data));
  const input = options.stdin ? host.spawn('kubectl stdin', pump(connection, options.input ?? (() => host.stdin.read()))) : undefined;
  const resize = () => connection.input.send({ channel: 4, data: utf8Encode(JSON.stringify({ Width: terminal?.columns ?? 80, Height: terminal?.rows ?? 24 })) });
  let stopResize: () => void = () => undefined;
  if (options.tty && terminal) {
    terminal.setRaw(true);
    resize();
    stopResize = terminal.onResize(resize);
  }
  let status: Fields | undefined;
  try {
    for (let frame = yield* connection.output.receive(); frame; frame = yield* connection.output.receive()) {
      if (frame.data.length === 0) continue;
      if (frame.channel === 1) stdout(frame.data);
      else if (frame.channel === 2) host.stderr.write(frame.data);
      else if (frame.channel === 3) status = JSON.parse(utf8Decode(frame.data)) as Fields;
    }
  } finally {
    stopResize();
    if (options.tty && terminal) terminal.setRaw(false);
    input?.cancel();
    connection.input.close();
  }
  if (status) throwStatus(context, status);
}

function throwStatus({ err }: Context, status: Fields): void {
  if (textAt(status, 'status') === 'Success') return;
  if (textAt(status, 'reason') === 'NonZeroExitCode') {
    const cause = listAt(status, 'details', 'causes').find((one) => one['reason'] === 'ExitCode');
    const code = Number(textAt(cause, 'message'));
    err(`command terminated with exit code ${code}\n`);
    throw new ExitError(code);
  }
  throw new CommandError(textAt(status, 'message'));
}
