import type { Pod } from '../api';
import type { NetworkNamespace } from '../network';
import type { FileTree } from '../runtime';
import type { PodPlace } from './start';
import type { PodVolumes } from './volumes';
import type { NodeWorld } from './world';

const fixedHosts = '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';

/** The Pod's host name, and its full name when it has a subdomain. (kubernetes.io: Pod's hostname and subdomain fields) */
export function hostNames(pod: Pod, domain: string): { readonly hostname: string; readonly full: string | undefined } {
  const spec = pod.spec;
  const name = (spec?.hostname ?? pod.metadata?.name ?? '').slice(0, 63).replace(/[-.]+$/, '');
  const override = (spec as { readonly hostnameOverride?: string } | undefined)?.hostnameOverride;
  if (override) return { hostname: override, full: undefined };
  if (!spec?.subdomain) return { hostname: name, full: undefined };
  const full = `${name}.${spec.subdomain}.${pod.metadata?.namespace}.svc.${domain}`;
  return { hostname: spec.setHostnameAsFQDN ? full : name, full };
}

function hostsFile(pod: Pod, address: string, domain: string): string {
  const { hostname, full } = hostNames(pod, domain);
  const short = full ? (full.split('.')[0] as string) : hostname;
  const aliases = pod.spec?.hostAliases ?? [];
  const added = aliases.length === 0 ? '' : `\n# Entries added by HostAliases.\n${aliases.map((alias) => `${alias.ip}\t${(alias.hostnames ?? []).join('\t')}\n`).join('')}`;
  return `${fixedHosts}${address}\t${full ? `${full}\t${short}` : hostname}\n${added}`;
}

/** /etc/resolv.conf by dnsPolicy and dnsConfig. (kubernetes.io: DNS for Services and Pods) */
function resolvConf(pod: Pod, world: NodeWorld, host: string): string {
  const { clusterDns, clusterDomain } = world.facts;
  const policy = pod.spec?.dnsPolicy ?? 'ClusterFirst';
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && pod.spec?.hostNetwork !== true);
  const config = pod.spec?.dnsConfig;
  if (!cluster && policy !== 'None' && !config) return host;
  const namespace = pod.metadata?.namespace;
  const searches = [...(cluster ? [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain] : []), ...(config?.searches ?? [])];
  const servers = [...(cluster ? [clusterDns] : []), ...(config?.nameservers ?? [])];
  const options = new Map<string, string | undefined>(cluster ? [['ndots', '5']] : []);
  for (const option of config?.options ?? []) options.set(option.name ?? '', option.value);
  const lines = [
    ...(searches.length ? [`search ${[...new Set(searches)].join(' ')}`] : []),
    ...[...new Set(servers)].map((server) => `nameserver ${server}`),
    ...(options.size ? [`options ${[...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`)).join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Makes what a Pod's containers share: network namespace, sandbox, the files under /etc. */
export function makePlace(world: NodeWorld, pod: Pod, volumes: PodVolumes): { place: PodPlace; network: NetworkNamespace; close: () => void } {
  const onHost = pod.spec?.hostNetwork === true;
  const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
  const network = onHost ? world.node.host : world.node.createPodNamespace(name);
  const podIPs = world.facts.podAddress !== undefined ? [world.facts.podAddress] : onHost ? [world.facts.address] : [...network.addresses];
  const { hostname } = hostNames(pod, world.facts.clusterDomain);
  const shown = onHost ? world.facts.name : hostname;
  const etc: FileTree = world.runtime.createTree();
  const host = world.volumes.host;
  const text = (path: string): Uint8Array | string => (host.exists(path) ? host.readFile(path) : '');
  etc.writeFile('/etc/hosts', onHost ? text('/etc/hosts') : hostsFile(pod, podIPs[0] ?? '', world.facts.clusterDomain), { mode: 0o644 });
  etc.writeFile('/etc/hostname', `${shown}\n`, { mode: 0o644 });
  const resolv = text('/etc/resolv.conf');
  etc.writeFile('/etc/resolv.conf', resolvConf(pod, world, typeof resolv === 'string' ? resolv : String.fromCharCode(...resolv)), { mode: 0o644 });
  const sandbox = world.runtime.createSandbox({
    name: pod.metadata?.name ?? '', namespace: pod.metadata?.namespace ?? '', uid: pod.metadata?.uid ?? '', hostname: shown, network,
    shareProcesses: pod.spec?.shareProcessNamespace === true,
  });
  const undo = onHost ? [] : forwardPorts(world, pod, podIPs[0] ?? '');
  const close = (): void => {
    for (const stop of undo) stop();
    sandbox.remove();
    if (!onHost) network.close();
  };
  return { place: { sandbox, podIPs, volumes, etc }, network, close };
}

function forwardPorts(world: NodeWorld, pod: Pod, address: string): (() => void)[] {
  return (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []).flatMap((port) => {
    const protocol = port.protocol ?? 'TCP';
    if (!port.hostPort || (protocol !== 'TCP' && protocol !== 'UDP')) return [];
    return [world.node.forwardHostPort(protocol, { ...(port.hostIP && { address: port.hostIP }), port: port.hostPort }, { address, port: port.containerPort })];
  });
}
