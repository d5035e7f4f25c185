import { type Task, utf8Decode } from '../../../kernel';
import { ByteReader, type Connection, HttpError, NetworkError } from '../../../network';
import type { Program, System } from '../../interface';
import { lookUpHost } from '../host-lookup';
import { encodeCommand, Failure, type Reply, readReply, splitWords, Status, toBytes } from './resp';

interface CliOptions {
  host: string;
  port: number;
  password: string | undefined;
  user: string | undefined;
  database: number;
  raw: boolean;
  errorExit: boolean;
  repeat: number;
  interval: number;
  stdin: boolean;
  quietAuth: boolean;
  command: readonly string[];
}

const usage = 'redis-cli 7.0.15\n\nUsage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]\n  -h <hostname>      Server hostname (default: 127.0.0.1).\n  -p <port>          Server port (default: 6379).\n  -a <password>      Password to use when connecting to the server.\n  -n <db>            Database number.\n  --raw              Use raw formatting for replies (default when STDOUT is\n                     not a tty).\n  --no-raw           Force formatted output even when STDOUT is not a tty.\n  --version          Output version and exit.\n';

function parse(system: System): CliOptions | string {
  const { argv } = system;
  const options: CliOptions = { host: '127.0.0.1', port: 6379, password: system.env['REDISCLI_AUTH'], user: undefined, database: 0, raw: !system.stdout.isTerminal, errorExit: false, repeat: 1, interval: 0, stdin: false, quietAuth: system.env['REDISCLI_AUTH'] !== undefined, command: [] };
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    const value = argv[i + 1];
    const takes = (set: (text: string) => void): boolean => {
      if (value === undefined) return false;
      set(value);
      i += 1;
      return true;
    };
    let known = true;
    if (word === '-h') known = takes((text) => (options.host = text));
    else if (word === '-p') known = takes((text) => (options.port = Number(text)));
    else if (word === '-a' || word === '--pass') known = takes((text) => (options.password = text));
    else if (word === '--user') known = takes((text) => (options.user = text));
    else if (word === '-n') known = takes((text) => (options.database = Number(text)));
    else if (word === '-r') known = takes((text) => (options.repeat = Number(text)));
    else if (word === '-i') known = takes((text) => (options.interval = Math.round(Number(text) * 1e6)));
    else if (word === '-u') known = takes((text) => {
      const match = /^rediss?:\/\/(?:(?:[^:@]*:)?([^@]*)@)?([^:/]+)(?::(\d+))?(?:\/(\d+))?/.exec(text);
      if (match?.[1] !== undefined) options.password = match[1];
      options.host = match?.[2] ?? options.host;
      options.port = Number(match?.[3] ?? options.port);
      options.database = Number(match?.[4] ?? 0);
    });
    else if (word === '--raw') options.raw = true;
    else if (word === '--no-raw') options.raw = false;
    else if (word === '-e') options.errorExit = true;
    else if (word === '-x') options.stdin = true;
    else if (word === '--no-auth-warning') options.quietAuth = true;
    else if (['-2', '-3', '--no-latency', '--verbose'].includes(word)) known = true;
    else if (word.startsWith('-')) known = false;
    else {
      options.command = argv.slice(i);
      break;
    }
    if (!known) return word;
  }
  return options;
}

/** As with a terminal: quoted, numbered, typed. */
function pretty(reply: Reply, indent = ''): string {
  if (reply === null) return '(nil)\n';
  if (typeof reply === 'number') return `(integer) ${reply}\n`;
  if (typeof reply === 'string') return `${quote(reply)}\n`;
  if (reply instanceof Status) return `${reply.text}\n`;
  if (reply instanceof Failure) return `(error) ${reply.text}\n`;
  if (reply.length === 0) return '(empty array)\n';
  const width = String(reply.length).length;
  return reply.map((item, i) => `${i === 0 ? '' : indent}${String(i + 1).padStart(width)}) ${pretty(item, `${indent}${' '.repeat(width + 2)}`)}`).join('');
}

const quote = (text: string): string =>
  `"${text.replace(/[\\"\n\r\t\x07\b]|[^\x20-\x7e]/g, (c) => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x07': '\\a', '\b': '\\b' })[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

function raw(reply: Reply): string {
  if (reply === null) return '';
  if (typeof reply === 'number' || typeof reply === 'string') return String(reply);
  if (reply instanceof Status) return reply.text;
  if (reply instanceof Failure) return `${reply.text}\n`;
  return reply.map(raw).join('\n');
}

class Cli {
  private connection: Connection | undefined;
  private reader: ByteReader | undefined;
  private inTransaction = false;

  constructor(private readonly system: System, private readonly options: CliOptions) {}

  private get where(): string {
    return `${this.options.host}:${this.options.port}`;
  }

  /** False, and said so, when there is no connection to be had. */
  private *connect(): Task<boolean> {
    const { system, options } = this;
    const [address] = yield* lookUpHost(system, options.host);
    let problem = 'Name or service not known';
    if (address !== undefined) {
      try {
        this.connection = yield* system.network.connect({ address, port: options.port });
        this.reader = new ByteReader(this.connection);
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        problem = { ECONNREFUSED: 'Connection refused', ETIMEDOUT: 'Connection timed out', EHOSTUNREACH: 'No route to host', ENETUNREACH: 'Network is unreachable' }[error.code as string] ?? 'Connection reset by peer';
      }
    }
    if (!this.connection) {
      yield* system.stderr.write(`Could not connect to Redis at ${this.where}: ${problem}\n`);
      return false;
    }
    if (options.password !== undefined) {
      const reply = yield* this.ask(options.user === undefined ? ['AUTH', options.password] : ['AUTH', options.user, options.password]);
      if (reply instanceof Failure) yield* system.stderr.write(`AUTH failed: ${reply.text}\n`);
    }
    if (options.database !== 0) {
      const reply = yield* this.ask(['SELECT', String(options.database)]);
      if (reply instanceof Failure) yield* system.stderr.write(`SELECT ${options.database} failed: ${reply.text}\n`);
    }
    return true;
  }

  private *ask(words: readonly string[]): Task<Reply | undefined> {
    const { connection, reader } = this;
    if (!connection || !reader) return undefined;
    try {
      yield* connection.write(encodeCommand(words));
      return yield* readReply(reader);
    } catch (error) {
      if (error instanceof NetworkError || error instanceof HttpError) return undefined;
      throw error;
    }
  }

  private *print(reply: Reply): Task {
    const text = this.options.raw ? `${raw(reply)}\n` : pretty(reply);
    yield* this.system.stdout.write(toBytes(text));
  }

  /** The exit code of one command. */
  private *run(words: readonly string[]): Task<number> {
    const { system, options } = this;
    const name = (words[0] ?? '').toLowerCase();
    if (!this.connection && !(yield* this.connect())) return 1;
    const reply = yield* this.ask(words);
    if (reply === undefined) {
      this.connection?.close();
      this.connection = undefined;
      if (name === 'shutdown' || name === 'quit') return 0;
      yield* system.stderr.write('Error: Server closed the connection\n');
      return 1;
    }
    if (name === 'select' && reply instanceof Status) options.database = Number(words[1]);
    if (name === 'multi' && reply instanceof Status) this.inTransaction = true;
    if (name === 'exec' || name === 'discard') this.inTransaction = false;
    yield* this.print(reply);
    if (['subscribe', 'psubscribe', 'monitor'].includes(name)) {
      if (!options.raw) yield* system.stdout.write('Reading messages... (press Ctrl-C to quit)\n');
      while (this.reader) {
        const message = yield* readReply(this.reader);
        if (message === undefined) return 1;
        yield* this.print(message);
      }
    }
    return reply instanceof Failure && options.errorExit ? 1 : 0;
  }

  *main(): Task<number> {
    const { options, system } = this;
    if (options.command.length === 0 && !system.stdin.isTerminal) return yield* this.batch();
    if (options.command.length === 0) return yield* this.interactive();
    let words = options.command;
    if (options.stdin) words = [...words, (yield* this.input()).replace(/\n$/, '')];
    let code = 0;
    for (let i = 0; options.repeat < 0 || i < options.repeat; i++) {
      code = yield* this.run(words);
      if (code !== 0) break;
      if (options.interval > 0) yield* system.sleep(options.interval);
    }
    this.connection?.close();
    return code;
  }

  private *input(): Task<string> {
    let text = '';
    for (let part = yield* this.system.stdin.read(); part; part = yield* this.system.stdin.read()) text += utf8Decode(part);
    return text;
  }

  /** Commands from standard input, one a line. */
  private *batch(): Task<number> {
    let code = 0;
    let pending = '';
    for (let part = yield* this.system.stdin.read(); ; part = yield* this.system.stdin.read()) {
      if (part) pending += utf8Decode(part);
      const lines = pending.split('\n');
      pending = part ? (lines.pop() ?? '') : '';
      for (const line of lines) {
        const words = splitWords(line);
        if (words && words.length > 0) code = yield* this.run(words);
        else if (!words) yield* this.system.stdout.write('Invalid argument(s)\n');
      }
      if (!part) return code;
    }
  }

  private *interactive(): Task<number> {
    const { system, options } = this;
    yield* this.connect();
    let pending = '';
    for (;;) {
      const number = options.database === 0 ? '' : `[${options.database}]`;
      yield* system.stdout.write(this.connection ? `${this.where}${number}${this.inTransaction ? '(TX)' : ''}> ` : 'not connected> ');
      while (!pending.includes('\n')) {
        const part = yield* system.stdin.read();
        if (!part) return 0;
        pending += utf8Decode(part);
      }
      const line = pending.slice(0, pending.indexOf('\n'));
      pending = pending.slice(line.length + 1);
      const words = splitWords(line);
      if (!words) yield* system.stdout.write('Invalid argument(s)\n');
      else if (['exit', 'quit'].includes((words[0] ?? '').toLowerCase())) return 0;
      else if ((words[0] ?? '').toLowerCase() === 'clear') yield* system.stdout.write('\x1b[H\x1b[2J');
      else if (words.length > 0) yield* this.run(words);
    }
  }
}

/** /usr/bin/redis-cli. */
export const redisCli: Program = function* (system) {
  if (system.argv.includes('--version') || system.argv[1] === '-v') {
    yield* system.stdout.write('redis-cli 7.0.15\n');
    return 0;
  }
  if (system.argv[1] === '--help') {
    yield* system.stdout.write(usage);
    return 0;
  }
  const options = parse(system);
  if (typeof options === 'string') {
    yield* system.stderr.write(`Unrecognized option or bad number of args for: '${options}'\n`);
    return 1;
  }
  if (options.password !== undefined && !options.quietAuth) yield* system.stderr.write("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n");
  return yield* new Cli(system, options).main();
};
