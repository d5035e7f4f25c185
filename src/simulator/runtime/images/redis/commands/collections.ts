import { type Call, type Commands, float, integer, ok, syntaxError, typed } from '../command';
import { Failure, type Reply } from '../resp';
import type { Database } from '../store';

const listAt = (database: Database, key: string): string[] | undefined => typed(database.get(key), 'list')?.items;
const hashAt = (database: Database, key: string): Map<string, string> | undefined => typed(database.get(key), 'hash')?.fields;
const setAt = (database: Database, key: string): Set<string> | undefined => typed(database.get(key), 'set')?.members;

function makeList(database: Database, key: string): string[] {
  const items = listAt(database, key) ?? [];
  if (!database.get(key)) database.set(key, { type: 'list', items });
  return items;
}

function makeHash(database: Database, key: string): Map<string, string> {
  const fields = hashAt(database, key) ?? new Map<string, string>();
  if (!database.get(key)) database.set(key, { type: 'hash', fields });
  return fields;
}

function makeSet(database: Database, key: string): Set<string> {
  const members = setAt(database, key) ?? new Set<string>();
  if (!database.get(key)) database.set(key, { type: 'set', members });
  return members;
}

/** Positions that may count from the end, cut to what is there. */
export function slice<T>(items: readonly T[], from: number, to: number): T[] {
  const start = Math.max(0, from < 0 ? items.length + from : from);
  const end = to < 0 ? items.length + to : to;
  return start > end ? [] : items.slice(start, end + 1);
}

function push(side: 'left' | 'right', onlyExisting = false) {
  return ({ database, server, args: [key = '', ...values] }: Call): Reply => {
    if (onlyExisting && !database.get(key)) return 0;
    const items = makeList(database, key);
    for (const value of values) if (side === 'left') items.unshift(value);
    else items.push(value);
    server.changed(key);
    return items.length;
  };
}

function pop(side: 'left' | 'right') {
  return ({ database, args: [key = '', count] }: Call): Reply => {
    const items = listAt(database, key);
    if (count === undefined) {
      const value = side === 'left' ? items?.shift() : items?.pop();
      if (items?.length === 0) database.delete(key);
      return value ?? null;
    }
    if (!items) return null;
    const wanted = integer(count);
    const taken = side === 'left' ? items.splice(0, wanted) : items.splice(Math.max(0, items.length - wanted)).reverse();
    if (items.length === 0) database.delete(key);
    return taken;
  };
}

function* blockingPop({ database, server, client, args }: Call, side: 'left' | 'right') {
  const keys = args.slice(0, -1);
  const limit = float(args.at(-1));
  const until = limit === 0 ? undefined : server.now + limit * 1_000_000;
  for (;;) {
    for (const key of keys) {
      const items = listAt(database, key);
      const value = side === 'left' ? items?.shift() : items?.pop();
      if (value === undefined) continue;
      if (items?.length === 0) database.delete(key);
      return [key, value] as Reply;
    }
    if (client.inTransaction || (until !== undefined && server.now >= until)) return null as Reply;
    yield* server.waitForChange(until);
  }
}

const listCommands: Commands = {
  lpush: { arity: -3, write: true, run: push('left') },
  rpush: { arity: -3, write: true, run: push('right') },
  lpushx: { arity: -3, write: true, run: push('left', true) },
  rpushx: { arity: -3, write: true, run: push('right', true) },
  lpop: { arity: -2, write: true, run: pop('left') },
  rpop: { arity: -2, write: true, run: pop('right') },
  blpop: { arity: -3, write: true, run: (call) => blockingPop(call, 'left') },
  brpop: { arity: -3, write: true, run: (call) => blockingPop(call, 'right') },
  llen: { arity: 2, run: ({ database, args: [key = ''] }) => listAt(database, key)?.length ?? 0 },
  lrange: { arity: 4, run: ({ database, args: [key = '', from, to] }) => slice(listAt(database, key) ?? [], integer(from), integer(to)) },
  lindex: { arity: 3, run: ({ database, args: [key = '', at] }) => listAt(database, key)?.at(integer(at)) ?? null },
  lset: { arity: 4, write: true, run: ({ database, args: [key = '', at, value = ''] }) => {
    const items = listAt(database, key);
    if (!items) return new Failure('ERR no such key');
    const index = integer(at) < 0 ? items.length + integer(at) : integer(at);
    if (index < 0 || index >= items.length) return new Failure('ERR index out of range');
    items[index] = value;
    return ok;
  } },
  lrem: { arity: 4, write: true, run: ({ database, args: [key = '', count, value] }) => {
    const items = listAt(database, key);
    if (!items) return 0;
    const wanted = integer(count);
    let left = wanted === 0 ? Infinity : Math.abs(wanted);
    let removed = 0;
    for (let n = 0; n < items.length + removed && left > 0; ) {
      const i = wanted < 0 ? items.lastIndexOf(value ?? '') : items.indexOf(value ?? '');
      if (i < 0) break;
      items.splice(i, 1);
      removed += 1;
      left -= 1;
    }
    if (items.length === 0) database.delete(key);
    return removed;
  } },
  ltrim: { arity: 4, write: true, run: ({ database, args: [key = '', from, to] }) => {
    const items = listAt(database, key);
    if (!items) return ok;
    items.splice(0, items.length, ...slice(items, integer(from), integer(to)));
    if (items.length === 0) database.delete(key);
    return ok;
  } },
  rpoplpush: { arity: 3, write: true, run: ({ database, server, args: [from = '', to = ''] }) => {
    const items = listAt(database, from);
    const value = items?.pop();
    if (value === undefined) return null;
    if (items?.length === 0) database.delete(from);
    makeList(database, to).unshift(value);
    server.changed(to);
    return value;
  } },
};

const hashCommands: Commands = {
  hset: { arity: -4, write: true, run: ({ database, args: [key = '', ...pairs] }) => {
    if (pairs.length % 2 !== 0) return new Failure("ERR wrong number of arguments for 'hset' command");
    const fields = makeHash(database, key);
    let added = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      if (!fields.has(pairs[i] as string)) added += 1;
      fields.set(pairs[i] as string, pairs[i + 1] as string);
    }
    return added;
  } },
  hsetnx: { arity: 4, write: true, run: ({ database, args: [key = '', field = '', value = ''] }) => {
    const fields = makeHash(database, key);
    if (fields.has(field)) return 0;
    fields.set(field, value);
    return 1;
  } },
  hget: { arity: 3, run: ({ database, args: [key = '', field = ''] }) => hashAt(database, key)?.get(field) ?? null },
  hmget: { arity: -3, run: ({ database, args: [key = '', ...fields] }) => fields.map((field) => hashAt(database, key)?.get(field) ?? null) },
  hgetall: { arity: 2, run: ({ database, args: [key = ''] }) => [...(hashAt(database, key) ?? [])].flat() },
  hkeys: { arity: 2, run: ({ database, args: [key = ''] }) => [...(hashAt(database, key)?.keys() ?? [])] },
  hvals: { arity: 2, run: ({ database, args: [key = ''] }) => [...(hashAt(database, key)?.values() ?? [])] },
  hlen: { arity: 2, run: ({ database, args: [key = ''] }) => hashAt(database, key)?.size ?? 0 },
  hexists: { arity: 3, run: ({ database, args: [key = '', field = ''] }) => Number(hashAt(database, key)?.has(field) ?? false) },
  hstrlen: { arity: 3, run: ({ database, args: [key = '', field = ''] }) => hashAt(database, key)?.get(field)?.length ?? 0 },
  hdel: { arity: -3, write: true, run: ({ database, args: [key = '', ...names] }) => {
    const fields = hashAt(database, key);
    const removed = names.filter((name) => fields?.delete(name)).length;
    if (fields?.size === 0) database.delete(key);
    return removed;
  } },
  hincrby: { arity: 4, write: true, run: ({ database, args: [key = '', field = '', by] }) => {
    const amount = integer(by);
    const fields = makeHash(database, key);
    const before = fields.get(field) ?? '0';
    if (!/^-?\d+$/.test(before)) return new Failure('ERR hash value is not an integer');
    fields.set(field, String(Number(before) + amount));
    return Number(before) + amount;
  } },
};

const combine = (call: Call, keys: readonly string[], how: 'inter' | 'union' | 'diff'): string[] => {
  const sets = keys.map((key) => setAt(call.database, key) ?? new Set<string>());
  if (how === 'union') return [...new Set(sets.flatMap((one) => [...one]))];
  const [first = new Set<string>(), ...rest] = sets;
  return [...first].filter((member) => (how === 'inter' ? rest.every((one) => one.has(member)) : !rest.some((one) => one.has(member))));
};

function storeSet(how: 'inter' | 'union' | 'diff') {
  return (call: Call): Reply => {
    const [to = '', ...keys] = call.args;
    const members = combine(call, keys, how);
    call.database.delete(to);
    if (members.length > 0) call.database.set(to, { type: 'set', members: new Set(members) });
    return members.length;
  };
}

const setCommands: Commands = {
  sadd: { arity: -3, write: true, run: ({ database, args: [key = '', ...values] }) => {
    const members = makeSet(database, key);
    const before = members.size;
    for (const value of values) members.add(value);
    return members.size - before;
  } },
  srem: { arity: -3, write: true, run: ({ database, args: [key = '', ...values] }) => {
    const members = setAt(database, key);
    const removed = values.filter((value) => members?.delete(value)).length;
    if (members?.size === 0) database.delete(key);
    return removed;
  } },
  smembers: { arity: 2, run: ({ database, args: [key = ''] }) => [...(setAt(database, key) ?? [])] },
  sismember: { arity: 3, run: ({ database, args: [key = '', value = ''] }) => Number(setAt(database, key)?.has(value) ?? false) },
  smismember: { arity: -3, run: ({ database, args: [key = '', ...values] }) => values.map((value) => Number(setAt(database, key)?.has(value) ?? false)) },
  scard: { arity: 2, run: ({ database, args: [key = ''] }) => setAt(database, key)?.size ?? 0 },
  spop: { arity: -2, write: true, run: ({ database, server, args: [key = '', count] }) => {
    const members = setAt(database, key);
    const taken: string[] = [];
    for (let left = count === undefined ? 1 : integer(count); left > 0 && members && members.size > 0; left--) {
      const value = server.system.random.pick([...members]);
      members.delete(value);
      taken.push(value);
    }
    if (members?.size === 0) database.delete(key);
    return count === undefined ? (taken[0] ?? null) : taken;
  } },
  srandmember: { arity: -2, run: ({ database, server, args: [key = '', count] }) => {
    const members = [...(setAt(database, key) ?? [])];
    if (count === undefined) return members.length === 0 ? null : server.system.random.pick(members);
    const wanted = integer(count);
    if (wanted < 0) return members.length === 0 ? [] : Array.from({ length: -wanted }, () => server.system.random.pick(members));
    return members.slice(0, wanted);
  } },
  smove: { arity: 4, write: true, run: ({ database, args: [from = '', to = '', value = ''] }) => {
    if (!setAt(database, from)?.delete(value)) return 0;
    if (setAt(database, from)?.size === 0) database.delete(from);
    makeSet(database, to).add(value);
    return 1;
  } },
  sinter: { arity: -2, run: (call) => combine(call, call.args, 'inter') },
  sunion: { arity: -2, run: (call) => combine(call, call.args, 'union') },
  sdiff: { arity: -2, run: (call) => combine(call, call.args, 'diff') },
  sinterstore: { arity: -3, write: true, run: storeSet('inter') },
  sunionstore: { arity: -3, write: true, run: storeSet('union') },
  sdiffstore: { arity: -3, write: true, run: storeSet('diff') },
  lpos: { arity: -3, run: ({ database, args: [key = '', value = '', ...more] }) => {
    if (more.length > 0) return syntaxError;
    const index = listAt(database, key)?.indexOf(value) ?? -1;
    return index < 0 ? null : index;
  } },
};

/** Commands on lists, hashes and sets. */
export const collectionCommands: Commands = { ...listCommands, ...hashCommands, ...setCommands };
