import { type Cluster, createCluster } from '../simulator/cluster';
import { minutes } from '../simulator/kernel';
import type { Lab } from '../grading';

/** The cluster of a lab as the learner first sees it: up, with what the lab has running. */
export function openLab(lab: Lab): Cluster {
  const { seed, nodes } = lab.definition.cluster;
  const cluster = createCluster({ seed, nodes, manifests: lab.manifests });
  cluster.settle(minutes(5));
  return cluster;
}
