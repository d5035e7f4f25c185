import type { Service, WebhookClientConfig } from '../../api';
import type { ServerParts } from '../call';

/** Somebody outside the API server could not be asked, or what he said makes no sense. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** A Service's port as an APIService or a webhook's configuration names it. */
export interface ServicePort {
  readonly name?: string;
  readonly namespace?: string;
  readonly port?: number;
}

const services = { group: '', version: 'v1', resource: 'services' };

/** Where a Service's port leads from the API server: its cluster IP, or the name that it stands for. Throws CallError. */
export function serviceAddress(server: ServerParts, { name = '', namespace = '', port = 443 }: ServicePort): string {
  const { spec } = server.get<Service>(services, namespace, name) ?? {};
  if (!spec) throw new CallError(`service ${JSON.stringify(name)} not found`);
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.clusterIP === 'None') throw new CallError('cannot route to service with ClusterIP "None"');
  if (!(spec.ports ?? []).some((one) => one.port === port)) throw new CallError(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return spec.clusterIP ?? '';
}

/** What a webhook's configuration leads to. */
export interface Target {
  /** As error texts name it. */
  readonly url: string;
  /** Path and query. */
  readonly path: string;
  readonly port: number;
  /** The name that its certificate must have. */
  readonly serverName: string;
  /** A host name or an IP address. Throws CallError. */
  address(): string;
}

/** `timeout` in seconds, as the query tells the webhook. */
export function targetOf(server: ServerParts, { url, service }: WebhookClientConfig, timeout: number): Target {
  const query = `?timeout=${timeout}s`;
  if (url !== undefined) {
    const [, host = '', port = '443', path = ''] = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
    return { url: url + query, path: (path === '' ? '/' : path) + query, port: Number(port), serverName: host, address: () => host };
  }
  const { name = '', namespace = '', port = 443, path = '' } = service ?? {};
  const own = `${path.startsWith('/') ? path : `/${path}`}${query}`;
  const serverName = `${name}.${namespace}.svc`;
  return { url: `https://${serverName}:${port}${own}`, path: own, port, serverName, address: () => serviceAddress(server, service ?? {}) };
}
