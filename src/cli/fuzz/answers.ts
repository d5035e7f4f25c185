import { isDeepStrictEqual } from 'node:util';
import type { Answer, FuzzRequest } from './requests';

interface Raw {
  readonly status: number;
  readonly warning: string;
  readonly text: string;
  readonly request: FuzzRequest;
}

const day = 86_400_000;
const now = (time: string): string => (Math.abs(Date.parse(time) - Date.now()) < day ? 'NOW' : time);

/** An answer without what no two servers share: identities, times, what is allocated or drawn. */
export function normalised({ status, warning, text, request }: Raw): Answer {
  const said = JSON.stringify(request.body ?? '');
  const generated = /"generateName":"([^"]+)"/.exec(said)?.[1];
  let clean = text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (uid) => (said.includes(uid) ? uid : 'UID'))
    .replace(/(resourceVersion\\*":\\*")\d+/g, '$1RV')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, now)
    .replace(/10\.96\.\d+\.\d+/g, (address) => (said.includes(address) ? address : 'IP'))
    .replace(/((?:n|healthCheckN)odePort\\?":)(3\d{4})/g, (whole, key: string, port: string) => (said.includes(port) ? whole : `${key}0`))
    .replace(/("token":")eyJ[^"]*/g, '$1TOKEN')
    .replace(/kube-api-access-\w{5}/g, 'kube-api-access-ID')
    .replace(/(Precondition failed: [^,]*, UID in object meta: )[^"\\]*/g, '$1UID')
    .replace(/(ResourceVersion in record \()\d+/g, '$1RV').replace(/(ResourceVersion in object meta: )\d+/g, '$1RV').replace(/(ResourceVersion in precondition: )\d+/g, '$1RV');
  if (generated !== undefined) clean = clean.replace(new RegExp(`${generated.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[a-z0-9]{5}\\b`, 'g'), 'NAME');
  const warnings = warning === '' ? [] : warning.split(/, (?=299)/);
  let body: unknown = clean;
  if (clean.startsWith('{')) body = inOrder(JSON.parse(clean) as RulesReview);
  return { status, warnings, body };
}

interface RulesReview {
  readonly kind?: string;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** A review's rules come in no order of their own. */
function inOrder(body: RulesReview): unknown {
  if (body.kind !== 'SelfSubjectRulesReview') return body;
  const sorted = (list: unknown): unknown => (Array.isArray(list) ? list.map((one) => JSON.stringify(one)).sort() : list);
  return { ...body, status: { ...body.status, resourceRules: sorted(body.status?.['resourceRules']), nonResourceRules: sorted(body.status?.['nonResourceRules']) } };
}

/** Whether two servers said the same. */
export const same = (one: Answer, other: Answer): boolean => isDeepStrictEqual(one, other);

interface StatusBody {
  readonly kind?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly unknown[] };
}

/** The answer with its lists of problems in one order. */
function unordered({ status, warnings, body }: Answer): unknown {
  const { kind, message = '', details } = (body ?? {}) as StatusBody;
  const sorted = (list: readonly unknown[]): string[] => list.map((one) => JSON.stringify(one)).sort();
  if (kind !== 'Status') return { status, body, warnings: sorted(warnings) };
  return { status, warnings: sorted(warnings), body: { ...(body as object), message: message.split(/[\s,[\]{}"\\]+/).sort(), details: { ...details, causes: sorted(details?.causes ?? []) } } };
}

/** Whether the answers differ in nothing but the order of what is wrong. */
export const sameButForOrder = (one: Answer, other: Answer): boolean => isDeepStrictEqual(unordered(one), unordered(other));

const general = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"/g, '"…"').replace(/\[[^\]]*\]/g, '[…]').replace(/\d+/g, '0').slice(0, 160);

const causesOf = (body: unknown): readonly { readonly field?: string; readonly message?: string }[] => ((body as StatusBody | null)?.details?.causes ?? []) as never;

/** Where two answers differ, a line each: path, what Kubernetes has, what we have. */
export function differingPlaces(one: unknown, other: unknown, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return [`${path}: ${text(one)}`, `${' '.repeat(path.length)}≠ ${text(other)}`];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => differingPlaces(one[key], other[key], `${path}.${key}`));
}

/** The first place where two values differ: a path without indexes and keys that are data. */
function firstDifference(one: unknown, other: unknown, path = ''): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (Array.isArray(one) && Array.isArray(other)) {
    for (let at = 0; at < Math.max(one.length, other.length); at++) {
      const found = firstDifference(one[at], other[at], `${path}[]`);
      if (found !== undefined) return found;
    }
  } else if (typeof one === 'object' && typeof other === 'object' && one && other && !Array.isArray(one) && !Array.isArray(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = firstDifference((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key], `${path}.${general(key)}`);
      if (found !== undefined) return found;
    }
  }
  const shown = (value: unknown): string => (value === undefined ? 'absent' : typeof value === 'string' ? general(value) : Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value === 'object' ? 'object' : typeof value);
  return `${path}: ${shown(one)} ≠ ${shown(other)}`;
}

function shortOf({ status, body }: Answer): string {
  const [first] = causesOf(body);
  return `${status} ${general(first ? `${first.field ?? ''}: ${first.message ?? ''}` : status < 300 ? '' : ((body as StatusBody).message ?? String(body)))}`;
}

/** What kind of difference it is: equal for differences of one cause, mostly. */
export function signatureOf(expected: Answer, actual: Answer): string {
  if (expected.status !== actual.status) return `${shortOf(expected)} ≠ ${shortOf(actual)}`;
  if (sameButForOrder(expected, actual)) return `order: ${shortOf(expected)} ≠ ${shortOf(actual)}`;
  if (!isDeepStrictEqual(expected.body, actual.body)) {
    const [theirs, ours] = [causesOf(expected.body), causesOf(actual.body)];
    for (let at = 0; at < Math.max(theirs.length, ours.length); at++) {
      const [one, other] = [theirs[at], ours[at]];
      if (!isDeepStrictEqual(one, other)) return `${expected.status}: ${general(`${one?.field}: ${one?.message}`)} ≠ ${general(`${other?.field}: ${other?.message}`)}`;
    }
    return `${expected.status}: ${firstDifference(expected.body, actual.body) ?? ''}`;
  }
  const missing = expected.warnings.find((warning) => !actual.warnings.includes(warning));
  const extra = actual.warnings.find((warning) => !expected.warnings.includes(warning));
  return `${expected.status} warning: ${general((missing ?? 'none').replace(/\\?"/g, ''))} ≠ ${general((extra ?? 'none').replace(/\\?"/g, ''))}`;
}
