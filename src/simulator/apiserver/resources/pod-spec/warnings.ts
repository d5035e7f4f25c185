import { isDns1123Label, type Container, type KubeObject, type Pod, type PodSpec, type PodTemplateSpec } from '../../../api';
import { fractionalWarnings } from './amount-warnings';
import { affinityWarnings, nodeSelectorWarnings, spreadWarnings } from './placement-warnings';
import { portWarnings } from './port-warnings';
import { volumeWarnings } from './volume-warnings';

/** Warnings of a new Pod; changes of one are not looked at. */
export function podWarnings({ metadata, spec }: Pod, old: Pod | undefined): string[] {
  if (old) return [];
  return [...appArmorWarnings(metadata?.annotations, spec), ...nameWarnings(metadata?.name, "the Pod's hostname"), ...podSpecWarnings(spec, 'spec', metadata?.annotations, 'metadata.annotations')];
}

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const deprecatedAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** A Pod's annotations about AppArmor are taken over into its containers, before anything else is looked at. */
function appArmorWarnings(annotations: Readonly<Record<string, string>> | undefined, spec: PodSpec | undefined): string[] {
  if (!annotations) return [];
  const keys = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => appArmor + name);
  return keys.filter((key) => key in annotations).map((key) => `metadata.annotations[${key}]: ${deprecatedAppArmor}`);
}

/** That a name may not do where it is used. */
function nameWarnings(name: string | undefined, use: string): string[] {
  const reasons = isDns1123Label(name ?? '');
  return reasons.length === 0 ? [] : [`metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${reasons.join(' ')}]`];
}

/** Warnings of a new workload's name, which its Pods' begin with. */
export const workloadNameWarnings = ({ metadata }: KubeObject, old: KubeObject | undefined): string[] => (old ? [] : nameWarnings(metadata?.name, 'Pod names and hostnames'));

/** Warnings of a new workload's template, or when anything of the workload changed that its generation counts. */
export function templateWarnings({ metadata }: KubeObject, template: PodTemplateSpec | undefined, old: KubeObject | undefined, path = 'spec.template'): string[] {
  if (old && old.metadata?.generation === metadata?.generation) return [];
  return podSpecWarnings(template?.spec, `${path}.spec`, template?.metadata?.annotations, `${path}.metadata.annotations`);
}

/** Warnings of a Pod's spec at `path`, of a Pod or a template, in the server's order. */
function podSpecWarnings(spec: PodSpec | undefined, path: string, annotations: Readonly<Record<string, string>> | undefined, annotationsPath: string): string[] {
  if (spec === undefined) return [];
  const out: string[] = [];
  annotationWarnings(annotations, annotationsPath, out);
  nodeSelectorWarnings(spec, path, out);
  spreadWarnings(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`, out);
  volumeWarnings(spec.volumes, `${path}.volumes`, out);
  hostAliasWarnings(spec, path, out);
  pullSecretWarnings(spec, path, out);
  fractionalWarnings(spec.overhead, `${path}.overhead`, ['memory', 'ephemeral-storage'], out);
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) containerWarnings(container, `${path}.${list}[${index}]`, out);
  }
  portWarnings(spec, path, out);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) out.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  affinityWarnings(spec.affinity, `${path}.affinity`, out);
  return out;
}

const uselessAnnotations: readonly (readonly [prefix: string, meaning: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['seccomp.security.alpha.kubernetes.io/pod', 'non-functional in v1.27+; use the "seccompProfile" field instead'],
  ['container.seccomp.security.alpha.kubernetes.io/', 'non-functional in v1.27+; use the "seccompProfile" field instead'],
  [appArmor, deprecatedAppArmor],
];

function annotationWarnings(annotations: Readonly<Record<string, string>> | undefined, path: string, out: string[]): void {
  if (!annotations) return;
  for (const [prefix, meaning] of uselessAnnotations) {
    if (prefix === appArmor && path === 'metadata.annotations') continue; // a Pod has the fields already
    for (const key in annotations) if (prefix.endsWith('/') ? key.startsWith(prefix) : key === prefix) out.push(`${path}[${key}]: ${meaning}`);
  }
}

function hostAliasWarnings({ hostAliases }: PodSpec, path: string, out: string[]): void {
  if (!hostAliases) return;
  const seen = new Set<string>();
  for (const [index, { ip }] of hostAliases.entries()) {
    if (seen.has(ip)) out.push(`${path}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`);
    seen.add(ip);
  }
}

function pullSecretWarnings({ imagePullSecrets }: PodSpec, path: string, out: string[]): void {
  if (!imagePullSecrets) return;
  const seen = new Set<string>();
  for (const [index, { name = '' }] of imagePullSecrets.entries()) {
    if (seen.has(name)) out.push(`${path}.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`);
    seen.add(name);
  }
  for (const [index, { name = '' }] of imagePullSecrets.entries()) if (name === '') out.push(`${path}.imagePullSecrets[${index}].name: invalid empty name ""`);
}

function containerWarnings({ env, resources }: Container, at: string, out: string[]): void {
  if (resources) {
    for (const name of ['memory', 'ephemeral-storage']) {
      fractionalWarnings(resources.limits, `${at}.resources.limits`, [name], out);
      fractionalWarnings(resources.requests, `${at}.resources.requests`, [name], out);
    }
  }
  if (!env) return;
  const seen = new Set<string>();
  for (const [index, { name }] of env.entries()) {
    if (seen.has(name)) out.push(`${at}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`);
    seen.add(name);
  }
}
