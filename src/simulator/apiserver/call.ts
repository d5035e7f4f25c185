import type { ApiHandler, ApiRequest, GroupVersionResource, KubeObject, UserInfo } from '../api';
import type { Etcd } from '../etcd';
import type { Kernel, Random } from '../kernel';
import type { Access } from './access';
import type { AdmissionChain } from './admission';
import type { Authorizer } from './authorization/authorizer';
import type { Dialler, NodeConnector } from './nodes';
import type { RequestInfo } from './request/info';
import type { Query } from './request/url';
import type { StrategyContext } from './resources/definition';
import type { ServedResource, ServedResources } from './served';

/** What every part of the request pipeline works with. */
export interface ServerParts {
  readonly kernel: Kernel;
  readonly etcd: Etcd;
  readonly random: Random;
  readonly served: ServedResources;
  readonly admission: AdmissionChain;
  readonly authorizer: Authorizer;
  readonly access: Access;
  readonly nodes: NodeConnector | undefined;
  readonly dialler: Dialler | undefined;
  /** Requests under the server's own identity. */
  readonly loopback: ApiHandler;
  get<T extends KubeObject>(resource: GroupVersionResource, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubeObject>(resource: GroupVersionResource, namespace?: string): readonly T[];
}

/** One request on its way through the server. */
export interface Call {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly query: Query;
  readonly user: UserInfo;
  /** Texts of the Warning headers of the answer; each only once. */
  readonly warnings: Set<string>;
}

/** One request for a resource that is served. */
export interface ResourceCall extends Call {
  readonly served: ServedResource;
  /** undefined for cluster-scoped resources and for requests over all namespaces. */
  readonly namespace: string | undefined;
}

/** What a resource's own code may know of this request. */
export function strategyContext(server: ServerParts, call: { readonly user: UserInfo; readonly namespace: string | undefined }, dryRun: boolean): StrategyContext {
  return {
    user: call.user,
    now: server.kernel.now,
    random: server.random,
    namespace: call.namespace,
    dryRun,
    get: server.get,
    list: server.list,
  };
}
