import type { PolicyRule } from '../../api';
import type { AccessRequest } from './authorizer';

/** Whom a role is given to. */
export interface Subject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Whether a list names a value, or everything. */
const has = (list: readonly string[] | undefined, value: string): boolean => list !== undefined && (list.includes(value) || list.includes('*'));

/** Whether one rule of a role allows a request (kubernetes.io: Using RBAC Authorization). */
export function ruleAllows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!has(rule.verbs, request.verb)) return false;
  if (!request.isResource) return (rule.nonResourceURLs ?? []).some((pattern) => pattern === '*' || pattern === request.path || (pattern.endsWith('*') && request.path.startsWith(pattern.slice(0, -1))));
  if (!has(rule.apiGroups, request.group)) return false;
  const { resource, subresource } = request;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  if (!has(rule.resources, full) && !(subresource !== '' && rule.resources?.includes(`*/${subresource}`))) return false;
  return !rule.resourceNames?.length || rule.resourceNames.includes(request.name);
}

/** Whether `rules` allow everything that `wanted` allows. */
export function uncovered(wanted: readonly PolicyRule[], rules: readonly PolicyRule[]): PolicyRule[] {
  return simplify(wanted.flatMap(breakDown).filter((single) => !rules.some((rule) => covers(rule, single))));
}

/** A rule for each combination of group, resource, name and verb. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const out: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        if (!rule.resourceNames?.length) out.push({ apiGroups: [group], resources: [resource], verbs: [verb] });
        else for (const name of rule.resourceNames) out.push({ apiGroups: [group], resources: [resource], verbs: [verb], resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs) out.push({ nonResourceURLs: [url], verbs: [verb] });
  return out;
}

const covered = (list: readonly string[] | undefined, value: string | undefined) => has(list, value ?? '');

function coversResource(list: readonly string[] | undefined, resource: string): boolean {
  if (has(list, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && list?.includes(`*${resource.slice(slash)}`) === true;
}

function covers(rule: PolicyRule, single: PolicyRule): boolean {
  if (!covered(rule.verbs, single.verbs[0])) return false;
  const url = single.nonResourceURLs?.[0];
  if (url !== undefined) return (rule.nonResourceURLs ?? []).some((pattern) => pattern === url || (pattern.endsWith('*') && url.startsWith(pattern.slice(0, -1))));
  if (!covered(rule.apiGroups, single.apiGroups?.[0]) || !coversResource(rule.resources, single.resources?.[0] ?? '')) return false;
  return !rule.resourceNames?.length || (single.resourceNames !== undefined && rule.resourceNames.includes(single.resourceNames[0] as string));
}

/** Puts the verbs of rules for the same resource together again, as the refusal lists them. */
function simplify(rules: readonly PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs]);
    const there = merged.get(key);
    merged.set(key, there === undefined ? rule : { ...there, verbs: [...there.verbs, ...rule.verbs] });
  }
  return [...merged.values()];
}

const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

/** A rule as refusals show it: {APIGroups:[""], Resources:["pods"], Verbs:["get"]}. */
export function ruleText(rule: PolicyRule): string {
  const parts: string[] = [];
  if (rule.apiGroups?.length) parts.push(`APIGroups:${list(rule.apiGroups)}`);
  if (rule.resources?.length) parts.push(`Resources:${list(rule.resources)}`);
  if (rule.resourceNames?.length) parts.push(`ResourceNames:${list(rule.resourceNames)}`);
  if (rule.nonResourceURLs?.length) parts.push(`NonResourceURLs:${list(rule.nonResourceURLs)}`);
  if (rule.verbs.length) parts.push(`Verbs:${list(rule.verbs)}`);
  return `{${parts.join(', ')}}`;
}
