import { allResources, type ResourceInfo, typeForKind, type TypeSchema } from '../../simulator/api';
import type { Chance } from './chance';
import { edited, randomEdit } from './edit';
import { Generator } from './generate';
import { applied, jsonPatch, mergePatch, strategicPatch } from './patches';
import type { FuzzRequest } from './requests';
import { askedOnly, changingOthers, leftOut, nameOf, seedsOf, withAllocations } from './seeds';

/** The namespace in which everything happens; objects that limit others have one of their own. */
export const namespaces = ['fuzz', 'fuzz-limits'] as const;
const attemptsOnOne = 5;
const json = 'application/json';
type Body = Record<string, unknown>;

/** Resources of these groups that can be made up; the core group is 'core'. */
export function resourcesOf(groups: readonly string[], plurals: readonly string[]): readonly ResourceInfo[] {
  const wanted = new Set(groups.map((group) => (group === 'core' ? '' : group)));
  return [...allResources(), tokenRequests()].filter(({ group, resource, verbs }) => verbs.includes('create') && !leftOut.has(resource) && (wanted.size === 0 || wanted.has(group)) && (plurals.length === 0 || plurals.includes(resource)));
}

/** What POST serviceaccounts/NAME/token takes, as if it were a resource. */
function tokenRequests(): ResourceInfo {
  const [reviews] = [...allResources()].filter(({ resource }) => resource === 'tokenreviews') as [ResourceInfo];
  return { ...reviews, resource: 'tokenrequests', kind: 'TokenRequest', namespaced: true, type: typeForKind({ group: reviews.group, version: reviews.version, kind: 'TokenRequest' }) as TypeSchema };
}

const apiVersionOf = ({ group, version }: ResourceInfo): string => (group === '' ? version : `${group}/${version}`);
const limiting = ({ resource }: ResourceInfo): boolean => resource === 'limitranges' || resource === 'resourcequotas';

function pathOf(info: ResourceInfo): string {
  if (info.resource === 'tokenrequests') return `/api/v1/namespaces/${namespaces[0]}/serviceaccounts/default/token`;
  const prefix = info.group === '' ? `/api/${info.version}` : `/apis/${info.group}/${info.version}`;
  return `${prefix}/${info.namespaced ? `namespaces/${limiting(info) ? namespaces[1] : namespaces[0]}/` : ''}${info.resource}`;
}

/** What a scenario is about, and all that it draws chance from. */
export interface Subject {
  readonly info: ResourceInfo;
  readonly number: number;
  readonly chance: Chance;
}

function seeded({ info, number, chance }: Subject): Body {
  const seed = chance.pick(seedsOf(info));
  if (askedOnly.has(info.resource)) return { apiVersion: apiVersionOf(info), kind: info.kind, metadata: {}, ...seed };
  const body = { apiVersion: apiVersionOf(info), kind: info.kind, ...seed, metadata: { name: nameOf(info.resource, number), ...(seed['metadata'] as object | undefined) } };
  return withAllocations(info.resource, body, number);
}

function grown(object: Body, { info, chance }: Subject, edits: number, oddity: number): Body {
  const generator = new Generator(chance, oddity / 4);
  let body = object;
  for (let made = 0; made < edits; made++) body = edited(body, randomEdit(body, info.type, generator, oddity)) as Body;
  return body;
}

const query = (chance: Chance, ...more: string[]): string => `?${['dryRun=All', ...(chance.happens(0.6) ? [`fieldValidation=${chance.pick(['Strict', 'Warn', 'Ignore'])}`] : []), ...more].join('&')}`;

/** Creates without effect. */
export function creations(subject: Subject): readonly FuzzRequest[] {
  const { info, chance, number } = subject;
  return Array.from({ length: attemptsOnOne }, () => {
    const oddity = chance.pick([0, 0.15, 0.4, 0.8]);
    const whole = chance.happens(0.25);
    const seed = seeded(subject);
    const made = whole ? { ...seed, ...new Generator(chance, oddity / 8).object(info.type, 0, 0.4), apiVersion: seed['apiVersion'], kind: seed['kind'], metadata: seed['metadata'] } : seed;
    const body = grown(made, subject, chance.pick(whole ? [0, 1] : [1, 1, 2, 2, 3, 5]), oddity);
    if (!askedOnly.has(info.resource) && chance.happens(0.06)) return { method: 'PATCH' as const, path: `${pathOf(info)}/${nameOf(info.resource, number)}${query(chance, 'fieldManager=fuzz')}`, type: 'application/apply-patch+yaml', body };
    return { method: 'POST' as const, path: `${pathOf(info)}${query(chance)}`, type: json, body };
  });
}

/** Whether objects of the kind can be stored, to try things on. */
export const isStored = ({ info }: Subject): boolean => !askedOnly.has(info.resource);

/** What stores an object to try things on, and what takes it away. */
export function setting(subject: Subject): { readonly setup: readonly FuzzRequest[]; readonly cleanup: readonly FuzzRequest[] } {
  const { info, chance, number } = subject;
  const seed = seeded(subject);
  const name = nameOf(info.resource, number);
  const made = changingOthers.has(info.resource) ? seed : grown(seed, subject, chance.below(4), 0);
  const body = { ...made, metadata: { ...(made['metadata'] as object | undefined), name } }; // else it could not be cleaned up
  const byApply = chance.happens(0.2);
  const setup: FuzzRequest[] = [
    byApply
      ? { method: 'PATCH', path: `${pathOf(info)}/${name}?fieldManager=one`, type: 'application/apply-patch+yaml', body }
      : { method: 'POST', path: pathOf(info), type: json, body },
  ];
  const cleanup: FuzzRequest[] = [
    { method: 'PATCH', path: `${pathOf(info)}/${name}`, type: 'application/merge-patch+json', body: { metadata: { finalizers: null } } },
    { method: 'DELETE', path: `${pathOf(info)}/${name}?gracePeriodSeconds=0&propagationPolicy=Background`, type: json, body: undefined },
    ...(info.resource === 'namespaces' ? [{ method: 'PUT' as const, path: `${pathOf(info)}/${name}/finalize`, type: json, body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } } }] : []),
    { method: 'PATCH', path: `${pathOf(info)}/${name}`, type: 'application/merge-patch+json', body: { metadata: { finalizers: null } } },
  ];
  return { setup, cleanup };
}

interface Part {
  readonly suffix: string;
  readonly type: TypeSchema;
  readonly object: Body;
}

const onlyStatus = (type: TypeSchema): TypeSchema => ({ name: type.name, fields: new Map([...type.fields].filter(([name]) => name === 'status')) });

/** The object or one of its subresources, as an update sees it. */
function partOf({ info, chance }: Subject, stored: Body): Part {
  const updated = info.subresources.filter(({ name, verbs }) => verbs.includes('patch') && name !== 'proxy');
  if (updated.length === 0 || chance.happens(0.72)) return { suffix: '', type: info.type, object: stored };
  const subresource = chance.pick(updated);
  const suffix = `/${subresource.name}`;
  if (subresource.kind === 'Scale') {
    const type = typeForKind({ group: subresource.group, version: subresource.version, kind: subresource.kind }) as TypeSchema;
    const replicas = (stored['spec'] as { replicas?: number } | undefined)?.replicas ?? 0;
    return { suffix, type, object: { apiVersion: `${subresource.group}/${subresource.version}`, kind: 'Scale', metadata: { name: (stored['metadata'] as Body)['name'] }, spec: { replicas } } };
  }
  return { suffix, type: subresource.name === 'status' && chance.happens(0.9) ? onlyStatus(info.type) : info.type, object: stored };
}

/** Things to try on the stored object, none with an effect. `stored` has placeholders for what only one server knows. */
export function trials(subject: Subject, stored: Body): readonly FuzzRequest[] {
  return Array.from({ length: attemptsOnOne }, () => trial(subject, stored));
}

function trial(subject: Subject, stored: Body): FuzzRequest {
  const { info, chance, number } = subject;
  const { suffix, type, object } = partOf(subject, stored);
  const oddity = chance.pick([0, 0.15, 0.4, 0.8]);
  const generator = new Generator(chance, oddity / 4);
  let current = object;
  const edits = Array.from({ length: chance.pick([1, 1, 2, 3]) }, () => {
    const edit = randomEdit(current, type, generator, oddity);
    current = edited(current, edit) as Body;
    return edit;
  });
  const path = `${pathOf(info)}/${nameOf(info.resource, number)}${suffix}`;
  const patch = (kind: string, body: unknown, ...more: string[]): FuzzRequest => ({ method: 'PATCH', path: `${path}${query(chance, ...more)}`, type: `application/${kind}`, body });
  return chance.weighted<readonly [number, () => FuzzRequest]>([
    [3, () => ({ method: 'PUT', path: `${path}${query(chance)}`, type: json, body: updateBody(current, chance) })],
    [3, () => patch('merge-patch+json', mergePatch(object, edits))],
    [3, () => patch('strategic-merge-patch+json', strategicPatch(object, edits, chance))],
    [3, () => patch('json-patch+json', jsonPatch(object, edits, chance))],
    [3, () => patch('apply-patch+yaml', applyBody(object, applied(object, edits)), `fieldManager=${chance.pick(['one', 'two'])}`, ...(chance.happens(0.4) ? [`force=${chance.pick(['true', 'false'])}`] : []))],
    [suffix === '' ? 0.7 : 0, () => ({ method: 'DELETE', path: `${pathOf(info)}/${nameOf(info.resource, number)}`, type: json, body: deleteOptions(chance) })],
  ], ([weight]) => weight)[1]();
}

function updateBody(object: Body, chance: Chance): Body {
  const { resourceVersion, uid, ...metadata } = (object['metadata'] ?? {}) as Body;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(chance.happens(0.5) && { resourceVersion: chance.happens(0.9) ? resourceVersion : chance.pick(['1', 'abc', '0', '']) }),
      ...(chance.happens(0.5) && { uid: chance.happens(0.9) ? uid : '1b4e28ba-2fa1-11d2-883f-0016d3cca427' }),
      ...(chance.happens(0.05) && { managedFields: chance.pick<unknown>([[], [{}], null]) }),
    },
  };
}

function applyBody(object: Body, body: Body): Body {
  return { apiVersion: object['apiVersion'], kind: object['kind'], ...body, metadata: { name: (object['metadata'] as Body)['name'], ...(body['metadata'] as object | null | undefined) } };
}

function deleteOptions(chance: Chance): unknown {
  return {
    kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'],
    ...(chance.happens(0.3) && { propagationPolicy: chance.pick(['Foreground', 'Background', 'Orphan', 'Wrong', '']) }),
    ...(chance.happens(0.2) && { orphanDependents: chance.pick<unknown>([true, false, 'x']) }),
    ...(chance.happens(0.3) && { gracePeriodSeconds: chance.pick<unknown>([0, 30, -1, '1']) }),
    ...(chance.happens(0.3) && { preconditions: chance.pick<unknown>([{ uid: '$uid' }, { uid: 'other' }, { resourceVersion: '1' }, { resourceVersion: '$resourceVersion' }, {}]) }),
    ...(chance.happens(0.1) && { bogus: 1 }),
  };
}
