import { headerOf, type HttpRequestHead, parseRange, rangeHolds } from '../../../network';

/** What a rule can look at. */
export interface Sample {
  readonly request: HttpRequestHead | undefined;
  readonly source: string;
  readonly port: number;
}

export interface Acl {
  matches(sample: Sample): boolean;
}

/** `if a b or !c`: any of the groups, all within one. */
export interface Condition {
  readonly unless: boolean;
  readonly groups: readonly (readonly { readonly not: boolean; readonly name: string; readonly inline: Acl | undefined }[])[];
}

function valueOf(fetch: string, { request, source, port }: Sample): string | undefined {
  const [, name = '', argument = ''] = /^([\w.]+)(?:\(([^)]*)\))?/.exec(fetch) ?? [];
  const path = request?.target.replace(/\?.*/, '');
  if (name === 'src') return source;
  if (name === 'dst_port') return String(port);
  if (name.startsWith('path')) return path;
  if (name.startsWith('url')) return name === 'url_param' ? new RegExp(`[?&]${argument}=([^&]*)`).exec(request?.target ?? '')?.[1] : request?.target;
  if (name === 'method') return request?.method;
  if (/^(req\.|req_)?f?hdr|^hdr/.test(name)) return request && headerOf(request.headers, argument.split(',')[0]?.toLowerCase() ?? '');
  if (name.startsWith('cook') || name === 'req.cook') return new RegExp(`(?:^|;\\s*)${argument}=([^;]*)`).exec((request && headerOf(request.headers, 'cookie')) ?? '')?.[1];
  return undefined;
}

/** Reads what stands after an ACL's name: a fetch, flags and values. */
export function aclOf(words: readonly string[]): Acl {
  const [fetch = '', ...rest] = words;
  const insensitive = rest.includes('-i');
  const method = rest[rest.indexOf('-m') + 1];
  const values = rest.filter((word, i) => word !== '-i' && word !== '-m' && word !== '--' && (rest[i - 1] !== '-m'));
  const kind = rest.includes('-m') ? method : /_(beg|end|sub|dir|dom|reg|len|found|str)\b/.exec(fetch)?.[1];
  const fold = (text: string) => (insensitive ? text.toLowerCase() : text);
  if (fetch === 'TRUE' || fetch === 'always_true') return { matches: () => true };
  return {
    matches: (sample) => {
      const raw = valueOf(fetch, sample);
      if (kind === 'found') return raw !== undefined;
      if (raw === undefined) return false;
      if (fetch === 'src') return values.some((value) => {
        const range = parseRange(value);
        return range !== undefined && rangeHolds(range, raw);
      });
      const text = fold(fetch.startsWith('hdr') ? raw : raw);
      return values.some((value) => {
        const wanted = fold(value);
        if (kind === 'beg') return text.startsWith(wanted);
        if (kind === 'end') return text.endsWith(wanted);
        if (kind === 'sub') return text.includes(wanted);
        if (kind === 'dir') return text.split('/').includes(wanted.replace(/^\/|\/$/g, ''));
        if (kind === 'dom') return text.replace(/:\d+$/, '').split('.').join('.').includes(wanted);
        if (kind === 'reg') return new RegExp(value, insensitive ? 'i' : '').test(raw);
        return text === wanted;
      });
    },
  };
}

export function conditionOf(word: string, words: readonly string[]): Condition {
  const groups: { not: boolean; name: string; inline: Acl | undefined }[][] = [[]];
  for (let i = 0; i < words.length; i++) {
    const text = words[i] as string;
    if (text === 'or' || text === '||') groups.push([]);
    else if (text === '{') {
      const end = words.indexOf('}', i);
      groups.at(-1)?.push({ not: words[i - 1] === '!', name: '', inline: aclOf(words.slice(i + 1, end < 0 ? undefined : end)) });
      i = end < 0 ? words.length : end;
    } else if (text !== '!') groups.at(-1)?.push({ not: text.startsWith('!') || words[i - 1] === '!', name: text.replace(/^!/, ''), inline: undefined });
  }
  return { unless: word === 'unless', groups };
}

/** Whether a condition holds with these ACLs; none always does. */
export function holds(condition: Condition | undefined, acls: ReadonlyMap<string, readonly Acl[]>, sample: Sample): boolean {
  if (!condition) return true;
  const builtIn: Readonly<Record<string, (sample: Sample) => boolean>> = { TRUE: () => true, FALSE: () => false, LOCALHOST: ({ source }) => source.startsWith('127.'), METH_GET: ({ request }) => request?.method === 'GET' || request?.method === 'HEAD', METH_POST: ({ request }) => request?.method === 'POST' };
  const one = ({ not, name, inline }: Condition['groups'][number][number]): boolean => {
    const value = inline ? inline.matches(sample) : acls.has(name) ? (acls.get(name) ?? []).some((acl) => acl.matches(sample)) : (builtIn[name]?.(sample) ?? false);
    return value !== not;
  };
  return condition.groups.some((group) => group.every(one)) !== condition.unless;
}
