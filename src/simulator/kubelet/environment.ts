import type { ConfigMap, Container, EnvVar, Pod, Secret, Service } from '../api';
import { base64Decode, isStatus } from '../api';
import { type Task, utf8Decode } from '../kernel';
import { ConfigError } from './errors';
import { fieldOfPod, resourceOfContainer } from './downward';
import type { NodeFacts } from './facts';

type Variable = { readonly name: string; readonly value: string };

/** Replaces $(NAME) by what is known, $$ by $; an unknown reference stays as it is. (kubernetes.io: dependent variables) */
export function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) =>
    match === '$$' ? '$' : (known.get(name as string) ?? match));
}

/** The variables by which a Pod finds the Services that exist as it starts (kubernetes.io: Discovering services). */
export function serviceVariables(services: readonly Service[]): Variable[] {
  const out: Variable[] = [];
  for (const service of services) {
    const address = service.spec?.clusterIP;
    const ports = service.spec?.ports ?? [];
    if (!address || address === 'None' || ports.length === 0) continue;
    const prefix = (service.metadata?.name ?? '').toUpperCase().replace(/-/g, '_');
    const add = (name: string, value: string | number) => out.push({ name: `${prefix}_${name}`, value: String(value) });
    const host = address.includes(':') ? `[${address}]` : address;
    add('SERVICE_HOST', address);
    add('SERVICE_PORT', ports[0]?.port ?? 0);
    for (const port of ports) if (port.name) add(`SERVICE_PORT_${port.name.toUpperCase().replace(/-/g, '_')}`, port.port);
    ports.forEach((port, index) => {
      const protocol = port.protocol ?? 'TCP';
      const url = `${protocol.toLowerCase()}://${host}:${port.port}`;
      if (index === 0) add('PORT', url);
      const key = `PORT_${port.port}_${protocol}`;
      add(key, url);
      add(`${key}_PROTO`, protocol.toLowerCase());
      add(`${key}_PORT`, port.port);
      add(`${key}_ADDR`, address);
    });
  }
  return out;
}

/** What the kubelet reads for environments and volumes: through its cache, under its identity. */
export interface ObjectSource {
  configMap(namespace: string, name: string): Task<ConfigMap>;
  secret(namespace: string, name: string): Task<Secret>;
  /** The Services of the Pod's namespace (all of them, or none without service links) and default/kubernetes. */
  services(namespace: string, links: boolean): readonly Service[];
}

function* valuesOf(source: ObjectSource, namespace: string, from: { configMap?: string; secret?: string; optional: boolean }): Task<ReadonlyMap<string, string>> {
  try {
    if (from.configMap !== undefined) return new Map(Object.entries((yield* source.configMap(namespace, from.configMap)).data ?? {}));
    const secret = yield* source.secret(namespace, from.secret as string);
    return new Map(Object.entries(secret.data ?? {}).map(([key, value]) => [key, utf8Decode(base64Decode(value))]));
  } catch (error) {
    if (isStatus(error, 'NotFound')) {
      if (from.optional) return new Map();
      throw new ConfigError(from.configMap !== undefined ? `configmap ${JSON.stringify(from.configMap)} not found` : `secret ${JSON.stringify(from.secret)} not found`);
    }
    throw error;
  }
}

function* valueOf(variable: EnvVar, pod: Pod, container: Container, facts: NodeFacts, source: ObjectSource, podIPs: readonly string[]): Task<string | undefined> {
  const from = variable.valueFrom;
  const namespace = pod.metadata?.namespace ?? '';
  if (!from) return variable.value ?? '';
  if (from.fieldRef) return fieldOfPod(pod, from.fieldRef.fieldPath, facts, podIPs);
  if (from.resourceFieldRef) {
    const name = from.resourceFieldRef.containerName;
    const target = name ? [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find((c) => c.name === name) : container;
    return resourceOfContainer(target ?? container, from.resourceFieldRef.resource, from.resourceFieldRef.divisor, facts);
  }
  const reference = from.configMapKeyRef ?? from.secretKeyRef;
  if (!reference) return '';
  const optional = reference.optional === true;
  const name = reference.name ?? '';
  const values = yield* valuesOf(source, namespace, from.configMapKeyRef ? { configMap: name, optional } : { secret: name, optional });
  const value = values.get(reference.key);
  if (value !== undefined || optional) return value;
  throw new ConfigError(`couldn't find key ${reference.key} in ${from.configMapKeyRef ? 'ConfigMap' : 'Secret'} ${namespace}/${name}`);
}

/**
 * The environment of a container, in order: Services, envFrom, env; later entries win, env may refer to what stands
 * before it. Throws ConfigError for references that cannot be resolved.
 */
export function* environmentOf(pod: Pod, container: Container, facts: NodeFacts, source: ObjectSource, podIPs: readonly string[]): Task<Variable[]> {
  const namespace = pod.metadata?.namespace ?? '';
  const values = new Map<string, string>();
  const own = new Map<string, string>();
  for (const from of container.envFrom ?? []) {
    const optional = (from.configMapRef?.optional ?? from.secretRef?.optional) === true;
    const reference = from.configMapRef ? { configMap: from.configMapRef.name ?? '', optional } : { secret: from.secretRef?.name ?? '', optional };
    for (const [key, value] of yield* valuesOf(source, namespace, reference)) own.set(`${from.prefix ?? ''}${key}`, value);
  }
  const services = serviceVariables(source.services(namespace, pod.spec?.enableServiceLinks !== false));
  const known = new Map<string, string>(services.map(({ name, value }) => [name, value]));
  for (const [name, value] of own) known.set(name, value);
  for (const variable of container.env ?? []) {
    let value = yield* valueOf(variable, pod, container, facts, source, podIPs);
    if (value === undefined) continue;
    if (!variable.valueFrom) value = expand(value, known);
    known.set(variable.name, value);
    own.set(variable.name, value);
  }
  for (const [name, value] of own) values.set(name, value);
  for (const { name, value } of services) if (!values.has(name)) values.set(name, value);
  return [...values].map(([name, value]) => ({ name, value }));
}
