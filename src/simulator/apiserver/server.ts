import type { ApiHandler, ApiRequest, GroupVersionResource, KubeObject, UserInfo } from '../api';
import type { Etcd } from '../etcd';
import { type Kernel, minutes } from '../kernel';
import type { AdmissionPlugin } from './admission/plugin';
import type { ServerParts } from './call';
import { createHandler } from './handler';
import type { ResourceDefinition } from './resources/definition';
import { ServedResources } from './served';

export interface ApiServerOptions {
  readonly kernel: Kernel;
  /** Its `stamp` must be `stampResourceVersion`. */
  readonly etcd: Etcd;
  /** What the schema cannot say of each resource. */
  readonly definitions?: readonly ResourceDefinition[];
  /** In the order in which they are asked. */
  readonly admission?: readonly AdmissionPlugin[];
}

export interface ApiServer {
  /** Answers one request, from whatever client. */
  readonly handle: ApiHandler;
}

/** The server's own identity, which may do everything. */
const loopbackUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
/** How often the history of the store is forgotten (kube-apiserver's --etcd-compaction-interval). */
const compactionInterval = minutes(5);

/** An API server over an etcd. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { kernel, etcd } = options;
  const served = new ServedResources(etcd, options.definitions ?? []);
  const find = (resource: GroupVersionResource) => served.find(resource.group, resource.version, resource.resource);
  const server: ServerParts = {
    kernel,
    etcd,
    random: kernel.random.fork('apiserver'),
    served,
    admission: options.admission ?? [],
    authorizer: { authorize: () => ({ allowed: true, reason: '' }) },
    loopback: (request) => loopback(request),
    get: <T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string) => {
      const found = find(resource);
      const object = found?.storage?.get(namespace, name);
      return (object && found?.conversion ? found.conversion.fromStored(object) : object) as T | undefined;
    },
    list: <T extends KubeObject>(resource: GroupVersionResource, namespace?: string) => (find(resource)?.storage?.list(namespace) ?? []) as readonly KubeObject[] as readonly T[],
  };
  // eslint-disable-next-line require-yield -- certificates and tokens are checked without waiting
  const identify = function* (request: ApiRequest) {
    const { credentials } = request;
    if ('certificate' in credentials) return { name: credentials.certificate.commonName, groups: [...credentials.certificate.organizations, 'system:authenticated'] };
    return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  };
  const handle = createHandler({ server, identify, paths: () => undefined });
  // eslint-disable-next-line require-yield -- as above
  const loopback = createHandler({ server, identify: function* () { return loopbackUser; }, paths: () => undefined });
  compactRegularly(kernel, etcd);
  return { handle };
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
