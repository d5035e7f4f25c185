import { type Call, type Commands, CommandError, float, formatScore, integer, syntaxError, typed } from '../command';
import { Failure, type Reply } from '../resp';
import type { Database } from '../store';
import { slice } from './collections';

const scoresAt = (database: Database, key: string): Map<string, number> | undefined => typed(database.get(key), 'zset')?.scores;

function makeScores(database: Database, key: string): Map<string, number> {
  const scores = scoresAt(database, key) ?? new Map<string, number>();
  if (!database.get(key)) database.set(key, { type: 'zset', scores });
  return scores;
}

const sorted = (scores: Map<string, number> | undefined): (readonly [string, number])[] => [...(scores ?? [])].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));

function add({ database, args: [key = '', ...rest] }: Call): Reply {
  const flags = new Set<string>();
  let i = 0;
  while (['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'].includes((rest[i] ?? '').toUpperCase())) flags.add((rest[i++] as string).toUpperCase());
  const pairs = rest.slice(i);
  if (pairs.length === 0 || pairs.length % 2 !== 0) return syntaxError;
  const wanted: (readonly [string, number])[] = [];
  for (let j = 0; j < pairs.length; j += 2) wanted.push([pairs[j + 1] as string, float(pairs[j])]);
  const scores = makeScores(database, key);
  let added = 0;
  let changed = 0;
  let last: number | null = null;
  for (const [member, score] of wanted) {
    const before = scores.get(member);
    const next = flags.has('INCR') ? (before ?? 0) + score : score;
    if ((flags.has('NX') && before !== undefined) || (flags.has('XX') && before === undefined) || (before !== undefined && ((flags.has('GT') && next <= before) || (flags.has('LT') && next >= before)))) continue;
    if (before === undefined) added += 1;
    if (before !== next) changed += 1;
    scores.set(member, next);
    last = next;
  }
  if (scores.size === 0) database.delete(key);
  if (flags.has('INCR')) return last === null ? null : formatScore(last);
  return flags.has('CH') ? changed : added;
}

const shown = (items: readonly (readonly [string, number])[], scores: boolean): Reply => items.flatMap(([member, score]) => (scores ? [member, formatScore(score)] : [member]));

function bound(text: string | undefined): { readonly value: number; readonly open: boolean } {
  const open = text?.startsWith('(') ?? false;
  try {
    return { value: float(open ? text?.slice(1) : text), open };
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(new Failure('ERR min or max is not a float'));
    throw error;
  }
}

function byScore(scores: Map<string, number> | undefined, low: string | undefined, high: string | undefined): (readonly [string, number])[] {
  const min = bound(low);
  const max = bound(high);
  return sorted(scores).filter(([, score]) => (min.open ? score > min.value : score >= min.value) && (max.open ? score < max.value : score <= max.value));
}

function range(reverse: boolean) {
  return ({ database, args: [key = '', from, to, ...more] }: Call): Reply => {
    const words = more.map((word) => word.toUpperCase());
    const rev = reverse || words.includes('REV');
    const scores = scoresAt(database, key);
    if (words.includes('BYSCORE')) {
      const items = rev ? byScore(scores, to, from).reverse() : byScore(scores, from, to);
      const limit = words.indexOf('LIMIT');
      return shown(limit < 0 ? items : items.slice(integer(more[limit + 1]), integer(more[limit + 1]) + integer(more[limit + 2])), words.includes('WITHSCORES'));
    }
    const items = sorted(scores);
    return shown(slice(rev ? items.reverse() : items, integer(from), integer(to)), words.includes('WITHSCORES'));
  };
}

function rangeByScore(reverse: boolean) {
  return ({ database, args: [key = '', first, second, ...more] }: Call): Reply => {
    const words = more.map((word) => word.toUpperCase());
    const scores = scoresAt(database, key);
    const items = reverse ? byScore(scores, second, first).reverse() : byScore(scores, first, second);
    const limit = words.indexOf('LIMIT');
    return shown(limit < 0 ? items : items.slice(integer(more[limit + 1]), integer(more[limit + 1]) + integer(more[limit + 2])), words.includes('WITHSCORES'));
  };
}

function pop(highest: boolean) {
  return ({ database, args: [key = '', count] }: Call): Reply => {
    const scores = scoresAt(database, key);
    const items = sorted(scores);
    const taken = (highest ? items.reverse() : items).slice(0, count === undefined ? 1 : integer(count));
    for (const [member] of taken) scores?.delete(member);
    if (scores?.size === 0) database.delete(key);
    return shown(taken, true);
  };
}

const rank = (reverse: boolean) => ({ database, args: [key = '', member] }: Call): Reply => {
  const items = sorted(scoresAt(database, key));
  const index = (reverse ? items.reverse() : items).findIndex(([one]) => one === member);
  return index < 0 ? null : index;
};

function removeAll(database: Database, key: string, members: readonly string[]): number {
  const scores = scoresAt(database, key);
  const removed = members.filter((member) => scores?.delete(member)).length;
  if (scores?.size === 0) database.delete(key);
  return removed;
}

/** Commands on sorted sets. */
export const sortedSetCommands: Commands = {
  zadd: { arity: -4, write: true, run: add },
  zincrby: { arity: 4, write: true, run: ({ database, args: [key = '', by, member = ''] }) => {
    const amount = float(by);
    const scores = makeScores(database, key);
    scores.set(member, (scores.get(member) ?? 0) + amount);
    return formatScore(scores.get(member) ?? 0);
  } },
  zscore: { arity: 3, run: ({ database, args: [key = '', member = ''] }) => {
    const score = scoresAt(database, key)?.get(member);
    return score === undefined ? null : formatScore(score);
  } },
  zcard: { arity: 2, run: ({ database, args: [key = ''] }) => scoresAt(database, key)?.size ?? 0 },
  zcount: { arity: 4, run: ({ database, args: [key = '', low, high] }) => byScore(scoresAt(database, key), low, high).length },
  zrange: { arity: -4, run: range(false) },
  zrevrange: { arity: -4, run: range(true) },
  zrangebyscore: { arity: -4, run: rangeByScore(false) },
  zrevrangebyscore: { arity: -4, run: rangeByScore(true) },
  zrank: { arity: 3, run: rank(false) },
  zrevrank: { arity: 3, run: rank(true) },
  zrem: { arity: -3, write: true, run: ({ database, args: [key = '', ...members] }) => removeAll(database, key, members) },
  zremrangebyscore: { arity: 4, write: true, run: ({ database, args: [key = '', low, high] }) => removeAll(database, key, byScore(scoresAt(database, key), low, high).map(([member]) => member)) },
  zremrangebyrank: { arity: 4, write: true, run: ({ database, args: [key = '', from, to] }) => removeAll(database, key, slice(sorted(scoresAt(database, key)), integer(from), integer(to)).map(([member]) => member)) },
  zpopmin: { arity: -2, write: true, run: pop(false) },
  zpopmax: { arity: -2, write: true, run: pop(true) },
};
