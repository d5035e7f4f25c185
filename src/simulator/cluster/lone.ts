import type { ApiHandler } from '../api';
import { createApiServer, stampResourceVersion } from '../apiserver';
import { createEtcd } from '../etcd';
import { createKernel, type Kernel } from '../kernel';
import type { ClusterOptions } from './options';

/** An API server with its store and nothing else: no controller acts on what is created. For comparing with a real one. */
export function createLoneApiServer({ seed = 1, start, tokens }: Pick<ClusterOptions, 'seed' | 'start' | 'tokens'>): { readonly kernel: Kernel; readonly handle: ApiHandler } {
  const kernel = createKernel({ seed, ...(start !== undefined && { start }) });
  const { handle } = createApiServer({ kernel, etcd: createEtcd({ kernel, stamp: stampResourceVersion }), kubernetesEndpoints: false, ...(tokens && { tokens: tokens as never }) });
  return { kernel, handle };
}
