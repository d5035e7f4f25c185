import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag, quote } from '../../flags';
import type { Context } from '../../command';
import { named, type Generator } from './generator';

const place = { group: '', version: 'v1', resource: 'services', kind: 'Service', namespaced: true } as const;
const tcpFlag = flag('--tcp=[]', 'PORT or PORT:TARGETPORT; may be repeated.', { kind: 'commaList' });

function portNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`strconv.ParseUint: parsing ${quote(text)}: invalid syntax`);
  const value = Number(text);
  if (value > 0xffffffff) throw new CommandError(`strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  return value;
}

function servicePorts({ flags }: Context, nodePort = 0): Fields[] {
  return flags.list('tcp').map((text) => {
    const [portText = '', targetText] = text.split(':');
    const port = portNumber(portText);
    const target = targetText === undefined ? port : /^\d+$/.test(targetText) ? Number(targetText) : targetText;
    if (port < 1 || port > 65535) throw new CommandError(`invalid port specified`);
    return { name: text.replace(':', '-'), ...(nodePort !== 0 && { nodePort }), port, protocol: 'TCP', targetPort: target };
  });
}

const service = (name: string, spec: Fields): Fields => ({ ...named('v1', 'Service', name, { app: name }), spec, status: { loadBalancer: {} } });

function requirePorts(ports: readonly Fields[]): readonly Fields[] {
  if (ports.length === 0) throw new CommandError('at least one tcp port specifier must be provided');
  return ports;
}

/** kubectl create service clusterip */
export const clusterIp: Generator = {
  name: 'clusterip',
  use: 'NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
  short: 'Create a ClusterIP service',
  flags: [flag("--clusterip=''", 'Cluster IP to ask for; None for a headless service.'), tcpFlag],
  place,
  failure: 'failed to create ClusterIP service: ',
  *make(context, name) {
    const clusterIP = context.flags.string('clusterip');
    const ports = servicePorts(context);
    if (clusterIP !== 'None') requirePorts(ports);
    return service(name, { ...(clusterIP !== '' && { clusterIP }), ...(ports.length > 0 && { ports }), selector: { app: name }, type: 'ClusterIP' });
  },
};

/** kubectl create service nodeport */
export const nodePort: Generator = {
  name: 'nodeport',
  use: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  short: 'Create a NodePort service',
  flags: [flag('--node-port=0', 'Port on every node.', { bits: 32 }), tcpFlag],
  place,
  failure: 'failed to create NodePort service: ',
  *make(context, name) {
    return service(name, { ports: requirePorts(servicePorts(context, context.flags.number('node-port'))), selector: { app: name }, type: 'NodePort' });
  },
};

/** kubectl create service loadbalancer */
export const loadBalancer: Generator = {
  name: 'loadbalancer',
  use: 'NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  short: 'Create a LoadBalancer service',
  flags: [tcpFlag],
  place,
  failure: 'failed to create LoadBalancer service: ',
  *make(context, name) {
    return service(name, { ports: requirePorts(servicePorts(context)), selector: { app: name }, type: 'LoadBalancer' });
  },
};

/** kubectl create service externalname */
export const externalName: Generator = {
  name: 'externalname',
  use: 'NAME --external-name external.name [--dry-run=server|client|none]',
  short: 'Create an ExternalName service',
  flags: [flag("--external-name=''", 'DNS name that the service stands for.', { required: true }), tcpFlag],
  place,
  failure: 'failed to create ExternalName service: ',
  *make(context, name) {
    const external = context.flags.string('external-name');
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(external)) throw new CommandError(`invalid service external name ${external}`);
    const ports = servicePorts(context);
    return service(name, { externalName: external, ...(ports.length > 0 && { ports }), selector: { app: name }, type: 'ExternalName' });
  },
};
