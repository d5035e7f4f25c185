import { type ApiResponse, failure, type Node, type Pod } from '../../api';
import { parseTime, type Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, invalid, notFound, unexpected } from '../errors';
import type { FieldError } from '../field';
import type { KubeletEndpoint, LogRequest } from '../nodes';
import { admissionSubject, writeRequest } from '../registry/write-request';
import { writeOptions } from '../registry/options';
import { readObject } from '../registry/read-object';
import { mutate, validate } from '../registry/admit';
import type { Query } from '../request/url';
import type { Draft } from '../resources/definition';
import { connectionOptions, kindOfConnection } from './connection-options';
import { forwardPorts } from './port-forward';
import { proxyToPod, proxyToService } from './proxy';

/** log, exec, attach, portforward and proxy: passed on to the kubelet or into the network. */
export function* answerStream(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { resource, subresource } = call.info;
  const object = yield* readObject(server, resource === 'services' ? { ...call, info: { ...call.info, name: serviceName(call.info.name) } } : call);
  if (subresource !== 'log') {
    const subject = { ...admissionSubject(writeRequest(call, writeOptions(call.query, 'CreateOptions')), 'CONNECT', object.metadata?.name ?? ''), kind: { group: '', version: 'v1', kind: kindOfConnection(call) } };
    const options = connectionOptions(call) as Draft;
    yield* mutate(server, subject, options, undefined);
    yield* validate(server, subject, options, undefined);
  }
  if (resource === 'nodes') return yield* proxyToNode(server, call, object.metadata?.name ?? '');
  if (resource === 'services') return yield* proxyToService(server, call, object);
  const pod = object as Pod;
  switch (subresource) {
    case 'log':
      return yield* log(server, call, pod);
    case 'portforward':
      return yield* forward(server, call, pod);
    case 'proxy':
      return yield* proxyToPod(server, call, pod);
    default:
      return yield* connect(server, call, pod, subresource === 'exec');
  }
}

/** The name in [scheme:]name[:port]. */
const serviceName = (text: string): string => {
  const parts = text.split(':');
  return parts.length === 3 ? (parts[1] as string) : (parts[0] as string);
};

/** The kubelet of the Pod's node. Throws when the Pod has none, or it is gone. */
function kubeletOf(server: ServerParts, pod: Pod): KubeletEndpoint {
  const nodeName = pod.spec?.nodeName ?? '';
  if (nodeName === '') throw badRequest(`pod ${pod.metadata?.name} does not have a host assigned`);
  return kubelet(server, nodeName, 'pods');
}

function kubelet(server: ServerParts, nodeName: string, resource: string): KubeletEndpoint {
  const node = server.get<Node>({ group: '', version: 'v1', resource: 'nodes' }, undefined, nodeName);
  if (node === undefined) throw notFound({ group: '', resource }, nodeName);
  const found = server.nodes?.kubeletFor(nodeName);
  if (found !== undefined) return found;
  const address = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? nodeName;
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250;
  throw failure(500, 'InternalError', `dial tcp ${address}:${port}: connect: connection refused`);
}

/** The container that is meant: the named one, the annotated one, or the only or first one. Throws a 400. */
function containerOf(pod: Pod, named: string, toLog: boolean): string {
  const name = pod.metadata?.name ?? '';
  const containers = (pod.spec?.containers ?? []).map((container) => container.name);
  const inits = (pod.spec?.initContainers ?? []).map((container) => container.name);
  const ephemeral = (pod.spec?.ephemeralContainers ?? []).map((container) => container.name);
  if (named !== '') {
    if ([...containers, ...inits, ...ephemeral].includes(named)) return named;
    throw badRequest(`container ${named} is not valid for pod ${name}`);
  }
  if (containers.length === 1 && inits.length === 0) return containers[0] as string;
  const annotated = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated !== undefined && containers.includes(annotated) && toLog) return annotated;
  const lists = [`choose one of: [${containers.join(' ')}]`, ...(inits.length > 0 ? [`or one of the init containers: [${inits.join(' ')}]`] : []), ...(ephemeral.length > 0 ? [`or one of the ephemeral containers: [${ephemeral.join(' ')}]`] : [])];
  throw badRequest(`a container name must be specified for pod ${name}, ${lists.join(' ')}`);
}

function integer(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function logOptions(query: Query, name: string): LogRequest {
  const tailLines = integer(query, 'tailLines');
  const limitBytes = integer(query, 'limitBytes');
  const sinceSeconds = integer(query, 'sinceSeconds');
  const sinceText = query.get('sinceTime');
  const stream = query.get('stream');
  const errors: FieldError[] = [];
  const tooSmall = (field: string, value: number, bound: string) => errors.push({ type: 'FieldValueInvalid', field, message: `Invalid value: ${value}: must be greater than ${bound}` });
  if (tailLines !== undefined && tailLines < 0) tooSmall('tailLines', tailLines, 'or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) tooSmall('limitBytes', limitBytes, '0');
  if (sinceSeconds !== undefined && sinceText !== undefined) errors.push({ type: 'FieldValueForbidden', field: '', message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified' });
  else if (sinceSeconds !== undefined && sinceSeconds < 1) tooSmall('sinceSeconds', sinceSeconds, '0');
  if (stream !== undefined && !['All', 'Stdout', 'Stderr'].includes(stream)) errors.push({ type: 'FieldValueNotSupported', field: 'stream', message: `Unsupported value: ${JSON.stringify(stream)}: supported values: "All", "Stderr", "Stdout"` });
  if (errors.length > 0) throw invalid('', 'PodLogOptions', name, errors);
  const sinceTime = sinceText === undefined ? undefined : parseTime(sinceText);
  return {
    follow: query.flag('follow'),
    previous: query.flag('previous'),
    timestamps: query.flag('timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(stream !== undefined && { stream: stream as 'All' | 'Stdout' | 'Stderr' }),
  };
}

function* log(server: ServerParts, call: ResourceCall, pod: Pod): Task<ApiResponse> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const options = logOptions(call.query, name);
  const container = containerOf(pod, call.query.get('container') ?? '', true);
  if (!pod.spec?.nodeName) return { status: 204 };
  return yield* kubeletOf(server, pod).logs(namespace, name, container, options);
}

function* connect(server: ServerParts, call: ResourceCall, pod: Pod, exec: boolean): Task<ApiResponse> {
  const { query } = call;
  const { name = '', namespace = '' } = pod.metadata ?? {};
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const container = containerOf(pod, query.get('container') ?? '', false);
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') throw unexpected(`cannot ${exec ? 'exec into' : 'attach to'} a container in a completed pod; current phase is ${phase}`);
  const streams = { stdin: query.flag('stdin'), stdout: query.flag('stdout'), stderr: query.flag('stderr'), tty: query.flag('tty') };
  const target = kubeletOf(server, pod);
  if (!call.request.upgrade) throw badRequest('Upgrade request required');
  if (!exec) return yield* target.attach(namespace, name, container, streams);
  return yield* target.exec(namespace, name, container, query.all('command'), streams);
}

function* forward(server: ServerParts, call: ResourceCall, pod: Pod): Task<ApiResponse> {
  const { name = '', namespace = '' } = pod.metadata ?? {};
  const target = kubeletOf(server, pod);
  if (!call.request.upgrade) throw badRequest('Upgrade request required');
  return yield* forwardPorts(server.kernel, target, namespace, name, call.query.all('ports').flatMap((text) => text.split(',')).map(Number));
}

function* proxyToNode(server: ServerParts, call: ResourceCall, name: string): Task<ApiResponse> {
  const target = kubelet(server, name, 'nodes');
  if (target.proxy === undefined) return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, text: '404 page not found\n' };
  const { request, info } = call;
  const query = request.url.indexOf('?');
  return yield* target.proxy({ method: request.method, url: `${info.rest === '' ? '/' : info.rest}${query < 0 ? '' : request.url.slice(query)}`, headers: request.headers ?? {}, body: request.body instanceof Uint8Array ? request.body : undefined });
}

