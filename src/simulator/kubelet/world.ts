import type { Pod } from '../api';
import type { Client } from '../client';
import type { Kernel } from '../kernel';
import type { NetworkNode } from '../network';
import type { ContainerRuntime } from '../runtime';
import type { BackOff } from './back-off';
import type { ObjectSource } from './environment';
import type { NodeFacts } from './facts';
import type { ImagePuller } from './images';
import type { VolumeWorld } from './volumes';

/** Everything of the node that a Pod's worker works with. */
export interface NodeWorld {
  readonly kernel: Kernel;
  readonly client: Client;
  readonly runtime: ContainerRuntime;
  readonly node: NetworkNode;
  readonly facts: NodeFacts;
  readonly source: ObjectSource;
  readonly volumes: VolumeWorld;
  readonly images: ImagePuller;
  readonly restartBackOff: BackOff;
  /** An event about the Pod, or about one of its containers by field path: spec.containers{web}. */
  event(pod: Pod, fieldPath: string | undefined, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The Pod is no more, here and in the API. */
  forget(pod: Pod): void;
}
