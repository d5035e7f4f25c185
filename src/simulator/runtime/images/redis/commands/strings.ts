import { type Call, type Commands, CommandError, float, integer, ok, syntaxError, typed } from '../command';
import { Failure, type Reply } from '../resp';
import type { Database } from '../store';

const textOf = (database: Database, key: string): string | undefined => typed(database.get(key), 'string')?.text;

function read({ database }: Call, key: string): string | null {
  return typed(database.lookUp(key), 'string')?.text ?? null;
}

function put(database: Database, key: string, text: string): void {
  const entry = database.get(key);
  if (entry?.value.type === 'string') entry.value.text = text;
  else database.set(key, { type: 'string', text });
}

function add({ database }: Call, key: string, by: number): Reply {
  const next = integer(textOf(database, key) ?? '0') + by;
  if (!Number.isSafeInteger(next)) return new Failure('ERR increment or decrement would overflow');
  put(database, key, String(next));
  return next;
}

function set(call: Call): Reply {
  const { database, server, args } = call;
  const [key = '', text = ''] = args;
  let expiresAt: number | undefined;
  let condition: 'NX' | 'XX' | undefined;
  let get = false;
  let keep = false;
  for (let i = 2; i < args.length; i++) {
    const word = (args[i] ?? '').toUpperCase();
    if (word === 'NX' || word === 'XX') condition = word;
    else if (word === 'GET') get = true;
    else if (word === 'KEEPTTL') keep = true;
    else if (['EX', 'PX', 'EXAT', 'PXAT'].includes(word) && i + 1 < args.length) {
      const amount = integer(args[++i]);
      if (amount <= 0) return new Failure("ERR invalid expire time in 'set' command");
      expiresAt = word === 'EX' ? server.now + amount * 1_000_000 : word === 'PX' ? server.now + amount * 1000 : amount * (word === 'EXAT' ? 1_000_000 : 1000);
    } else return syntaxError;
  }
  const before = database.get(key);
  const old = get ? (typed(before, 'string')?.text ?? null) : undefined;
  if ((condition === 'NX' && before) || (condition === 'XX' && !before)) return old ?? null;
  database.set(key, { type: 'string', text }, keep ? before?.expiresAt : expiresAt);
  return old === undefined ? ok : old;
}

function expiring(unit: number, name: string) {
  return ({ database, server, args }: Call): Reply => {
    const amount = integer(args[1]);
    if (amount <= 0) return new Failure(`ERR invalid expire time in '${name}' command`);
    database.set(args[0] ?? '', { type: 'string', text: args[2] ?? '' }, server.now + amount * unit);
    return ok;
  };
}

function range(text: string, from: number, to: number): string {
  const start = Math.max(0, from < 0 ? text.length + from : from);
  const end = to < 0 ? text.length + to : to;
  return start > end ? '' : text.slice(start, end + 1);
}

/** Commands on strings. */
export const stringCommands: Commands = {
  get: { arity: 2, run: (call) => read(call, call.args[0] ?? '') },
  set: { arity: -3, write: true, run: set },
  setnx: { arity: 3, write: true, run: ({ database, args: [key = '', text = ''] }) => (database.get(key) ? 0 : (database.set(key, { type: 'string', text }), 1)) },
  setex: { arity: 4, write: true, run: expiring(1_000_000, 'setex') },
  psetex: { arity: 4, write: true, run: expiring(1000, 'psetex') },
  getset: { arity: 3, write: true, run: (call) => {
    const old = read(call, call.args[0] ?? '');
    call.database.set(call.args[0] ?? '', { type: 'string', text: call.args[1] ?? '' });
    return old;
  } },
  getdel: { arity: 2, write: true, run: (call) => {
    const old = read(call, call.args[0] ?? '');
    call.database.delete(call.args[0] ?? '');
    return old;
  } },
  getex: { arity: -2, write: true, run: (call) => {
    const entry = call.database.lookUp(call.args[0] ?? '');
    const unit = (call.args[1] ?? '').toUpperCase();
    if (entry && unit === 'PERSIST') entry.expiresAt = undefined;
    else if (entry && unit !== '') entry.expiresAt = call.server.now + integer(call.args[2]) * (unit === 'EX' ? 1_000_000 : 1000);
    return typed(entry, 'string')?.text ?? null;
  } },
  mget: { arity: -2, run: ({ database, args }) => args.map((key) => {
    const entry = database.lookUp(key);
    return entry?.value.type === 'string' ? entry.value.text : null;
  }) },
  mset: { arity: -3, write: true, run: ({ database, args }) => {
    if (args.length % 2 !== 0) return new Failure("ERR wrong number of arguments for 'mset' command");
    for (let i = 0; i < args.length; i += 2) database.set(args[i] as string, { type: 'string', text: args[i + 1] as string });
    return ok;
  } },
  msetnx: { arity: -3, write: true, run: ({ database, args }) => {
    for (let i = 0; i < args.length; i += 2) if (database.get(args[i] as string)) return 0;
    for (let i = 0; i < args.length; i += 2) database.set(args[i] as string, { type: 'string', text: args[i + 1] ?? '' });
    return 1;
  } },
  incr: { arity: 2, write: true, run: (call) => add(call, call.args[0] ?? '', 1) },
  decr: { arity: 2, write: true, run: (call) => add(call, call.args[0] ?? '', -1) },
  incrby: { arity: 3, write: true, run: (call) => add(call, call.args[0] ?? '', integer(call.args[1])) },
  decrby: { arity: 3, write: true, run: (call) => add(call, call.args[0] ?? '', -integer(call.args[1])) },
  incrbyfloat: { arity: 3, write: true, run: ({ database, args: [key = '', by] }) => {
    const next = String(Number((float(textOf(database, key) ?? '0') + float(by)).toPrecision(17)));
    put(database, key, next);
    return next;
  } },
  append: { arity: 3, write: true, run: ({ database, args: [key = '', more = ''] }) => {
    const next = (textOf(database, key) ?? '') + more;
    put(database, key, next);
    return next.length;
  } },
  strlen: { arity: 2, run: ({ database, args: [key = ''] }) => textOf(database, key)?.length ?? 0 },
  getrange: { arity: 4, run: ({ database, args: [key = '', from, to] }) => range(textOf(database, key) ?? '', integer(from), integer(to)) },
  setrange: { arity: 4, write: true, run: ({ database, args: [key = '', at, text = ''] }) => {
    const offset = integer(at);
    if (offset < 0) throw new CommandError(new Failure('ERR offset is out of range'));
    const before = (textOf(database, key) ?? '').padEnd(offset, '\0');
    const next = before.slice(0, offset) + text + before.slice(offset + text.length);
    if (next !== '') put(database, key, next);
    return next.length;
  } },
};
