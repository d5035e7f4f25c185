import type { Pod, PodSpec, PodTemplateSpec } from '../../../api';
import { sameValue } from '../equality';

/** Warnings of a Pod that is created or changed. */
export const podWarnings = (pod: Pod, old: Pod | undefined): string[] => podSpecWarnings(pod.spec, 'spec', old?.spec, pod.metadata?.annotations, 'metadata.annotations');

const gone: Readonly<Record<string, string>> = {
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Warnings of a Pod's spec at `path`, of a Pod or a template. */
export function podSpecWarnings(spec: PodSpec | undefined, path: string, old: PodSpec | undefined, annotations?: Readonly<Record<string, string>>, annotationsPath = ''): string[] {
  if (spec === undefined || sameValue(spec, old)) return [];
  const out: string[] = [];
  volumeWarnings(spec, path, out);
  hostnameWarnings(spec, path, out);
  containerWarnings(spec, path, out);
  const keys = Object.keys(annotations ?? {});
  for (const key of keys) if (key.startsWith('container.apparmor.security.beta.kubernetes.io/')) out.push(`${annotationsPath}[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  const useless = (key: string) => out.push(`${annotationsPath}[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  for (const key of keys) if (key === 'seccomp.security.alpha.kubernetes.io/pod') useless(key);
  for (const key of keys) if (key.startsWith('container.seccomp.security.alpha.kubernetes.io/')) useless(key);
  return out;
}

function volumeWarnings(spec: PodSpec, path: string, out: string[]): void {
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    for (const name in gone) if ((volume as unknown as Readonly<Record<string, unknown>>)[name] !== undefined) out.push(`${path}.volumes[${index}].${name}: ${gone[name] ?? ''}`);
  }
}

function hostnameWarnings(spec: PodSpec, path: string, out: string[]): void {
  const seen = new Set<string>();
  for (const [index, { name = '' }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name === '') out.push(`${path}.imagePullSecrets[${index}].name: invalid empty name ""`);
    else if (seen.has(name)) out.push(`${path}.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`);
    seen.add(name);
  }
  const addresses = new Set<string>();
  for (const [index, { ip }] of (spec.hostAliases ?? []).entries()) {
    if (addresses.has(ip)) out.push(`${path}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`);
    addresses.add(ip);
  }
}

const fractional = /^[0-9]*\.?[0-9]+m$/;

function containerWarnings(spec: PodSpec, path: string, out: string[]): void {
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, { env = [], resources, ports = [] }] of (spec[list] ?? []).entries()) {
      const at = `${path}.${list}[${index}]`;
      for (const kind of ['limits', 'requests'] as const) {
        for (const name of ['memory', 'ephemeral-storage']) {
          const text = String(resources?.[kind]?.[name] ?? '');
          if (fractional.test(text)) out.push(`${at}.resources.${kind}[${name}]: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`);
        }
      }
      duplicateEnvWarnings(env, at, out);
      duplicatePortWarnings(ports, at, out);
    }
  }
}

function duplicateEnvWarnings(env: readonly { readonly name: string }[], at: string, out: string[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of env.entries()) {
    if (seen.has(name)) out.push(`${at}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`);
    seen.add(name);
  }
}

function duplicatePortWarnings(ports: readonly { readonly containerPort: number; readonly protocol?: string; readonly hostPort?: number }[], at: string, out: string[]): void {
  const seen = new Map<string, number>();
  for (const [index, { containerPort, protocol = 'TCP' }] of ports.entries()) {
    const key = `${containerPort}/${protocol}`;
    const first = seen.get(key);
    if (first !== undefined) out.push(`${at}.ports[${index}]: duplicate port definition with ${at}.ports[${first}]`);
    else seen.set(key, index);
  }
}

/** Warnings of a workload's template. */
export const templateWarnings = (template: PodTemplateSpec | undefined, old: PodTemplateSpec | undefined): string[] =>
  podSpecWarnings(template?.spec, 'spec.template.spec', old?.spec, template?.metadata?.annotations, 'spec.template.metadata.annotations');
