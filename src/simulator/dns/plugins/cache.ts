import { seconds, type Time } from '../../kernel';
import type { DnsRecord } from '../../network';
import type { Directive } from '../corefile';
import { type Handler, isWithin, type Reply, type ServerContext } from '../plugin';

interface Kept {
  readonly reply: Reply;
  readonly at: Time;
  readonly until: Time;
}

const capacity = 9984;
const smallestTtl = 5;

/** `cache [TTL] [ZONES…] { success CAPACITY [TTL]  denial CAPACITY [TTL]  disable success|denial [ZONES…] }`: answers again what was answered, with less time to live. */
export function cachePlugin({ args, block }: Directive, context: ServerContext): Handler {
  const numeric = args[0] !== undefined && /^\d+$/.test(args[0]);
  const zones = (numeric ? args.slice(1) : args).map((zone) => zone.replace(/\.$/, ''));
  const limit = numeric ? Number(args[0]) : undefined;
  const find = (name: string) => block.find((line) => line.name === name)?.args;
  const limits = { success: Number(find('success')?.[1] ?? limit ?? 3600), denial: Number(find('denial')?.[1] ?? limit ?? 1800) };
  const disabled = block.filter((line) => line.name === 'disable').map((line) => ({ kind: line.args[0], zones: line.args.slice(1).map((zone) => zone.replace(/\.$/, '')) }));
  const kept = new Map<string, Kept>();
  const isDisabled = (kind: 'success' | 'denial', name: string) =>
    disabled.some((one) => one.kind === kind && (one.zones.length === 0 ? context.zones : one.zones).some((zone) => isWithin(name, zone)));
  return function* (query, next) {
    const { name, type } = query.question;
    if (!(zones.length > 0 ? zones : context.zones).some((zone) => isWithin(name, zone))) return yield* next(query);
    const key = `${name} ${type}`;
    const { now } = context.system;
    const hit = kept.get(key);
    if (hit && hit.until > now) return aged(hit.reply, Math.floor((now - hit.at) / 1_000_000));
    if (hit) kept.delete(key);
    const reply = yield* next(query);
    if (!reply || (reply.code !== 'NOERROR' && reply.code !== 'NXDOMAIN')) return reply;
    const kind = reply.code === 'NOERROR' && reply.answers.length > 0 ? 'success' : 'denial';
    if (isDisabled(kind, name)) return reply;
    const records = kind === 'success' ? reply.answers : reply.authority;
    const shortest = records.reduce((least, { ttl }) => Math.min(least, ttl), limits[kind]);
    const ttl = Math.max(records.length === 0 ? smallestTtl : shortest, Math.min(smallestTtl, limits[kind]));
    if (kept.size >= capacity) kept.clear();
    kept.set(key, { reply, at: context.system.now, until: context.system.now + seconds(ttl) });
    return reply;
  };
}

function aged(reply: Reply, by: number): Reply {
  const older = (records: readonly DnsRecord[]) => records.map((record) => ({ ...record, ttl: Math.max(0, record.ttl - by) }));
  return { ...reply, answers: older(reply.answers), authority: older(reply.authority), additional: older(reply.additional) };
}
