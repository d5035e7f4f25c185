import type { ResourceCall } from '../call';

const names: Readonly<Record<string, string>> = { exec: 'PodExecOptions', attach: 'PodAttachOptions', portforward: 'PodPortForwardOptions' };
const owners: Readonly<Record<string, string>> = { pods: 'Pod', services: 'Service', nodes: 'Node' };

/** The kind of the options that connecting to a subresource takes. */
export const kindOfConnection = ({ info }: ResourceCall): string => names[info.subresource] ?? `${owners[info.resource]}ProxyOptions`;

/** The options of a request that connects, as an object: what admission sees of it. */
export function connectionOptions(call: ResourceCall): object {
  const { info, query } = call;
  const head = { kind: kindOfConnection(call), apiVersion: 'v1' };
  if (info.subresource === 'proxy') return { ...head, ...(info.rest !== '' && { path: info.rest }) };
  if (info.subresource === 'portforward') return { ...head, ports: query.all('ports').flatMap((text) => text.split(',')).map(Number) };
  const streams = Object.fromEntries(['stdin', 'stdout', 'stderr', 'tty'].filter((name) => query.flag(name)).map((name) => [name, true]));
  const container = query.get('container');
  return { ...head, ...streams, ...(container !== undefined && { container }), ...(info.subresource === 'exec' && { command: query.all('command') }) };
}
