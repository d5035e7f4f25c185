import type { DnsRecord } from '../../network';
import { isIpAddress, reverseName } from '../../network';
import type { Directive } from '../corefile';
import { type Handler, isWithin, type Reply, type ServerContext } from '../plugin';

const authoritative = (code: Reply['code'], answers: readonly DnsRecord[] = []): Reply => ({ code, authoritative: true, answers, authority: [], additional: [] });

/** `hosts [FILE] { ADDRESS NAMES…  fallthrough  ttl N }`. */
export function hostsPlugin({ args, block }: Directive, context: ServerContext): Handler {
  const file = args.find((arg) => arg.startsWith('/'));
  const ttl = Number(block.find((line) => line.name === 'ttl')?.args[0] ?? 3600);
  const falls = block.some((line) => line.name === 'fallthrough');
  const inline = block.filter((line) => isIpAddress(line.name)).map((line) => [line.name, ...line.args]);
  const entries = () => {
    const lines = file !== undefined && context.system.files.exists(file) ? context.system.files.readText(file).split('\n') : [];
    return [...inline, ...lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/))];
  };
  return function* (query, next) {
    const { name, type } = query.question;
    const all = entries();
    const addresses = all.filter((entry) => entry.slice(1).some((host) => host.toLowerCase() === name)).map((entry) => entry[0] ?? '');
    if (addresses.length > 0) return authoritative('NOERROR', type === 'A' ? addresses.filter(isIpAddress).map((address) => ({ name, ttl, type: 'A', address })) : []);
    const reverse = type === 'PTR' ? all.find((entry) => reverseName(entry[0] ?? '') === name) : undefined;
    if (reverse) return authoritative('NOERROR', reverse.slice(1).map((target) => ({ name, ttl, type: 'PTR', target })));
    return falls ? yield* next(query) : authoritative('NXDOMAIN');
  };
}

/** `template CLASS TYPE [ZONE…] { match REGEX…  answer RR  rcode CODE  fallthrough }`, with A, AAAA-less and CNAME answers. */
export function templatePlugin({ args, block }: Directive, context: ServerContext): Handler {
  const wanted = args[1] ?? 'ANY';
  const zones = args.length > 2 ? args.slice(2).map((zone) => zone.replace(/\.$/, '').toLowerCase()) : context.zones;
  const patterns = block.filter((line) => line.name === 'match').flatMap((line) => line.args.map((text) => new RegExp(text, 'i')));
  const code = (block.find((line) => line.name === 'rcode')?.args[0] ?? 'NOERROR') as Reply['code'];
  const answers = block.filter((line) => line.name === 'answer').map((line) => line.args.join(' '));
  return function* (query, next) {
    const { name, type } = query.question;
    const matches = zones.some((zone) => isWithin(name, zone)) && (wanted === 'ANY' || wanted === type) && (patterns.length === 0 || patterns.some((pattern) => pattern.test(`${name}.`)));
    if (!matches) return yield* next(query);
    return authoritative(code, answers.flatMap((text) => record(text.replaceAll('{{ .Name }}', `${name}.`).replaceAll('{{.Name}}', `${name}.`))));
  };
}

function record(text: string): DnsRecord[] {
  const match = /^(\S+?)\.?\s+(?:(\d+)\s+)?(?:IN\s+)?(A|CNAME|TXT)\s+(.+)$/.exec(text.trim());
  if (!match) return [];
  const [, name = '', ttl = '3600', type, data = ''] = match;
  const base = { name, ttl: Number(ttl) };
  if (type === 'A') return [{ ...base, type, address: data }];
  return type === 'CNAME' ? [{ ...base, type, target: data.replace(/\.$/, '') }] : [{ ...base, type: 'TXT', texts: [data.replace(/^"|"$/g, '')] }];
}

/** `rewrite [stop|continue] name [exact|prefix|suffix|substring|regex] FROM TO`, `rewrite [type] type FROM TO`. The answer carries the name that was asked. */
export function rewritePlugin(directives: readonly Directive[]): Handler {
  const rules = directives.flatMap(({ args, block }) => (block.length > 0 ? block.filter(({ name }) => name === 'name').map((line) => ['name', ...line.args]) : [args]).map(parseRewrite));
  return function* (query, next) {
    let { name, type } = query.question;
    for (const rule of rules) {
      const changed = rule(name, type);
      if (!changed) continue;
      ({ name, type } = changed);
      if (changed.stop) break;
    }
    if (name === query.question.name && type === query.question.type) return yield* next(query);
    const reply = yield* next({ ...query, question: { name, type } });
    const asked = query.question.name;
    return reply && { ...reply, answers: reply.answers.map((one) => (one.name === name ? { ...one, name: asked } : one)) };
  };
}

type Rewrite = (name: string, type: string) => { readonly name: string; readonly type: string; readonly stop: boolean } | undefined;

function parseRewrite(args: readonly string[]): Rewrite {
  const stop = args[0] !== 'continue';
  const rest = args[0] === 'stop' || args[0] === 'continue' ? args.slice(1) : args;
  const clean = (text = '') => text.replace(/\.$/, '').toLowerCase();
  if (rest[0] === 'type') return (name, type) => (type === rest[1] ? { name, type: rest[2] ?? type, stop } : undefined);
  const kinds = ['exact', 'prefix', 'suffix', 'substring', 'regex'];
  const kind = kinds.includes(rest[1] ?? '') ? (rest[1] as string) : 'exact';
  const [from = '', to = ''] = kinds.includes(rest[1] ?? '') ? rest.slice(2) : rest.slice(1);
  return (name, type) => {
    const dotted = `${name}.`;
    let next: string | undefined;
    if (kind === 'exact' && name === clean(from)) next = clean(to);
    else if (kind === 'prefix' && name.startsWith(from)) next = to + name.slice(from.length);
    else if (kind === 'suffix' && (from.endsWith('.') ? dotted : name).endsWith(from)) next = clean((from.endsWith('.') ? dotted : name).slice(0, -from.length) + to);
    else if (kind === 'substring' && name.includes(from)) next = name.replace(from, to);
    else if (kind === 'regex') {
      const match = new RegExp(from).exec(dotted);
      if (match) next = clean(to.replace(/\{(\d+)\}/g, (_, n: string) => match[Number(n)] ?? ''));
    }
    return next === undefined ? undefined : { name: next, type, stop };
  };
}

/** Turns the order of addresses at random, so that clients spread. */
export const loadbalancePlugin = (context: ServerContext): Handler =>
  function* (query, next) {
    const reply = yield* next(query);
    if (!reply || reply.answers.length < 2) return reply;
    const fixed = reply.answers.filter(({ type }) => type !== 'A' && type !== 'AAAA');
    const turning = reply.answers.filter(({ type }) => type === 'A' || type === 'AAAA');
    for (let i = turning.length - 1; i > 0; i--) {
      const j = context.system.random.int(i + 1);
      [turning[i], turning[j]] = [turning[j] as DnsRecord, turning[i] as DnsRecord];
    }
    return { ...reply, answers: [...fixed, ...turning] };
  };

/** One line for each query. */
export const logPlugin = (context: ServerContext): Handler =>
  function* (query, next) {
    const start = context.system.now;
    const reply = yield* next(query);
    const flags = ['qr', ...(reply?.authoritative ? ['aa'] : []), ...(query.recursionDesired ? ['rd'] : []), ...(reply?.recursionAvailable ? ['ra'] : [])].join(',');
    const size = query.size + (reply?.answers.length ?? 0) * 16 + (reply?.authority.length ?? 0) * 93;
    const { question, remote } = query;
    const took = ((context.system.now - start) / 1_000_000 + 0.000_1).toFixed(9).replace(/0+$/, '');
    context.log(`[INFO] ${remote.address}:${remote.port} - ${query.id} "${question.type} IN ${question.name}. ${query.protocol} ${query.size} false ${query.bufferSize}" ${reply?.code ?? 'SERVFAIL'} ${flags} ${size} ${took}s`);
    return reply;
  };
