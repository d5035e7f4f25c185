import { type HTTPIngressPath, type Ingress, type IngressBackend, type IngressSpec, isDns1035Label, isDns1123Label, isDns1123Subdomain, isValidPortName, isWildcardDns1123Subdomain, parseIp } from '../../../../api';
import { type Errors, fieldPath, type Path, portNumberReasons } from '../../../field';
import { age, nameOf, orNone } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { checkIp } from '../../pod-spec';
import { collect, newWithGeneration, specPath, statusPath, statusStrategy, updateSpec } from '../../strategy';

const classAnnotation = 'kubernetes.io/ingress.class';
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badPieces = ['//', '/./', '/../', '%2f', '%2F'];
const badEnds = ['/..', '/.'];

function checkHost(host: string, path: Path, errors: Errors): void {
  if (parseIp(host)) errors.invalid(path, host, 'must be a DNS name, not an IP address');
  errors.invalidEach(path, host, host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host));
}

function checkBackend({ service, resource }: IngressBackend, path: Path, errors: Errors): void {
  if (resource && service) return errors.invalid(path, '', 'cannot set both resource and service backends');
  if (resource) {
    const group = resource.apiGroup as string | null | undefined;
    if (typeof group === 'string') errors.invalidEach(path.child('resource').child('apiGroup'), group, isDns1123Subdomain(group));
    if ((resource.kind ?? '') === '') errors.required(path.child('resource').child('kind'));
    if ((resource.name ?? '') === '') errors.required(path.child('resource').child('name'));
    return;
  }
  if (!service) return errors.invalid(path, '', 'resource or service backend is required');
  const at = path.child('service');
  if (service.name === '') errors.required(at.child('name'));
  else errors.invalidEach(at.child('name'), service.name, isDns1035Label(service.name).length > 0 && isDns1123Label(service.name).length > 0 ? isDns1123Label(service.name) : []);
  const { name = '', number = 0 } = service.port ?? {};
  if (name !== '' && number !== 0) errors.invalid(path, '', 'cannot set both port name & port number');
  else if (name !== '') errors.invalidEach(at.child('port').child('name'), name, isValidPortName(name));
  else if (number !== 0) errors.invalidEach(at.child('port').child('number'), number, portNumberReasons(number));
  else errors.required(path, 'port name or number is required');
}

function checkPath({ path: target = '', pathType, backend }: HTTPIngressPath, path: Path, errors: Errors): void {
  const at = path.child('path');
  const type = (pathType as string | undefined | null) ?? undefined;
  if (type === undefined || type === '') return errors.required(path.child('pathType'), 'pathType must be specified');
  if (type === 'Exact' || type === 'Prefix') {
    if (!target.startsWith('/')) errors.invalid(at, target, 'must be an absolute path');
    if (target !== '') {
      for (const piece of badPieces) if (target.includes(piece)) errors.invalid(at, target, `must not contain '${piece}'`);
      for (const end of badEnds) if (target.endsWith(end)) errors.invalid(at, target, `cannot end with '${end}'`);
    }
  } else if (type === 'ImplementationSpecific') {
    if (target !== '' && !target.startsWith('/')) errors.invalid(at, target, 'must be an absolute path');
  } else errors.notSupported(path.child('pathType'), type, pathTypes);
  checkBackend(backend, path.child('backend'), errors);
}

function checkSpec(spec: IngressSpec, errors: Errors): void {
  const { defaultBackend, rules = [], tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend) errors.invalid(specPath, spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
  if (defaultBackend) checkBackend(defaultBackend, specPath.child('defaultBackend'), errors);
  for (const [index, { host = '', http }] of rules.entries()) {
    const at = specPath.child('rules').index(index);
    if (host !== '') checkHost(host, at.child('host'), errors);
    if (!http) continue;
    const paths = at.child('http').child('paths');
    if ((http.paths ?? []).length === 0) errors.required(paths);
    for (const [pathIndex, one] of (http.paths ?? []).entries()) checkPath(one, paths.index(pathIndex), errors);
  }
  for (const [index, { hosts = [], secretName = '' }] of tls.entries()) {
    const at = specPath.child('tls').index(index);
    for (const [hostIndex, host] of hosts.entries()) errors.invalidEach(at.child('hosts').index(hostIndex), host, host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host));
    if (secretName !== '') errors.invalidEach(at.child('secretName'), secretName, isDns1123Subdomain(secretName));
  }
  if (ingressClassName !== undefined) errors.invalidEach(specPath.child('ingressClassName'), ingressClassName, isDns1123Subdomain(ingressClassName));
}

function hostsText({ spec }: Ingress): string {
  const distinct = (spec?.rules ?? []).filter(({ host = '' }) => host !== '').map(({ host }) => host as string);
  if (distinct.length === 0) return '*';
  const shown = distinct.slice(0, 3);
  return distinct.length > 3 ? `${shown.join(',')} + ${distinct.length - 3} more...` : shown.join(',');
}

/** Ingresses: HTTP from outside to Services. */
export const ingresses: ResourceDefinition<Ingress> = {
  group: 'networking.k8s.io',
  resource: 'ingresses',
  prepareForCreate: (draft) => newWithGeneration(draft, undefined, { loadBalancer: {} }),
  validateCreate: ({ metadata, spec }) =>
    collect((errors) => {
      checkSpec(spec ?? {}, errors);
      const named = metadata?.annotations?.[classAnnotation];
      if (named !== undefined && spec?.ingressClassName !== undefined && named !== spec.ingressClassName) {
        errors.invalid(fieldPath('annotations').child(classAnnotation), named, 'must match `ingressClassName` when both are specified');
      }
    }),
  prepareForUpdate: updateSpec,
  validateUpdate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  subresources: {
    status: statusStrategy<Ingress>(({ status }) =>
      collect((errors) => {
        for (const [index, { ip = '', hostname = '' }] of (status?.loadBalancer?.ingress ?? []).entries()) {
          const at = statusPath.child('loadBalancer').child('ingress').index(index);
          if (ip !== '') checkIp(ip, at.child('ip'), errors);
          if (hostname !== '') errors.invalidEach(at.child('hostname'), hostname, isDns1123Subdomain(hostname));
        }
      }),
    ),
  },
  warnings: ({ metadata }, old) => {
    const out: string[] = [];
    if (!old && metadata?.annotations?.[classAnnotation] !== undefined) out.push(`annotation ${JSON.stringify(classAnnotation)} is deprecated, please use 'spec.ingressClassName' instead`);
    return out;
  },
  cells: (ingress, now) => {
    const addresses = (ingress.status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => (ip === '' ? hostname : ip)).join(',');
    return [nameOf(ingress), orNone(ingress.spec?.ingressClassName), hostsText(ingress), addresses, (ingress.spec?.tls ?? []).length > 0 ? '80, 443' : '80', age(ingress, now)];
  },
};
