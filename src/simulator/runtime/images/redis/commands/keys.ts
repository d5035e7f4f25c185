import { type Call, type Commands, globPattern, integer, ok, syntaxError, typed } from '../command';
import { Failure, type Reply, Status } from '../resp';
import type { Value } from '../store';

const noSuchKey = new Failure('ERR no such key');

function expire(unit: number, absolute: boolean, name: string) {
  return ({ database, server, args: [key = '', amount, option] }: Call): Reply => {
    const at = (absolute ? 0 : server.now) + integer(amount) * unit;
    const entry = database.get(key);
    if (!entry) return 0;
    const before = entry.expiresAt;
    const flag = option?.toUpperCase();
    if (flag !== undefined && !['NX', 'XX', 'GT', 'LT'].includes(flag)) return new Failure(`ERR Unsupported option ${option}`);
    if ((flag === 'NX' && before !== undefined) || (flag === 'XX' && before === undefined) || (flag === 'GT' && (before === undefined || at <= before)) || (flag === 'LT' && before !== undefined && at >= before)) return 0;
    if (at <= server.now) database.delete(key);
    else entry.expiresAt = at;
    void name;
    return 1;
  };
}

function timeToLive(unit: number) {
  return ({ database, server, args: [key = ''] }: Call): Reply => {
    const entry = database.get(key);
    if (!entry) return -2;
    return entry.expiresAt === undefined ? -1 : Math.round((entry.expiresAt - server.now) / unit);
  };
}

function rename({ database, args: [from = '', to = ''] }: Call, onlyNew: boolean): Reply {
  const entry = database.get(from);
  if (!entry) return noSuchKey;
  if (onlyNew && database.get(to)) return 0;
  database.delete(from);
  database.set(to, entry.value, entry.expiresAt);
  return onlyNew ? 1 : ok;
}

function scanOptions(words: readonly string[]): { pattern: RegExp | undefined; count: number; type: string | undefined } | undefined {
  const out: { pattern: RegExp | undefined; count: number; type: string | undefined } = { pattern: undefined, count: 10, type: undefined };
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i]?.toUpperCase();
    const value = words[i + 1];
    if (value === undefined) return undefined;
    if (word === 'MATCH') out.pattern = globPattern(value);
    else if (word === 'COUNT') out.count = integer(value);
    else if (word === 'TYPE') out.type = value.toLowerCase();
    else return undefined;
  }
  return out;
}

function scan({ database, args: [cursor, ...words] }: Call): Reply {
  const options = scanOptions(words);
  if (!options) return syntaxError;
  const from = integer(cursor);
  const keys = database.keys();
  const part = keys.slice(from, from + options.count).filter((key) => (!options.pattern || options.pattern.test(key)) && (options.type === undefined || database.get(key)?.value.type === options.type));
  return [from + options.count >= keys.length ? '0' : String(from + options.count), part];
}

function scanInside(type: 'hash' | 'set' | 'zset') {
  return ({ database, args: [key = '', cursor, ...words] }: Call): Reply => {
    integer(cursor);
    const options = scanOptions(words);
    if (!options) return syntaxError;
    const value: Value | undefined = typed(database.get(key), type);
    const matches = (name: string) => !options.pattern || options.pattern.test(name);
    if (!value) return ['0', []];
    if (value.type === 'hash') return ['0', [...value.fields].filter(([field]) => matches(field)).flat()];
    if (value.type === 'set') return ['0', [...value.members].filter(matches)];
    return ['0', value.type === 'zset' ? [...value.scores].filter(([member]) => matches(member)).flatMap(([member, score]) => [member, String(score)]) : []];
  };
}

function encodingOf(value: Value): string {
  if (value.type === 'string') return /^-?(0|[1-9]\d{0,18})$/.test(value.text) ? 'int' : value.text.length <= 44 ? 'embstr' : 'raw';
  if (value.type === 'list') return value.items.length <= 128 ? 'listpack' : 'quicklist';
  if (value.type === 'set') return [...value.members].every((member) => /^-?\d+$/.test(member)) && value.members.size <= 512 ? 'intset' : 'hashtable';
  if (value.type === 'hash') return value.fields.size <= 128 ? 'listpack' : 'hashtable';
  return value.scores.size <= 128 ? 'listpack' : 'skiplist';
}

/** Commands on keys of any type. */
export const keyCommands: Commands = {
  del: { arity: -2, write: true, run: ({ database, args }) => args.filter((key) => database.delete(key)).length },
  unlink: { arity: -2, write: true, run: ({ database, args }) => args.filter((key) => database.delete(key)).length },
  exists: { arity: -2, run: ({ database, args }) => args.filter((key) => database.lookUp(key)).length },
  touch: { arity: -2, run: ({ database, args }) => args.filter((key) => database.lookUp(key)).length },
  type: { arity: 2, run: ({ database, args: [key = ''] }) => new Status(database.get(key)?.value.type ?? 'none') },
  keys: { arity: 2, run: ({ database, args: [pattern = ''] }) => {
    const test = globPattern(pattern);
    return database.keys().filter((key) => test.test(key));
  } },
  scan: { arity: -2, run: scan },
  hscan: { arity: -3, run: scanInside('hash') },
  sscan: { arity: -3, run: scanInside('set') },
  zscan: { arity: -3, run: scanInside('zset') },
  expire: { arity: -3, write: true, run: expire(1_000_000, false, 'expire') },
  pexpire: { arity: -3, write: true, run: expire(1000, false, 'pexpire') },
  expireat: { arity: -3, write: true, run: expire(1_000_000, true, 'expireat') },
  pexpireat: { arity: -3, write: true, run: expire(1000, true, 'pexpireat') },
  ttl: { arity: 2, run: timeToLive(1_000_000) },
  pttl: { arity: 2, run: timeToLive(1000) },
  persist: { arity: 2, write: true, run: ({ database, args: [key = ''] }) => {
    const entry = database.get(key);
    if (entry?.expiresAt === undefined) return 0;
    entry.expiresAt = undefined;
    return 1;
  } },
  rename: { arity: 3, write: true, run: (call) => rename(call, false) },
  renamenx: { arity: 3, write: true, run: (call) => rename(call, true) },
  randomkey: { arity: 1, run: ({ database, server }) => (database.size === 0 ? null : server.system.random.pick(database.keys())) },
  dbsize: { arity: 1, run: ({ database }) => database.size },
  flushdb: { arity: -1, write: true, run: ({ database }) => (database.clear(), ok) },
  flushall: { arity: -1, write: true, run: ({ server }) => {
    for (const database of server.databases) database.clear();
    return ok;
  } },
  object: { arity: -2, run: ({ database, args: [what = '', key = ''] }) => {
    const entry = database.get(key);
    if (!entry) return null;
    if (what.toLowerCase() === 'encoding') return encodingOf(entry.value);
    return what.toLowerCase() === 'refcount' ? 1 : what.toLowerCase() === 'idletime' ? 0 : new Failure(`ERR unknown subcommand '${what}'. Try OBJECT HELP.`);
  } },
};
