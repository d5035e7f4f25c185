import { isDns1123Label, type Service } from '../../../../api';
import { type Errors, maskTrailingDash } from '../../../field';
import { age, labelsText, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { collect, keepStatus, specPath, updateStatusOnly } from '../../strategy';
import { beginCreate, beginUpdate } from './allocate';
import { agreeOnClusterIps, applyDefaults, portsOf } from './defaults';
import { checkService, checkServiceStatus } from './validate';

type Spec = Record<string, unknown>;

/** What a Service has that this update does not mention stays; what its new type has no use for goes. */
function carryOver(draft: Draft, old: Service): void {
  const spec = draft['spec'] as Spec;
  const before = (old.spec ?? {}) as unknown as Spec;
  const hadIp = before['type'] !== 'ExternalName';
  const needsIp = spec['type'] !== 'ExternalName';
  dropUnused(spec, before);
  if (hadIp && needsIp) {
    if ((spec['clusterIP'] ?? '') === '' && before['clusterIP'] !== undefined) spec['clusterIP'] = before['clusterIP'];
    if (spec['clusterIPs'] === undefined && spec['clusterIP'] === before['clusterIP'] && before['clusterIPs'] !== undefined) spec['clusterIPs'] = before['clusterIPs'];
    if (spec['ipFamilies'] === undefined && spec['clusterIP'] === before['clusterIP'] && before['ipFamilies'] !== undefined) spec['ipFamilies'] = before['ipFamilies'];
    if (spec['ipFamilyPolicy'] === undefined && before['ipFamilyPolicy'] !== undefined) spec['ipFamilyPolicy'] = before['ipFamilyPolicy'];
  }
  const hasNodePorts = (own: Readonly<Spec>) => own['type'] === 'NodePort' || own['type'] === 'LoadBalancer';
  if (hasNodePorts(before) && hasNodePorts(spec)) {
    for (const port of portsOf(spec)) {
      if (port.nodePort) continue;
      const same = (old.spec?.ports ?? []).find((one) => one.port === port.port && (one.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
      if (same?.nodePort) port.nodePort = same.nodePort;
    }
    if (!spec['healthCheckNodePort'] && before['healthCheckNodePort'] && spec['externalTrafficPolicy'] === 'Local') spec['healthCheckNodePort'] = before['healthCheckNodePort'];
  }
}

/** Fields that depend on the type go when the type does, unless the client changed them too. */
function dropUnused(spec: Spec, before: Spec): void {
  if (spec['type'] === 'ExternalName' && before['type'] !== 'ExternalName') {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) if (sameValue(spec[field], before[field])) delete spec[field];
  }
  const hasNodePorts = (own: Readonly<Spec>) => own['type'] === 'NodePort' || own['type'] === 'LoadBalancer';
  if (hasNodePorts(before) && !hasNodePorts(spec)) {
    const same = (own: Spec) => portsOf(own).map(({ nodePort = 0 }) => nodePort);
    if (sameValue(same(spec), same(before))) for (const port of portsOf(spec)) delete port.nodePort;
  }
  const isReached = (own: Readonly<Spec>) => hasNodePorts(own) || ((own['externalIPs'] ?? []) as readonly string[]).length > 0;
  if (isReached(before) && !isReached(spec) && sameValue(spec['externalTrafficPolicy'], before['externalTrafficPolicy'])) delete spec['externalTrafficPolicy'];
  if (before['type'] === 'LoadBalancer' && spec['type'] !== 'LoadBalancer') {
    for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort']) if (sameValue(spec[field], before[field])) delete spec[field];
  }
  if (spec['externalTrafficPolicy'] !== 'Local' && before['externalTrafficPolicy'] === 'Local' && sameValue(spec['healthCheckNodePort'], before['healthCheckNodePort'])) delete spec['healthCheckNodePort'];
}

function checkUpdate(service: Service, old: Service, errors: Errors): void {
  const now = service.spec ?? {};
  const before = old.spec ?? {};
  if (before.type !== 'ExternalName' && now.type !== 'ExternalName' && (before.clusterIP ?? '') !== '') {
    const path = specPath.child('clusterIPs').index(0);
    if (now.clusterIP !== before.clusterIP) errors.invalid(path, now.clusterIPs ?? null, 'may not change once set');
  }
  if (before.type === 'LoadBalancer' && now.type === 'LoadBalancer' && before.loadBalancerClass !== now.loadBalancerClass) errors.invalid(specPath.child('loadBalancerClass'), now.loadBalancerClass ?? null, 'may not change once set');
  checkService(service, errors);
}

function externalAddresses({ spec, status }: Service): string {
  const extra = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => (ip === '' ? hostname : ip)).join(',');
      const all = [ingress, ...extra].filter((one) => one !== '');
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return extra.length === 0 ? '<none>' : extra.join(',');
  }
}

const portText = ({ port, nodePort = 0, protocol = 'TCP' }: { readonly port: number; readonly nodePort?: number; readonly protocol?: string }) =>
  nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;

/** Services: one address before many Pods. */
export const services: ResourceDefinition<Service> = {
  group: '',
  resource: 'services',
  applyDefaults,
  validateName: (name, isPrefix) => [...isDns1123Label(isPrefix ? maskTrailingDash(name) : name)],
  prepareForCreate: (draft) => {
    draft['status'] = { loadBalancer: {} };
    const spec = draft['spec'] as Spec;
    if (spec['type'] === 'ExternalName') delete spec['internalTrafficPolicy'];
    agreeOnClusterIps(spec, undefined);
  },
  validateCreate: (service) => collect((errors) => checkService(service, errors)),
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    if ((draft['spec'] as Spec)['type'] === 'ExternalName') delete (draft['spec'] as Spec)['internalTrafficPolicy'];
    agreeOnClusterIps(draft['spec'] as Spec, old.spec as unknown as Spec);
    carryOver(draft, old);
  },
  validateUpdate: (service, old) => collect((errors) => checkUpdate(service, old, errors)),
  hooks: { beginCreate, beginUpdate },
  warnings: ({ spec }, old) => {
    const out: string[] = [];
    if (spec === old?.spec) return out;
    const { type, clusterIP, loadBalancerIP = '', externalIPs = [], externalName = '', sessionAffinity = 'None' } = spec ?? {};
    if (type === 'ExternalName') {
      if (externalIPs.length > 0) out.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
    } else if (clusterIP === 'None') {
      if (loadBalancerIP !== '') out.push('spec.loadBalancerIP is ignored for headless services');
      if (externalIPs.length > 0) out.push('spec.externalIPs is ignored for headless services');
      if (sessionAffinity !== 'None') out.push('spec.SessionAffinity is ignored for headless services');
    } else if (externalIPs.length > 0) out.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
    if (type !== 'ExternalName' && externalName !== '') out.push('spec.externalName is ignored when spec.type is not "ExternalName"');
    if (spec?.trafficDistribution === 'PreferClose') out.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
    return out;
  },
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => {
        updateStatusOnly(draft, old);
        const ingress = ((draft['status'] as Service['status'])?.loadBalancer?.ingress ?? []) as { ip?: string; ipMode?: string }[];
        for (const one of ingress) if ((one.ip ?? '') !== '' && one.ipMode === undefined) one.ipMode = 'VIP';
      },
      validateUpdate: (service) => collect((errors) => checkServiceStatus(service, errors)),
    },
  },
  allowUnconditionalUpdate: true,
  selectableFields: ({ spec }) => ({ 'spec.clusterIP': spec?.clusterIP ?? '', 'spec.type': spec?.type ?? '' }),
  cells: (service, now) => {
    const { spec } = service;
    const clusterIp = (spec?.clusterIPs ?? []).length > 0 ? (spec?.clusterIPs?.[0] ?? '') : (spec?.clusterIP ?? '');
    const ports = (spec?.ports ?? []).map(portText).join(',');
    return [nameOf(service), spec?.type ?? '', clusterIp === '' ? '<none>' : clusterIp, externalAddresses(service), ports === '' ? '<none>' : ports, age(service, now), labelsText(spec?.selector)];
  },
};
