import type { Namespace, Pod, PodSpec } from '../../../api';
import { invalid } from '../../errors';
import { Errors, fieldPath } from '../../field';
import { sameValue } from '../../resources/equality';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from '../plugin';
import { forbidden, isFor, resources } from '../request';
import { levels, type Subject, type Violation, violationsOf } from './checks';

type Labels = Readonly<Record<string, string>>;
interface Level { readonly level: string; readonly version: string }

const prefix = 'pod-security.kubernetes.io/';
const versionPattern = /^(latest|v1\.(0|[1-9]\d*))$/;
const labelsPath = fieldPath('metadata').child('labels');

function levelOf(labels: Labels, mode: string): Level {
  const level = labels[`${prefix}${mode}`] ?? 'privileged';
  const version = labels[`${prefix}${mode}-version`] ?? 'latest';
  return { level: level in levels ? level : mode === 'enforce' ? 'restricted' : 'privileged', version: versionPattern.test(version) ? version : 'latest' };
}

const textOf = ({ level, version }: Level): string => `${level}:${version}`;

const evaluate = (subject: Subject, { level, version }: Level): Violation[] => violationsOf(level, version, subject);

const reasons = (violations: readonly Violation[]): string => violations.map(({ reason }) => reason).join(', ');
const details = (violations: readonly Violation[]): string => violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

/** Where workloads keep the template of their Pods. */
const templates: Readonly<Record<string, (spec: Record<string, unknown>) => unknown>> = {
  'apps/deployments': (spec) => spec['template'],
  'apps/replicasets': (spec) => spec['template'],
  'apps/statefulsets': (spec) => spec['template'],
  'apps/daemonsets': (spec) => spec['template'],
  'batch/jobs': (spec) => spec['template'],
  'batch/cronjobs': (spec) => (spec['jobTemplate'] as { readonly spec?: { readonly template?: unknown } } | undefined)?.spec?.template,
  '/replicationcontrollers': (spec) => spec['template'],
};

function subjectOf(attributes: AdmissionAttributes): { subject: Subject; isPod: boolean } | undefined {
  const { object, resource, subresource } = attributes;
  if (!object) return undefined;
  if (resource.group === '' && resource.resource === 'pods') {
    if (subresource !== '' && subresource !== 'ephemeralcontainers') return undefined;
    return { subject: { spec: object['spec'] as PodSpec, annotations: (object.metadata['annotations'] ?? {}) as Labels }, isPod: true };
  }
  if (subresource !== '') return undefined;
  const spec = object['spec'] as Record<string, unknown> | undefined;
  const own = resource.group === '' && resource.resource === 'podtemplates' ? object['template'] : spec && templates[`${resource.group}/${resource.resource}`]?.(spec);
  if (!own) return undefined;
  const template = own as { readonly metadata?: { readonly annotations?: Labels }; readonly spec?: PodSpec };
  return { subject: { spec: template.spec ?? { containers: [] }, annotations: template.metadata?.annotations ?? {} }, isPod: false };
}

/** Annotations that checks look at. */
const checked = /^(seccomp\.security\.alpha|container\.(seccomp\.security\.alpha|apparmor\.security\.beta))\.kubernetes\.io\//;
const checkedOf = (annotations: Labels | undefined): Labels => Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => checked.test(key)));

/** An update that changes nothing that is checked. */
function isInsignificant(attributes: AdmissionAttributes): boolean {
  const old = attributes.oldObject as Pod | undefined;
  if (attributes.operation !== 'UPDATE' || !old) return false;
  return sameValue(attributes.object?.['spec'], old.spec) && sameValue(checkedOf(attributes.object?.metadata['annotations'] as Labels | undefined), checkedOf(old.metadata?.annotations));
}

function checkPods(attributes: AdmissionAttributes, context: AdmissionContext): void {
  const found = subjectOf(attributes);
  if (!found || attributes.namespace === undefined) return;
  const labels = context.get<Namespace>(resources.namespaces, undefined, attributes.namespace)?.metadata?.labels ?? {};
  if (!Object.keys(labels).some((label) => label.startsWith(prefix))) return;
  if (found.isPod && isInsignificant(attributes)) return;
  const enforce = levelOf(labels, 'enforce');
  if (found.isPod) {
    attributes.audit(`${prefix}enforce-policy`, textOf(enforce));
    const violations = evaluate(found.subject, enforce);
    if (violations.length > 0) throw forbidden(attributes, `violates PodSecurity ${JSON.stringify(textOf(enforce))}: ${details(violations)}`);
  }
  const audit = levelOf(labels, 'audit');
  const audited = evaluate(found.subject, audit);
  if (audited.length > 0) attributes.audit(`${prefix}audit-violations`, `would violate PodSecurity ${JSON.stringify(textOf(audit))}: ${details(audited)}`);
  const warn = levelOf(labels, 'warn');
  const asked = !found.isPod && labels[`${prefix}warn`] === undefined ? enforce : warn;
  const warned = evaluate(found.subject, asked);
  if (warned.length > 0) attributes.warn(`would violate PodSecurity ${JSON.stringify(textOf(asked))}: ${details(warned)}`);
}

function checkLabels(attributes: AdmissionAttributes, labels: Labels, old: Labels): void {
  const errors = new Errors();
  for (const mode of ['enforce', 'audit', 'warn']) {
    const level = labels[`${prefix}${mode}`];
    if (level !== undefined && !(level in levels)) errors.invalid(labelsPath.index(`${prefix}${mode}`), level, 'must be one of privileged, baseline, restricted');
    const version = labels[`${prefix}${mode}-version`];
    if (version !== undefined && !versionPattern.test(version)) errors.invalid(labelsPath.index(`${prefix}${mode}-version`), version, 'must be "latest" or "v1.x"');
  }
  const isNew = attributes.operation === 'CREATE' || !sameValue(labels, old);
  if (errors.length > 0 && isNew) throw invalid('', 'Namespace', attributes.name, errors.list);
}

/** Tells of Pods that a namespace's new level would not let in. */
function warnOfExisting(attributes: AdmissionAttributes, level: Level, context: AdmissionContext): void {
  const byReasons = new Map<string, string[]>();
  const pods = [...context.list<Pod>(resources.pods, attributes.name)].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  for (const { metadata, spec } of pods) {
    const violations = evaluate({ spec: spec as PodSpec, annotations: metadata?.annotations ?? {} }, level);
    if (violations.length === 0) continue;
    const key = reasons(violations);
    byReasons.set(key, [...(byReasons.get(key) ?? []), metadata?.name ?? '']);
  }
  if (byReasons.size === 0) return;
  attributes.warn(`existing pods in namespace ${JSON.stringify(attributes.name)} violate the new PodSecurity enforce level ${JSON.stringify(textOf(level))}`);
  const groups = [...byReasons].map(([key, names]) => {
    const others = names.length - 1;
    return `${names[0] ?? ''}${others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`}: ${key}`;
  });
  for (const text of groups.sort()) attributes.warn(text);
}

function checkNamespace(attributes: AdmissionAttributes, context: AdmissionContext): void {
  const labels = (attributes.object?.metadata['labels'] ?? {}) as Labels;
  const old = attributes.oldObject?.metadata?.labels ?? {};
  checkLabels(attributes, labels, old);
  if (attributes.operation !== 'UPDATE') return;
  const now = levelOf(labels, 'enforce');
  const before = levelOf(old, 'enforce');
  if (textOf(now) === textOf(before) || now.level === 'privileged') return;
  const strictness = ['privileged', 'baseline', 'restricted'];
  if (now.version === before.version && strictness.indexOf(now.level) < strictness.indexOf(before.level)) return;
  warnOfExisting(attributes, now, context);
}

/** Holds Pods to the level that their namespace's labels ask for (KEP-2579). */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  handles({ operation, group, resource, subresource }) {
    if (operation !== 'CREATE' && operation !== 'UPDATE') return false;
    if (subresource !== '') return subresource === 'ephemeralcontainers';
    return (group === '' && (resource === 'pods' || resource === 'podtemplates' || resource === 'namespaces')) || templates[`${group}/${resource}`] !== undefined;
  },
  validate(attributes, context) {
    if (isFor(attributes, '', 'namespaces')) checkNamespace(attributes, context);
    else checkPods(attributes, context);
  },
};
