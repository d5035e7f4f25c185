import { Channel, race, sleep, type Task, type Time } from '../../../kernel';
import { ByteReader, type Connection, HttpError, type Listener, NetworkError } from '../../../network';
import type { System } from '../../interface';
import { type Command, CommandError, type Commands } from './command';
import { collectionCommands } from './commands/collections';
import { connectionCommands } from './commands/connection';
import { keyCommands } from './commands/keys';
import { sortedSetCommands } from './commands/sorted-sets';
import { stringCommands } from './commands/strings';
import { encodeReply, Failure, type Reply, readCommand, Status, toBytes } from './resp';
import type { Settings } from './settings';
import { Database, type KeyCounters } from './store';

const commands = new Map<string, Command>(Object.entries({ ...stringCommands, ...collectionCommands, ...sortedSetCommands, ...keyCommands, ...connectionCommands } satisfies Commands));
const withoutAuthentication = ['auth', 'hello', 'quit', 'reset'];
const whileSubscribed = ['subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe', 'ping', 'quit', 'reset'];

/** One connection with its state. */
export class Client {
  name = '';
  database = 0;
  authenticated = false;
  quitting = false;
  lastAt: Time;
  lastCommand = '';
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  queue: (readonly string[])[] | undefined;
  queueBroken = false;
  watched: Map<string, number> | undefined;
  running = false;

  constructor(readonly id: number, readonly since: Time, private readonly connection: Pick<Connection, 'local' | 'remote' | 'close'> | undefined, private readonly out: (text: string) => void) {
    this.lastAt = since;
  }

  get address(): string {
    return this.connection ? `${this.connection.remote.address}:${this.connection.remote.port}` : '127.0.0.1:0';
  }

  get localAddress(): string {
    return this.connection ? `${this.connection.local.address}:${this.connection.local.port}` : '127.0.0.1:0';
  }

  get subscribed(): boolean {
    return this.channels.size + this.patterns.size > 0;
  }

  get inTransaction(): boolean {
    return this.running;
  }

  send(reply: Reply): void {
    this.out(encodeReply(reply));
  }

  reset(): void {
    this.queue = undefined;
    this.watched = undefined;
    this.channels.clear();
    this.patterns.clear();
    this.database = 0;
  }

  close(): void {
    this.connection?.close();
  }
}

/** The data, who is connected, and what is counted. */
export class Server {
  readonly databases: readonly Database[];
  readonly keyCounters: KeyCounters = { hits: 0, misses: 0, expired: 0 };
  statistics = this.noStatistics();
  readonly startedAt: Time;
  readonly runId: string;
  readonly replicationId: string;
  lastSave: Time;
  dirty = 0;
  blocked = 0;
  configFile = '';
  readonly commandCount = 240;
  readonly commandNames = [...commands.keys()];
  private readonly connected = new Set<Client>();
  private readonly changes = new Set<Channel<true>>();
  private nextId = 3;
  private versions = new Map<string, number>();

  constructor(readonly system: System, readonly settings: Settings, private readonly hooks: { save: () => boolean; shutDown: (why: string, save: boolean) => void; append: (database: number, args: readonly string[]) => void }) {
    this.databases = Array.from({ length: Number(settings.parameters.get('databases') ?? 16) }, () => new Database(() => system.now, this.keyCounters));
    this.startedAt = system.now;
    this.lastSave = system.now;
    this.runId = system.random.hex(40);
    this.replicationId = system.random.hex(40);
  }

  get now(): Time {
    return this.system.now;
  }

  get clients(): readonly Client[] {
    return [...this.connected];
  }

  resetStatistics(): void {
    this.statistics = this.noStatistics();
    Object.assign(this.keyCounters, { hits: 0, misses: 0, expired: 0 });
  }

  /** Wakes those who wait for a list. */
  changed(_key: string): void {
    for (const channel of this.changes) channel.send(true);
  }

  *waitForChange(until: Time | undefined): Task {
    const channel = new Channel<true>(1);
    this.changes.add(channel);
    this.blocked += 1;
    try {
      if (until === undefined) yield* channel.receive();
      else yield* race({ change: () => channel.receive(), late: () => sleep(Math.max(0, until - this.now)) });
    } finally {
      this.blocked -= 1;
      this.changes.delete(channel);
    }
  }

  save(): boolean {
    const saved = this.hooks.save();
    if (saved) {
      this.lastSave = this.now;
      this.dirty = 0;
      this.statistics.saves += 1;
    }
    return saved;
  }

  saveInBackground(): void {
    this.save();
  }

  shutDown(why: string, save: boolean): void {
    this.hooks.shutDown(why, save);
  }

  *serve(listener: Listener): Task {
    for (let connection = yield* listener.accept(); connection; connection = yield* listener.accept()) this.system.thread('client', this.serveClient(connection));
  }

  private *serveClient(connection: Connection): Task {
    const pending: string[] = [];
    const ready = new Channel<true>(1);
    const client = new Client(this.nextId++, this.now, connection, (text) => {
      pending.push(text);
      ready.send(true);
    });
    this.connected.add(client);
    this.statistics.connections += 1;
    const { system, statistics } = this;
    system.thread('replies', (function* (): Task {
      while (yield* ready.receive()) {
        const bytes = toBytes(pending.splice(0).join(''));
        statistics.output += bytes.length;
        statistics.writes += 1;
        try {
          yield* connection.write(bytes);
        } catch (error) {
          if (!(error instanceof NetworkError)) throw error;
          return;
        }
        if (client.quitting && pending.length === 0) return connection.close();
      }
    })());
    const reader = new ByteReader(connection);
    try {
      for (let args = yield* readCommand(reader); args && !client.quitting; args = yield* readCommand(reader)) {
        this.statistics.reads += 1;
        this.statistics.input += args.reduce((sum, arg) => sum + arg.length + 7, 5);
        const reply = yield* this.execute(client, args);
        if (reply !== undefined) client.send(reply);
        if (client.quitting) return;
      }
    } catch (error) {
      if (error instanceof HttpError && error.reason === 'malformed') {
        client.quitting = true;
        client.send(new Failure(`ERR Protocol error: ${error.message}`));
        return;
      }
      if (!(error instanceof HttpError) && !(error instanceof NetworkError)) throw error;
    } finally {
      this.connected.delete(client);
      ready.close();
      if (!client.quitting) connection.close();
    }
  }

  /** Undefined when the command answers by itself. */
  *execute(client: Client, words: readonly string[]): Task<Reply | undefined> {
    const name = (words[0] ?? '').toLowerCase();
    client.lastAt = this.now;
    client.lastCommand = words.length > 1 && ['client', 'config', 'command'].includes(name) ? `${name}|${(words[1] ?? '').toLowerCase()}` : name;
    const command = commands.get(name);
    const refusal = this.refusal(client, name, command, words);
    if (refusal) {
      if (client.queue) client.queueBroken = true;
      return this.counted(refusal);
    }
    if (name === 'multi' || name === 'exec' || name === 'discard' || name === 'watch' || name === 'unwatch') return this.counted(yield* this.transaction(client, name, words));
    if (client.queue) {
      client.queue.push(words);
      return new Status('QUEUED');
    }
    const reply = yield* this.run(client, command as Command, name, words);
    return ['subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'].includes(name) ? undefined : reply;
  }

  private refusal(client: Client, name: string, command: Command | undefined, words: readonly string[]): Failure | undefined {
    const transactional = ['multi', 'exec', 'discard', 'watch', 'unwatch'].includes(name);
    if (!command && !transactional) {
      const rest = words.slice(1).map((word) => `'${word.slice(0, 128)}' `).join('');
      return new Failure(`ERR unknown command '${(words[0] ?? '').slice(0, 128)}', with args beginning with: ${rest}`);
    }
    if (command && (command.arity > 0 ? words.length !== command.arity : words.length < -command.arity)) return new Failure(`ERR wrong number of arguments for '${name}' command`);
    if (this.settings.password !== '' && !client.authenticated && !withoutAuthentication.includes(name)) return new Failure('NOAUTH Authentication required.');
    if (client.subscribed && !whileSubscribed.includes(name)) return new Failure(`ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`);
    return undefined;
  }

  private *run(client: Client, command: Command, name: string, words: readonly string[]): Task<Reply> {
    const database = this.databases[client.database] as Database;
    this.statistics.commands += 1;
    const seen = this.statistics.calls.get(name) ?? { calls: 0, microseconds: 0 };
    this.statistics.calls.set(name, { calls: seen.calls + 1, microseconds: seen.microseconds + 3 });
    let reply: Reply;
    try {
      const outcome = command.run({ server: this, client, database, args: words.slice(1) });
      reply = isTask(outcome) ? yield* outcome : outcome;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      reply = error.failure;
    }
    if (command.write && !(reply instanceof Failure)) {
      this.dirty += 1;
      for (const word of words.slice(1)) this.versions.set(word, (this.versions.get(word) ?? 0) + 1);
      this.hooks.append(client.database, words);
    }
    return this.counted(reply);
  }

  private *transaction(client: Client, name: string, words: readonly string[]): Task<Reply> {
    if (name === 'multi') {
      if (client.queue) return new Failure('ERR MULTI calls can not be nested');
      client.queue = [];
      client.queueBroken = false;
      return new Status('OK');
    }
    if (name === 'watch') {
      if (client.queue) return new Failure('ERR WATCH inside MULTI is not allowed');
      client.watched ??= new Map();
      for (const key of words.slice(1)) client.watched.set(key, this.versions.get(key) ?? 0);
      return new Status('OK');
    }
    const { queue, watched } = client;
    if (name === 'unwatch') {
      client.watched = undefined;
      return new Status('OK');
    }
    if (!queue) return new Failure(`ERR ${name.toUpperCase()} without MULTI`);
    client.queue = undefined;
    client.watched = undefined;
    if (name === 'discard') return new Status('OK');
    if (client.queueBroken) return new Failure('EXECABORT Transaction discarded because of previous errors.');
    for (const [key, version] of watched ?? []) if ((this.versions.get(key) ?? 0) !== version) return null;
    const replies: Reply[] = [];
    client.running = true;
    for (const one of queue) replies.push(yield* this.run(client, commands.get((one[0] ?? '').toLowerCase()) as Command, (one[0] ?? '').toLowerCase(), one));
    client.running = false;
    return replies;
  }

  private counted(reply: Reply): Reply {
    if (reply instanceof Failure) {
      const kind = reply.text.split(' ')[0] ?? 'ERR';
      this.statistics.errors.set(kind, (this.statistics.errors.get(kind) ?? 0) + 1);
    }
    return reply;
  }

  private noStatistics() {
    return { connections: 0, commands: 0, input: 0, output: 0, reads: 0, writes: 0, saves: 0, loadedKeys: 0, peakMemory: 0, calls: new Map<string, { calls: number; microseconds: number }>(), errors: new Map<string, number>() };
  }
}

const isTask = (outcome: Reply | Task<Reply>): outcome is Task<Reply> => typeof outcome === 'object' && outcome !== null && 'next' in outcome;
