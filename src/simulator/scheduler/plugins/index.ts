import type { Client } from '../../client';
import type { Kernel } from '../../kernel';
import type { Plugin } from '../framework';
import { balancedAllocation } from './balanced-allocation';
import { imageLocality } from './image-locality';
import { interPodAffinity } from './inter-pod-affinity';
import { nodeAffinity } from './node-affinity';
import { nodeName } from './node-name';
import { nodePorts } from './node-ports';
import { nodeResourcesFit } from './node-resources-fit';
import { nodeUnschedulable } from './node-unschedulable';
import { taintToleration } from './taint-toleration';
import { topologySpread } from './topology-spread';
import { volumeBinding } from './volume-binding';
import { volumeRestrictions } from './volume-restrictions';
import { volumeZone } from './volume-zone';

/** The plugins of the default profile, in the order in which they are asked. */
export const defaultPlugins = (kernel: Kernel, client: Client): readonly Plugin[] => [
  nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts, nodeResourcesFit,
  volumeRestrictions, volumeBinding(kernel, client), volumeZone,
  topologySpread, interPodAffinity, balancedAllocation, imageLocality,
];
