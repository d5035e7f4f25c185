import { cidrProblems, ipProblems, isDns1123Subdomain, isDns1123Label, isQualifiedName, isValidPortName, parseCidr, parseIp, type Service, type ServicePort, type ServiceSpec } from '../../../../api';
import { Errors, labelErrors, type Path, portNumberReasons } from '../../../field';
import { checkIp, checkOneOf } from '../../pod-spec';
import { internalView } from '../../internal-view';
import { specPath, statusPath } from '../../strategy';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const portsPath = specPath.child('ports');

function checkPort(port: ServicePort, needsName: boolean, names: Set<string>, path: Path, errors: Errors): void {
  const { name = '', protocol = '', targetPort = 0, appProtocol } = port;
  if (needsName && name === '') errors.required(path.child('name'));
  else if (name !== '') {
    errors.invalidEach(path.child('name'), name, isDns1123Label(name));
    if (names.has(name)) errors.duplicate(path.child('name'), name);
    names.add(name);
  }
  errors.invalidEach(path.child('port'), port.port, portNumberReasons(port.port));
  if (protocol === '') errors.required(path.child('protocol'));
  else checkOneOf(protocol, ['SCTP', 'TCP', 'UDP'], path.child('protocol'), errors);
  errors.invalidEach(path.child('targetPort'), targetPort, typeof targetPort === 'number' ? portNumberReasons(targetPort) : isValidPortName(targetPort));
  if (appProtocol !== undefined) errors.invalidEach(path.child('appProtocol'), appProtocol, isQualifiedName(appProtocol));
}

function checkPorts(spec: ServiceSpec, errors: Errors): void {
  const ports = spec.ports ?? [];
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.required(portsPath);
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) checkPort(port, ports.length > 1, names, portsPath.index(index), errors);
}

function checkLaterPorts(spec: ServiceSpec, errors: Errors): void {
  const taken = new Set<string>();
  for (const [index, { nodePort = 0 }] of (spec.ports ?? []).entries()) {
    const path = portsPath.index(index);
    if (spec.type === 'ClusterIP' && nodePort !== 0) errors.forbidden(path.child('nodePort'), "may not be used when `type` is 'ClusterIP'");
  }
  for (const [index, { protocol = '', nodePort = 0 }] of (spec.ports ?? []).entries()) {
    if (nodePort === 0) continue;
    const key = `${protocol}/${nodePort}`;
    if (taken.has(key)) errors.duplicate(portsPath.index(index).child('nodePort'), nodePort);
    taken.add(key);
  }
  const seen = new Set<string>();
  for (const [index, { protocol = '', port }] of (spec.ports ?? []).entries()) {
    const key = `${protocol}/${port}`;
    if (seen.has(key)) errors.duplicate(portsPath.index(index), internalView('io.k8s.api.core.v1.ServicePort', { protocol, port }));
    seen.add(key);
  }
}

const specialNetworks = ['0.0.0.0', '::'];

function checkExternalIp(ip: string, path: Path, errors: Errors): void {
  const address = parseIp(ip);
  if (!address || ipProblems(ip).length > 0) return checkIp(ip, path, errors);
  const inside = (network: string) => {
    const parsed = parseCidr(network);
    return parsed !== undefined && address.family === parsed.address.family && ((address.bits >> BigInt((address.family === 4 ? 32 : 128) - parsed.prefix)) === (parsed.address.bits >> BigInt((address.family === 4 ? 32 : 128) - parsed.prefix)));
  };
  if (specialNetworks.includes(ip)) errors.invalid(path, ip, `may not be unspecified (${ip})`);
  if (inside('127.0.0.0/8') || ip === '::1') errors.invalid(path, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
  if (inside('169.254.0.0/16') || inside('fe80::/10')) errors.invalid(path, ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  if (inside('224.0.0.0/24') || inside('ff02::/16')) errors.invalid(path, ip, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
}

function checkByType(spec: ServiceSpec, errors: Errors): void {
  const { type, clusterIP = '' } = spec;
  if (type === 'LoadBalancer') {
    if (clusterIP === 'None') errors.invalid(specPath.child('clusterIPs').index(0), clusterIP, "may not be set to 'None' for LoadBalancer services");
  }
  if (type === 'NodePort' && clusterIP === 'None') errors.invalid(specPath.child('clusterIPs').index(0), clusterIP, "may not be set to 'None' for NodePort services");
  if (type === 'ExternalName') {
    if ((spec.clusterIPs ?? []).length > 0) errors.forbidden(specPath.child('clusterIPs'), 'may not be set for ExternalName services');
    if ((spec.ipFamilies ?? []).length > 0) errors.forbidden(specPath.child('ipFamilies'), 'may not be set for ExternalName services');
    if (spec.ipFamilyPolicy !== undefined) errors.forbidden(specPath.child('ipFamilyPolicy'), 'may not be set for ExternalName services');
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (name === '') errors.required(specPath.child('externalName'));
    else errors.invalidEach(specPath.child('externalName'), name, isDns1123Subdomain(name));
  }
}

function checkAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec, errors: Errors): void {
  const path = specPath.child('sessionAffinity');
  if (sessionAffinity === undefined || (sessionAffinity as string) === '') errors.required(path);
  else checkOneOf(sessionAffinity, ['ClientIP', 'None'], path, errors);
  const config = specPath.child('sessionAffinityConfig');
  if (sessionAffinity === 'ClientIP') {
    const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (timeout !== undefined && (timeout <= 0 || timeout > 86_400)) errors.invalid(config.child('clientIP').child('timeoutSeconds'), timeout, 'must be greater than 0 and less than 86400');
  } else if (sessionAffinityConfig !== undefined) errors.forbidden(config, "must not be set when session affinity is None");
}

/** Checks that both fields for a Service's addresses say the same. */
export function checkClusterIps(spec: ServiceSpec, errors: Errors): void {
  const { clusterIP = '', clusterIPs = [] } = spec;
  const path = specPath.child('clusterIPs');
  if (clusterIP !== '' && clusterIPs.length === 0) errors.required(path);
  if (clusterIPs.length > 0 && clusterIP === '') errors.invalid(path, clusterIPs, 'must be empty when `clusterIP` is not specified');
  else if (clusterIPs.length > 0 && clusterIPs[0] !== clusterIP) errors.invalid(path, clusterIPs, 'first value must match `clusterIP`');
}

/** Checks each of a Service's addresses. */
export function checkEachIp(spec: ServiceSpec, errors: Errors): void {
  const { clusterIPs = [], ipFamilies: families = [] } = spec;
  const path = specPath.child('clusterIPs');
  if (clusterIPs.length === 0) return;
  for (const [index, ip] of clusterIPs.entries()) {
    if (ip === 'None' && index === 0) {
      if (clusterIPs.length > 1) errors.invalid(path, clusterIPs, "'None' must be the first and only value");
      continue;
    }
    checkIp(ip, path.index(index), errors);
    const family = families[index];
    const own = parseIp(ip)?.family;
    if (own !== undefined && (family === 'IPv4' || family === 'IPv6') && (own === 4) !== (family === 'IPv4')) {
      errors.invalid(path.index(index), ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``);
    }
  }
  if (clusterIPs.length > 2) errors.invalid(path, clusterIPs, 'may only hold up to 2 values');
  const own = clusterIPs.map((ip) => parseIp(ip)?.family);
  if (clusterIPs.length === 2 && own[0] !== undefined && own[0] === own[1]) errors.invalid(path, clusterIPs, 'may specify no more than one IP for each IP family');
}

/** Checks the families of the addresses. */
export function checkFamilies(spec: ServiceSpec, errors: Errors): void {
  const { ipFamilies = [], ipFamilyPolicy } = spec;
  const seen = new Set<string>();
  for (const [index, family] of ipFamilies.entries()) {
    if (family !== 'IPv4' && family !== 'IPv6') errors.notSupported(specPath.child('ipFamilies').index(index), family, ['IPv4', 'IPv6']);
    if (seen.has(family)) errors.duplicate(specPath.child('ipFamilies').index(index), family);
    seen.add(family);
  }
  if (ipFamilyPolicy !== undefined) checkOneOf(ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], specPath.child('ipFamilyPolicy'), errors);
}

function checkTraffic(spec: ServiceSpec, errors: Errors): void {
  const { type, externalTrafficPolicy = '', internalTrafficPolicy, healthCheckNodePort = 0 } = spec;
  const external = specPath.child('externalTrafficPolicy');
  const facesOutside = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
  if (!facesOutside) {
    if ((externalTrafficPolicy as string) !== '') errors.invalid(external, externalTrafficPolicy, 'may only be set for externally-accessible services');
  } else if ((externalTrafficPolicy as string) === '') {
    if (type !== 'ClusterIP') errors.required(external);
  } else checkOneOf(externalTrafficPolicy, ['Cluster', 'Local'], external, errors);
  const health = specPath.child('healthCheckNodePort');
  if (!(type === 'LoadBalancer' && externalTrafficPolicy === 'Local')) {
    if (healthCheckNodePort !== 0) errors.invalid(health, healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
  } else if (healthCheckNodePort !== 0) errors.invalidEach(health, healthCheckNodePort, portNumberReasons(healthCheckNodePort));
  if (type === 'ExternalName' || internalTrafficPolicy === undefined) return;
  checkOneOf(internalTrafficPolicy, ['Cluster', 'Local'], specPath.child('internalTrafficPolicy'), errors);
}

function checkLoadBalancer(spec: ServiceSpec, errors: Errors): void {
  const { type, loadBalancerSourceRanges = [], allocateLoadBalancerNodePorts, loadBalancerClass } = spec;
  const ranges = specPath.child('LoadBalancerSourceRanges');
  if (loadBalancerSourceRanges.length > 0) {
    if (type !== 'LoadBalancer') errors.forbidden(ranges, "may only be used when `type` is 'LoadBalancer'");
    for (const [index, text] of loadBalancerSourceRanges.entries()) {
      errors.invalidEach(ranges.index(index), text, cidrProblems(text.trim()));
    }
  }
  if (type === 'LoadBalancer' && allocateLoadBalancerNodePorts === undefined) errors.required(specPath.child('allocateLoadBalancerNodePorts'));
  if (type !== 'LoadBalancer' && allocateLoadBalancerNodePorts !== undefined) errors.forbidden(specPath.child('allocateLoadBalancerNodePorts'), "may only be used when `type` is 'LoadBalancer'");
  if (loadBalancerClass !== undefined) {
    if (type !== 'LoadBalancer') errors.forbidden(specPath.child('loadBalancerClass'), "may only be used when `type` is 'LoadBalancer'");
    errors.invalidEach(specPath.child('loadBalancerClass'), loadBalancerClass, isQualifiedName(loadBalancerClass));
  }
}

/** Checks a Service's spec, whose addresses have been allocated. The order of errors is the server's. */
export function checkService(service: Service, errors: Errors): void {
  const spec = service.spec ?? {};
  checkByType(spec, errors);
  checkPorts(spec, errors);
  if (spec.type === 'LoadBalancer') {
    for (const [index, { protocol = '' }] of (spec.ports ?? []).entries()) if (!['TCP', 'UDP', 'SCTP'].includes(protocol)) errors.invalid(portsPath.index(index).child('protocol'), protocol, 'cannot create an external load balancer with non-TCP/UDP/SCTP ports');
  }
  if (spec.selector) labelErrors(spec.selector, specPath.child('selector'), errors);
  checkAffinity(spec, errors);
  for (const [index, ip] of (spec.externalIPs ?? []).entries()) checkExternalIp(ip, specPath.child('externalIPs').index(index), errors);
  if ((spec.type as string | undefined ?? '') === '') errors.required(specPath.child('type'));
  else checkOneOf(spec.type as string, types, specPath.child('type'), errors);
  checkLaterPorts(spec, errors);
  checkLoadBalancer(spec, errors);
  checkTraffic(spec, errors);
  if (spec.trafficDistribution !== undefined) checkOneOf(spec.trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode'], specPath.child('trafficDistribution'), errors);
}


/** Checks a Service's status. */
export function checkServiceStatus({ spec, status }: Service, errors: Errors): void {
  const path = statusPath.child('loadBalancer').child('ingress');
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec?.type !== 'LoadBalancer') {
    if (ingress.length > 0) errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
    return;
  }
  for (const [index, { ip = '', hostname = '', ipMode }] of ingress.entries()) {
    const at = path.index(index);
    if (ip !== '') checkIp(ip, at.child('ip'), errors);
    if (ip === '' && ipMode !== undefined) errors.forbidden(at.child('ipMode'), 'may not be specified when `ip` is not set');
    else if (ipMode !== undefined) checkOneOf(ipMode, ['Proxy', 'VIP'], at.child('ipMode'), errors);
    if (hostname !== '') errors.invalidEach(at.child('hostname'), hostname, isDns1123Subdomain(hostname));
  }
}
