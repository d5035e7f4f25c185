import { cronJobController } from './cronjob';
import { daemonSetController } from './daemonset';
import { deploymentController } from './deployment';
import { endpointsController } from './endpoints';
import { endpointSliceController } from './endpointslice';
import { garbageCollector } from './garbage-collector';
import { jobController } from './job';
import { type Controller, type ControllerManager, type ControllerManagerOptions, createManager } from './manager';
import { namespaceController } from './namespace';
import { nodeIpamController } from './node-ipam';
import { nodeLifecycleController } from './node-lifecycle';
import { podGcController } from './pod-gc';
import { replicaSetController } from './replicaset';
import { replicationController } from './replicationcontroller';
import { rootCaPublisher } from './root-ca-publisher';
import { serviceAccountController } from './serviceaccount';
import { statefulSetController } from './statefulset';
import { taintEvictionController } from './taint-eviction';
import { ttlAfterFinishedController } from './ttl-after-finished';

const controllers: readonly Controller[] = [
  serviceAccountController, rootCaPublisher, namespaceController, nodeIpamController,
  replicationController, replicaSetController, deploymentController,
  statefulSetController, daemonSetController, jobController, cronJobController, ttlAfterFinishedController,
  nodeLifecycleController, taintEvictionController, podGcController,
  endpointsController, endpointSliceController, garbageCollector,
];

/** kube-controller-manager with every controller that there is, not yet started. */
export const createControllerManager = (options: ControllerManagerOptions): ControllerManager => createManager(controllers, options);
