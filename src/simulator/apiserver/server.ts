import type { ApiHandler, Describe, GroupVersionResource, KubeObject, UserInfo } from '../api';
import type { Etcd } from '../etcd';
import { Future, type Kernel, minutes, type Task } from '../kernel';
import { createAccess } from './access';
import { AdmissionChain, firstPlugins } from './admission';
import type { AdmissionPlugin } from './admission/plugin';
import type { StaticTokens } from './authentication/authenticator';
import { keepEndpoint } from './bootstrap/endpoints';
import { bootstrapOnce } from './bootstrap/remembered';
import type { ServerParts } from './call';
import { CustomResources } from './customresources/controller';
import { FlowControl, SchemaConditions } from './flow';
import { createHandler } from './handler';
import { RequestMetrics } from './metrics';
import type { Dialler, NodeConnector } from './nodes';
import type { OpenApi } from './openapi';
import { createPaths } from './paths';
import { ServedResources } from './served';
import type { ServerSoftware } from './software';

export interface ApiServerOptions {
  readonly kernel: Kernel;
  /** Its `stamp` must be `stampResourceVersion`. */
  readonly etcd: Etcd;
  /** In the order in which they are asked; by default those that the real one has on. */
  readonly admission?: readonly AdmissionPlugin[];
  /** --token-auth-file */
  readonly tokens?: StaticTokens;
  /** --service-account-signing-key-file: any secret text. */
  readonly signingKey?: string;
  /** Where clients reach this server. Default 192.0.2.1:6443. */
  readonly advertise?: { readonly address: string; readonly port: number };
  /** --service-cluster-ip-range; default 10.96.0.0/16. */
  readonly serviceRange?: string;
  /** Whether the Service `kubernetes` has endpoints. Default true. */
  readonly kubernetesEndpoints?: boolean;
  /** PEM of the authority that signs client certificates. */
  readonly clientCa?: string;
  /** Whether to create what every cluster begins with, before the first request is answered. Default true. */
  readonly bootstrap?: boolean;
  /** How to reach kubelets: logs, exec, attach, port-forward. */
  readonly nodes?: NodeConnector;
  /** How to reach Pods, Services and webhooks. */
  readonly dialler?: Dialler;
  /** --authorization-mode: AlwaysAllow asks nobody. Default Node,RBAC. */
  readonly authorization?: 'AlwaysAllow' | 'Node,RBAC';
  /** What OpenAPI says of types and fields; by default nothing. */
  readonly describe?: Describe;
}

export interface ApiServer {
  /** Answers one request, from whatever client. */
  readonly handle: ApiHandler;
  /** Completes the server, before anybody asks for a kind that no cluster begins with. */
  install(software: ServerSoftware): void;
  /** Keeps this server among the endpoints of the Service `kubernetes` for as long as the task runs. Only where there are several servers. */
  keepEndpoint(): Task;
  /** What is stored, seen from outside the simulated world: nothing is recorded and no time passes. */
  peek<T extends KubeObject>(resource: GroupVersionResource, namespace?: string): readonly T[];
}

/** The server's own identity, which may do everything. */
const loopbackUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
/** How often the history of the store is forgotten (kube-apiserver's --etcd-compaction-interval). */
const compactionInterval = minutes(5);

/** An API server over an etcd that still needs its software. */
export function createApiServerAlone(options: ApiServerOptions): ApiServer {
  const { kernel, etcd } = options;
  const served = new ServedResources(etcd);
  const find = (resource: GroupVersionResource) => served.find(resource.group, resource.version, resource.resource);
  const get = <T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string) => {
    const found = find(resource);
    const object = found?.storage?.get(namespace, name);
    return (object && found?.conversion ? found.conversion.fromStored(object) : object) as T | undefined;
  };
  const access = createAccess(options, served, get);
  const server: ServerParts = {
    kernel,
    etcd,
    random: kernel.random.fork('apiserver'),
    served,
    admission: new AdmissionChain(options.admission ?? firstPlugins()),
    authorizer: access.authorizer,
    access,
    nodes: options.nodes,
    dialler: options.dialler,
    loopback: (request) => loopback(request),
    get,
    list: <T extends KubeObject>(resource: GroupVersionResource, namespace?: string) => (find(resource)?.storage?.list(namespace) ?? []) as readonly KubeObject[] as readonly T[],
  };
  let openApi: OpenApi | undefined;
  const metrics = new RequestMetrics(served);
  const { address, port } = options.advertise ?? { address: '192.0.2.1', port: 6443 };
  const { handle: paths } = createPaths({ served, advertise: `${address}:${port}`, issuer: access.tokens.issuer, signer: access.signer, sections: { openapi: (call) => (openApi ??= served.software.openApi(served, options.describe ?? (() => undefined))).answer(call), metrics: () => metrics.answer() } });
  const loopback = createHandler({ server, identify: () => loopbackUser, authorize: () => undefined, paths });
  const answer = createHandler({ server, identify: access.identify, authorize: access.authorize, paths, flow: new FlowControl(etcd), metrics });
  const customResources = new CustomResources(server);
  kernel.spawn('custom resources', customResources.run(), null);
  compactRegularly(kernel, etcd);
  const install = (software: ServerSoftware): void => {
    served.install(software);
    customResources.restore();
    served.aggregation = software.aggregate(server);
    if (options.admission === undefined) server.admission.use(software.plugins);
  };
  const keeper = { kernel, etcd, loopback, advertise: { address, port } };
  const followSchemas = (): void => void kernel.spawn('flow schemas', new SchemaConditions(kernel, etcd, loopback).run(), null);
  if (options.bootstrap === false) {
    followSchemas();
    return { handle: answer, install, peek: server.list, keepEndpoint: () => keepEndpoint(keeper) };
  }
  const ready = new Future<undefined>();
  // It draws from a stream of its own, so that the server goes on alike whether it was carried out or remembered.
  const random = kernel.random.fork('bootstrap');
  const seed = random.fork('seed').hex(16);
  const own = createHandler({ server: { ...server, random }, identify: () => loopbackUser, authorize: () => undefined, paths });
  kernel.spawn('apiserver bootstrap', begin(options, own, seed, ready, followSchemas), null);
  return {
    handle: (request) => (ready.settled ? answer(request) : waitFor(ready, () => answer(request))),
    install,
    peek: server.list,
    keepEndpoint: () => keepEndpoint(keeper),
  };
}

function* waitFor<T>(ready: Future<undefined>, then: () => Task<T>): Task<T> {
  yield* ready.wait();
  return yield* then();
}

/** Creates what every cluster begins with; then requests are answered. */
function* begin(options: ApiServerOptions, loopback: ApiHandler, seed: string, ready: Future<undefined>, then: () => void): Task {
  const serviceRange = options.serviceRange ?? '10.96.0.0/16';
  const what = {
    kernel: options.kernel,
    loopback,
    serviceRange,
    serviceAddress: serviceRange.replace(/\d+\/\d+$/, '1'),
    advertise: options.advertise ?? { address: '192.0.2.1', port: 6443 },
    endpoints: options.kubernetesEndpoints ?? true,
    clientCa: options.clientCa ?? '',
  };
  yield* bootstrapOnce(what, options.etcd, seed);
  yield* options.etcd.propose({ type: 'compact', revision: options.etcd.revision });
  then();
  ready.resolve(undefined);
}

/** Forgets what is older than one interval, as long as anything happens. */
function compactRegularly(kernel: Kernel, etcd: Etcd): void {
  let mark = etcd.revision;
  const tick = () => {
    const revision = mark;
    mark = etcd.revision;
    if (revision > etcd.compactRevision) kernel.spawn('apiserver compaction', etcd.propose({ type: 'compact', revision }), null);
    kernel.after(compactionInterval, tick);
  };
  kernel.after(compactionInterval, tick);
}
