import { type Cluster, createClusterAlone } from './cluster';
import type { ClusterOptions } from './options';
import { software } from './software';

/** A new cluster with everything; time has not passed yet. */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const cluster = createClusterAlone(options);
  cluster.install(software);
  return cluster;
}
