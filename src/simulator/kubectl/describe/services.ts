import type { Task } from '../../kernel';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { at, fieldsAt, listAt, mapAt, nameOf, namespaceOf, textAt, textsAt, type Fields } from '../fields';
import type { Describer } from './describer';
import { writeAnnotations, writeLabels, Writer } from './writer';

function* slicesOf({ session }: Context, service: Fields): Task<readonly Fields[]> {
  const query = queryText({ labelSelector: `kubernetes.io/service-name=${nameOf(service)}` });
  return listAt(yield* session.rest.get(`/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(service)}/endpointslices${query}`), 'items');
}

const mostShown = 3;

/** The addresses behind a port: three at most, then how many more. */
export function endpointsText(slices: readonly Fields[], portName: string | undefined): string {
  if (slices.length === 0) return '<none>';
  const all: string[] = [];
  for (const slice of slices) {
    const ports = listAt(slice, 'ports').filter((port) => portName === undefined || textAt(port, 'name') === portName);
    for (const port of ports.length === 0 ? [] : ports) {
      for (const endpoint of listAt(slice, 'endpoints')) {
        if (at(endpoint, 'conditions', 'ready') === false) continue;
        for (const address of textsAt(endpoint, 'addresses')) all.push(`${address.includes(':') ? `[${address}]` : address}:${textAt(port, 'port')}`);
      }
    }
  }
  return all.length > mostShown ? `${all.slice(0, mostShown).join(',')} + ${all.length - mostShown} more...` : all.join(',');
}

function writePorts(w: Writer, service: Fields, slices: readonly Fields[]): void {
  for (const port of listAt(service, 'spec', 'ports')) {
    const name = textAt(port, 'name') || '<unset>';
    const protocol = textAt(port, 'protocol');
    w.line(0, `Port:\t${name}\t${textAt(port, 'port')}/${protocol}`);
    w.line(0, `TargetPort:\t${textAt(port, 'targetPort')}/${protocol}`);
    if (textAt(port, 'appProtocol') !== '') w.line(0, `AppProtocol:\t${textAt(port, 'appProtocol')}`);
    if (at(port, 'nodePort') !== undefined) w.line(0, `NodePort:\t${name}\t${textAt(port, 'nodePort')}/${protocol}`);
    w.line(0, `Endpoints:\t${endpointsText(slices, textAt(port, 'name'))}`);
  }
}

/** kubectl describe service */
export const describeService: Describer = function* (context, service) {
  const w = new Writer();
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  const spec = fieldsAt(service, 'spec');
  const texts = (key: string) => textsAt(spec, key).join(',');
  line('Name', nameOf(service));
  line('Namespace', namespaceOf(service));
  writeLabels(w, service);
  writeAnnotations(w, service);
  line('Selector', mapAt(spec, 'selector').map(([key, value]) => `${key}=${value}`).join(',') || '<none>');
  line('Type', textAt(spec, 'type'));
  if (textAt(spec, 'ipFamilyPolicy') !== '') line('IP Family Policy', textAt(spec, 'ipFamilyPolicy'));
  line('IP Families', texts('ipFamilies') || '<none>');
  line('IP', textAt(spec, 'clusterIP'));
  line('IPs', texts('clusterIPs') || '<none>');
  if (textsAt(spec, 'externalIPs').length > 0) line('External IPs', texts('externalIPs'));
  if (textAt(spec, 'loadBalancerIP') !== '') line('Desired LoadBalancer IP', textAt(spec, 'loadBalancerIP'));
  if (textAt(spec, 'externalName') !== '') line('External Name', textAt(spec, 'externalName'));
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress');
  if (ingress.length > 0) line('LoadBalancer Ingress', ingress.map((one) => `${textAt(one, 'ip') || textAt(one, 'hostname')}${textAt(one, 'ipMode') === '' ? '' : ` (${textAt(one, 'ipMode')})`}`).join(', '));
  writePorts(w, service, yield* slicesOf(context, service));
  line('Session Affinity', textAt(spec, 'sessionAffinity'));
  if (textAt(spec, 'externalTrafficPolicy') !== '') line('External Traffic Policy', textAt(spec, 'externalTrafficPolicy'));
  if (textAt(spec, 'internalTrafficPolicy') !== '') line('Internal Traffic Policy', textAt(spec, 'internalTrafficPolicy'));
  if (at(spec, 'healthCheckNodePort') !== undefined && textAt(spec, 'healthCheckNodePort') !== '0') line('HealthCheck NodePort', textAt(spec, 'healthCheckNodePort'));
  if (textsAt(spec, 'loadBalancerSourceRanges').length > 0) line('LoadBalancer Source Ranges', texts('loadBalancerSourceRanges'));
  if (textAt(spec, 'trafficDistribution') !== '') line('Traffic Distribution', textAt(spec, 'trafficDistribution'));
  return w;
};

function* backendText(context: Context, namespace: string, backend: Fields): Task<string> {
  const resource = fieldsAt(backend, 'resource');
  if (resource) return `APIGroup: ${textAt(resource, 'apiGroup') || '<none>'}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}`;
  const name = textAt(backend, 'service', 'name');
  const port = textAt(backend, 'service', 'port', 'number') || textAt(backend, 'service', 'port', 'name');
  try {
    const service = yield* context.session.rest.get(`/api/v1/namespaces/${namespace}/services/${name}`);
    const found = listAt(service, 'spec', 'ports').find((one) => textAt(one, 'port') === port || textAt(one, 'name') === port);
    const slices = yield* slicesOf(context, service);
    return `${name}:${port} (${found ? endpointsText(slices, textAt(found, 'name')) : slices.length === 0 ? '<none>' : ''})`;
  } catch (error) {
    return `${name}:${port} (<error: ${error instanceof Error ? error.message : String(error)}>)`;
  }
}

/** kubectl describe ingress */
export const describeIngress: Describer = function* (context, ingress) {
  const w = new Writer();
  const line = (key: string, value: string) => w.line(0, `${key}:\t${value}`);
  const namespace = namespaceOf(ingress);
  const spec = fieldsAt(ingress, 'spec');
  line('Name', nameOf(ingress));
  writeLabels(w, ingress);
  line('Namespace', namespace);
  line('Address', listAt(ingress, 'status', 'loadBalancer', 'ingress').map((one) => textAt(one, 'ip') || textAt(one, 'hostname')).join(','));
  line('Ingress Class', textAt(spec, 'ingressClassName') || '<none>');
  const fallback = fieldsAt(spec, 'defaultBackend');
  line('Default backend', fallback ? yield* backendText(context, namespace, fallback) : '<default>');
  const tls = listAt(spec, 'tls');
  if (tls.length > 0) {
    w.line(0, 'TLS:');
    for (const one of tls) {
      const hosts = textsAt(one, 'hosts').join(',');
      w.line(1, textAt(one, 'secretName') === '' ? `SNI routes ${hosts}` : `${textAt(one, 'secretName')} terminates ${hosts}`);
    }
  }
  w.line(0, 'Rules:');
  w.line(1, 'Host\tPath\tBackends');
  w.line(1, '----\t----\t--------');
  for (const rule of listAt(spec, 'rules')) {
    w.line(1, `${textAt(rule, 'host') || '*'}\t`);
    for (const path of listAt(rule, 'http', 'paths')) w.line(2, `\t${textAt(path, 'path')} \t${yield* backendText(context, namespace, fieldsAt(path, 'backend') ?? {})}`);
  }
  if (listAt(spec, 'rules').length === 0) w.line(1, `*\t*\t${fallback ? yield* backendText(context, namespace, fallback) : '<default>'}`);
  writeAnnotations(w, ingress);
  return w;
};

/** kubectl describe ingressclass */
export const describeIngressClass: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `Controller:\t${textAt(object, 'spec', 'controller')}`);
  const parameters = fieldsAt(object, 'spec', 'parameters');
  if (parameters) {
    w.line(0, 'Parameters:');
    if (textAt(parameters, 'apiGroup') !== '') w.line(1, `APIGroup:\t${textAt(parameters, 'apiGroup')}`);
    w.line(1, `Kind:\t${textAt(parameters, 'kind')}`);
    w.line(1, `Name:\t${textAt(parameters, 'name')}`);
  }
  return w;
};

/** kubectl describe endpoints */
export const describeEndpoints: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  w.line(0, `Namespace:\t${namespaceOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, 'Subsets:');
  for (const subset of listAt(object, 'subsets')) {
    const ips = (key: string) => listAt(subset, key).map((one) => textAt(one, 'ip')).join(',') || '<none>';
    w.line(1, `Addresses:\t${ips('addresses')}`);
    w.line(1, `NotReadyAddresses:\t${ips('notReadyAddresses')}`);
    if (listAt(subset, 'ports').length > 0) {
      w.line(1, 'Ports:');
      w.line(2, 'Name\tPort\tProtocol');
      w.line(2, '----\t----\t--------');
      for (const port of listAt(subset, 'ports')) w.line(2, `${textAt(port, 'name') || '<unset>'}\t${textAt(port, 'port')}\t${textAt(port, 'protocol')}`);
    }
    w.line(0, '');
  }
  return w;
};

/** kubectl describe endpointslice */
export const describeEndpointSlice: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  w.line(0, `Namespace:\t${namespaceOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
  w.line(0, `AddressType:\t${textAt(object, 'addressType')}`);
  const ports = listAt(object, 'ports');
  if (ports.length === 0) w.line(0, 'Ports: <unset>');
  else {
    w.line(0, 'Ports:');
    w.line(1, 'Name\tPort\tProtocol');
    w.line(1, '----\t----\t--------');
    for (const port of ports) w.line(1, `${textAt(port, 'name') || '<unset>'}\t${textAt(port, 'port')}\t${textAt(port, 'protocol')}`);
  }
  const endpoints = listAt(object, 'endpoints');
  if (endpoints.length === 0) w.line(0, 'Endpoints: <none>');
  else w.line(0, 'Endpoints:');
  for (const endpoint of endpoints) {
    w.line(1, `- Addresses:\t${textsAt(endpoint, 'addresses').join(', ')}`);
    w.line(2, 'Conditions:');
    w.line(3, `Ready:\t${textAt(endpoint, 'conditions', 'ready') || '<unset>'}`);
    w.line(2, `Hostname:\t${textAt(endpoint, 'hostname') || '<unset>'}`);
    const target = fieldsAt(endpoint, 'targetRef');
    if (target) w.line(2, `TargetRef:\t${textAt(target, 'kind')}/${textAt(target, 'name')}`);
    w.line(2, `NodeName:\t${textAt(endpoint, 'nodeName') || '<unset>'}`);
    w.line(2, `Zone:\t${textAt(endpoint, 'zone') || '<unset>'}`);
  }
  return w;
};
