export { createEdge, type RawHandler, type RawRequest, type RawResponse } from '../apiserver';
export type { StreamConnection } from '../api';
export { Cluster, createCluster, type RunUntil } from './cluster';
export { createLoneApiServer } from './lone';
export { identities, identity, userAgent } from './identities';
export type { Machine } from './machine';
export type { Command, Kept, Snapshot } from '../etcd';
export type { ClusterOptions, EtcdFiles } from './options';
export type { Shell, Workstation } from './workstation';
