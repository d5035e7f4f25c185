import { base64Decode } from '../../api';
import { utf8Decode } from '../../kernel';
import { at, listAt, mapAt, nameOf, namespaceOf, textAt, textsAt, type Fields } from '../fields';
import type { Describer } from './describer';
import { writeAnnotations, writeLabels, Writer } from './writer';

const head = (w: Writer, object: Fields, namespaced = true): void => {
  w.line(0, `Name:\t${nameOf(object)}`);
  if (namespaced) w.line(0, `Namespace:\t${namespaceOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
};

/** Bytes behind base64 text. */
const sizeOf = (text: string): number => base64Decode(text).length;

/** kubectl describe configmap */
export const describeConfigMap: Describer = function* (_context, object) {
  const w = new Writer();
  head(w, object);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of mapAt(object, 'data')) w.write(0, `${key}:\n----\n${value}\n\n`);
  w.write(0, '\nBinaryData\n====\n');
  for (const [key, value] of mapAt(object, 'binaryData')) w.write(0, `${key}: ${sizeOf(value)} bytes\n`);
  w.write(0, '\n');
  return w;
};

/** kubectl describe secret: sizes, but the token of a service account token as it is. */
export const describeSecret: Describer = function* (_context, object) {
  const w = new Writer();
  head(w, object);
  w.line(0, `\nType:\t${textAt(object, 'type')}`);
  w.write(0, '\nData\n====\n');
  for (const [key, value] of mapAt(object, 'data')) {
    w.line(0, key === 'token' && textAt(object, 'type') === 'kubernetes.io/service-account-token' ? `${key}:\t${utf8Decode(base64Decode(value))}` : `${key}:\t${sizeOf(value)} bytes`);
  }
  return w;
};

/** kubectl describe serviceaccount */
export const describeServiceAccount: Describer = function* (_context, object) {
  const w = new Writer();
  head(w, object);
  const names = listAt(object, 'imagePullSecrets').map((one) => textAt(one, 'name'));
  w.line(0, `Image pull secrets:\t${names.join('\n\t') || '<none>'}`);
  return w;
};

interface RuleLine {
  readonly resource: string;
  readonly urls: readonly string[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

const bracketed = (words: readonly string[]): string => `[${words.join(' ')}]`;
const list = (value: unknown, key: string): readonly string[] => textsAt(value, key);

/** Rules as single resources or paths, equal ones merged, in the order of describe. */
function ruleLines(rules: readonly Fields[], merge: boolean): RuleLine[] {
  const broken: RuleLine[] = rules.flatMap((rule) => {
    const names = list(rule, 'resourceNames');
    const verbs = list(rule, 'verbs');
    const perName = names.length === 0 ? [[]] : names.map((name) => [name]);
    const groups = list(rule, 'apiGroups');
    const resources = groups.flatMap((group) => list(rule, 'resources').map((resource) => qualified(resource, group)));
    return [
      ...resources.flatMap((resource) => perName.map((one) => ({ resource, urls: [], names: one, verbs }))),
      ...list(rule, 'nonResourceURLs').map((url) => ({ resource: '', urls: [url], names: [], verbs })),
    ];
  });
  if (!merge) return broken;
  const merged = new Map<string, RuleLine>();
  for (const line of broken) {
    const key = JSON.stringify([line.resource, line.urls, line.names]);
    const known = merged.get(key);
    merged.set(key, known ? { ...known, verbs: [...known.verbs, ...line.verbs] } : line);
  }
  return [...merged.values()];
}

/** deployments/status of apps is deployments.apps/status. */
function qualified(resource: string, group: string): string {
  if (group === '') return resource;
  const [name = '', sub] = resource.split(/\/(.*)/s);
  return sub === undefined ? `${name}.${group}` : `${name}.${group}/${sub}`;
}

function compareRules(a: RuleLine, b: RuleLine): number {
  const text = (line: RuleLine) => goRule(line);
  return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
}

/** Rules are sorted by their text: verbs first, then group, resource, names and paths. */
function goRule({ resource, urls, names, verbs }: RuleLine): string {
  const [name = '', sub] = resource.split(/\/(.*)/s);
  const dot = name.indexOf('.');
  const group = dot < 0 ? '' : name.slice(dot + 1);
  const plain = dot < 0 ? resource : name.slice(0, dot) + (sub === undefined ? '' : `/${sub}`);
  return `Verbs:${bracketed(verbs)},APIGroups:${bracketed([group])},Resources:${bracketed([plain])},ResourceNames:${bracketed(names)},NonResourceURLs:${bracketed(urls)}`;
}

/** The lines of the rules table, also used by `auth can-i --list`. */
export function ruleRows(rules: readonly Fields[], sorted: boolean, merge = true): string[][] {
  const lines = ruleLines(rules, merge);
  if (sorted) lines.sort(compareRules);
  return lines.map(({ resource, urls, names, verbs }) => [resource, bracketed(urls), bracketed(names), bracketed(verbs)]);
}

/** kubectl describe role and clusterrole */
export const describeRole: Describer = function* (_context, object) {
  const w = new Writer();
  head(w, object, false);
  w.line(0, 'PolicyRule:');
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  w.line(1, '---------\t-----------------\t--------------\t-----');
  for (const row of ruleRows(listAt(object, 'rules'), true)) w.line(1, row.join('\t'));
  return w;
};

/** kubectl describe rolebinding and clusterrolebinding */
export const describeBinding: Describer = function* (_context, object) {
  const w = new Writer();
  head(w, object, false);
  w.line(0, 'Role:');
  w.line(1, `Kind:\t${textAt(object, 'roleRef', 'kind')}`);
  w.line(1, `Name:\t${textAt(object, 'roleRef', 'name')}`);
  w.line(0, 'Subjects:');
  w.line(1, 'Kind\tName\tNamespace');
  w.line(1, '----\t----\t---------');
  for (const subject of listAt(object, 'subjects')) w.line(1, `${textAt(subject, 'kind')}\t${textAt(subject, 'name')}\t${textAt(subject, 'namespace')}`);
  return w;
};

/** kubectl describe priorityclass */
export const describePriorityClass: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  w.line(0, `Value:\t${textAt(object, 'value')}`);
  w.line(0, `GlobalDefault:\t${at(object, 'globalDefault') === true}`);
  w.line(0, `PreemptionPolicy:\t${textAt(object, 'preemptionPolicy')}`);
  w.line(0, `Description:\t${textAt(object, 'description')}`);
  w.line(0, `Annotations:\t${mapAt(object, 'metadata', 'annotations').map(([key, value]) => `${key}=${value}`).join(',') || '<none>'}`);
  return w;
};
