import { type ApiResponse, failure, type KubeObject, type EndpointSlice, type Pod, type Service } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest } from '../errors';

/** [scheme:]name[:port] as proxy paths name what they lead to. */
function target(text: string): { scheme: string; name: string; port: string } {
  const parts = text.split(':');
  if (parts.length === 3) return { scheme: parts[0] as string, name: parts[1] as string, port: parts[2] as string };
  return { scheme: '', name: parts[0] as string, port: parts[1] ?? '' };
}

const unavailable = (message: string) => failure(503, 'ServiceUnavailable', message);

function* pass(server: ServerParts, call: ResourceCall, address: string, port: number, tls: boolean): Task<ApiResponse> {
  const { request, info } = call;
  const query = request.url.indexOf('?');
  if (info.rest === '' && (request.method === 'GET' || request.method === 'HEAD')) {
    return { status: 301, headers: { location: `${info.path}/${query < 0 ? '' : request.url.slice(query)}` }, text: '' };
  }
  const url = `${info.rest === '' ? '/' : info.rest}${query < 0 ? '' : request.url.slice(query)}`;
  if (server.dialler === undefined) throw unavailable(`error trying to reach service: dial tcp ${address}:${port}: connect: connection refused`);
  try {
    const { status, headers, body } = yield* server.dialler.http({ address, port, ...(tls && { tls: { serverName: address } }) }, { method: request.method, url, headers: request.headers ?? {}, body: request.body instanceof Uint8Array ? request.body : undefined });
    return { status, headers, stream: body };
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AssertionError') throw error;
    throw unavailable(`error trying to reach service: ${error.message}`);
  }
}

/** pods/[scheme:]NAME[:port]/proxy */
export function* proxyToPod(server: ServerParts, call: ResourceCall, pod: Pod): Task<ApiResponse> {
  const { scheme, port } = target(call.info.name);
  const address = pod.status?.podIP ?? '';
  if (address === '') throw badRequest('address not allowed');
  const number = port === '' ? pod.spec?.containers[0]?.ports?.[0]?.containerPort : Number(port);
  return yield* pass(server, call, address, number ?? (scheme === 'https' ? 443 : 80), scheme === 'https');
}

/** services/[scheme:]NAME[:port]/proxy: straight to one ready endpoint. */
export function* proxyToService(server: ServerParts, call: ResourceCall, object: KubeObject): Task<ApiResponse> {
  const { scheme, name, port } = target(call.info.name);
  const service = object as Service;
  const ports = service.spec?.ports ?? [];
  const wanted = port === '' ? (ports.length === 1 ? ports[0] : undefined) : ports.find((one) => one.name === port || String(one.port) === port);
  if (wanted === undefined) throw unavailable(`no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`);
  const slices = server.list<EndpointSlice>({ group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }, call.namespace);
  for (const slice of slices) {
    if (slice.metadata?.labels?.['kubernetes.io/service-name'] !== name) continue;
    const number = slice.ports?.find((one) => (one.name ?? '') === (wanted.name ?? ''))?.port;
    const ready = slice.endpoints?.find((endpoint) => endpoint.conditions?.ready !== false);
    const address = ready?.addresses[0];
    if (number !== undefined && address !== undefined) return yield* pass(server, call, address, number, scheme === 'https');
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(call.info.name)}`);
}
