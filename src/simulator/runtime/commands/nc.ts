import { milliseconds, race, seconds, sleep, type Task, within } from '../../kernel';
import { type Connection, NetworkError } from '../../network';
import { errorText } from '../files/errors';
import type { Executable } from '../process/program';
import type { SystemCalls } from '../process/system';
import { resolveHost } from '../resolver';
import { type Options, task, UsageError } from './tool';

/** Sends what comes in, then says that no more will. */
function* sendInput(system: SystemCalls, connection: Connection, pause: number): Task {
  for (;;) {
    const bytes = yield* system.stdin.read(4096);
    if (bytes === undefined) break;
    if (pause > 0) yield* sleep(pause);
    try {
      yield* connection.write(bytes);
    } catch (error) {
      if (error instanceof NetworkError) return;
      throw error;
    }
  }
  connection.end();
}

/** Passes a connection's bytes to standard output and standard input's to it, until the other end closes. */
function* relay(system: SystemCalls, connection: Connection, options: Options): Task<number> {
  system.thread('nc', sendInput(system, connection, seconds(options.number('i', 0))));
  try {
    for (;;) {
      const bytes = options.has('w') ? yield* within(seconds(options.number('w', 0)), () => connection.read()) : yield* connection.read();
      if (bytes === undefined) break;
      yield* system.stdout.write(bytes);
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
  yield* sleep(milliseconds(20)); // what was typed before the other end closed still goes out
  connection.close();
  return 0;
}

/** -e: a program gets the connection as its standard streams. */
function* serveWith(system: SystemCalls, connection: Connection, argv: readonly string[]): Task<number> {
  const input = system.pipe();
  const output = system.pipe();
  const child = system.spawn(argv, { stdin: input.reader, stdout: output.writer, stderr: output.writer });
  output.writer.close();
  system.thread('from the network', (function* (): Task {
    for (let bytes = yield* connection.read(); bytes !== undefined; bytes = yield* connection.read()) yield* input.writer.write(bytes);
    input.writer.close();
  })());
  for (let bytes = yield* output.reader.read(); bytes !== undefined; bytes = yield* output.reader.read()) yield* connection.write(bytes);
  connection.close();
  return yield* child.wait();
}

function* listen(system: SystemCalls, options: Options): Task<number> {
  const port = options.number('p', Number(options.words.at(-1) ?? 0));
  if (options.has('u')) return yield* datagrams(system, system.network.bindDatagram({ port }), undefined, options);
  let listener;
  try {
    listener = system.network.listen({ port, ...(options.has('s') ? { address: options.value('s') as string } : {}) });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`nc: bind: ${errorText(error.code)}\n`);
    return 1;
  }
  if (options.has('v')) yield* system.stderr.write(`listening on [::]:${port} ...\n`);
  for (;;) {
    const connection = options.has('w') ? yield* within(seconds(options.number('w', 0)), () => listener.accept()) : yield* listener.accept();
    if (!connection) {
      yield* system.stderr.write('nc: timed out\n');
      return 1;
    }
    if (options.has('v')) yield* system.stderr.write(`connect to [::ffff:${connection.local.address}]:${connection.local.port} from [::ffff:${connection.remote.address}]:${connection.remote.port}\n`);
    const again = options.has('k') || options.values('l').length > 1;
    if (!again) listener.close();
    const program = options.value('e');
    const status = program === undefined ? yield* relay(system, connection, options) : yield* serveWith(system, connection, [...program.split(' '), ...options.words]);
    if (!again) return status;
  }
}

function* datagrams(system: SystemCalls, socket: ReturnType<SystemCalls['network']['bindDatagram']>, peer: { address: string; port: number } | undefined, options: Options): Task<number> {
  let to = peer;
  system.thread('nc', (function* (): Task {
    for (let bytes = yield* system.stdin.read(4096); bytes !== undefined; bytes = yield* system.stdin.read(4096)) if (to) socket.send(to, bytes);
  })());
  try {
    for (;;) {
      const datagram = options.has('w') ? yield* within(seconds(options.number('w', 0)), () => socket.receive()) : yield* socket.receive();
      if (!datagram) return 0;
      to ??= datagram.from;
      yield* system.stdout.write(datagram.data);
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`nc: ${errorText(error.code)}\n`);
    return 1;
  }
}

function* dial(system: SystemCalls, options: Options): Task<number> {
  const [host, portText] = options.words;
  if (host === undefined || portText === undefined) throw new UsageError('');
  const port = Number(portText);
  const [address] = yield* resolveHost(system, host);
  if (address === undefined) {
    yield* system.stderr.write(`nc: bad address '${host}'\n`);
    return 1;
  }
  if (options.has('u')) return yield* datagrams(system, system.network.bindDatagram({ port: 0, peer: { address, port } }), { address, port }, options);
  let connection: Connection;
  try {
    connection = yield* system.network.connect({ address, port }, options.has('w') ? { timeout: seconds(options.number('w', 0)) } : {});
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(error.code === 'ETIMEDOUT' && options.has('w') ? 'nc: timed out\n' : options.has('z') ? `nc: ${host} (${address}:${port}): ${errorText(error.code)}\n` : `nc: can't connect to remote host (${address}): ${errorText(error.code)}\n`);
    return 1;
  }
  if (options.has('v')) yield* system.stderr.write(`${host} (${address}:${port}) open\n`);
  if (options.has('z')) {
    connection.close();
    return 0;
  }
  const program = options.value('e');
  return program === undefined ? yield* relay(system, connection, options) : yield* serveWith(system, connection, program.split(' '));
}

/** nc. */
export const nc: Executable = task({ letters: 'lkp:w:i:s:e:vnuzq:o:' }, (system, options) => (options.has('l') ? listen(system, options) : dial(system, options)));

/** telnet, as far as a plain connection goes. */
export const telnet: Executable = task({ letters: 'al:', least: 1 }, function* (system, options) {
  const [host = '', port = '23'] = options.words;
  const [address] = yield* resolveHost(system, host);
  if (address === undefined) {
    yield* system.stderr.write(`telnet: bad address '${host}'\n`);
    return 1;
  }
  try {
    const outcome = yield* race({ connection: () => system.network.connect({ address, port: Number(port) }), late: () => sleep(seconds(130)) });
    if (outcome.winner !== 'connection') return 1;
    yield* system.stdout.write(`Connected to ${host}\n`);
    return yield* relay(system, outcome.value as Connection, options);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    yield* system.stderr.write(`telnet: can't connect to remote host (${address}): ${errorText(error.code)}\n`);
    return 1;
  }
});
