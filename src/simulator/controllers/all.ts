import { deploymentController } from './deployment';
import { endpointsController } from './endpoints';
import { endpointSliceController } from './endpointslice';
import { garbageCollector } from './garbage-collector';
import { type Controller, type ControllerManager, type ControllerManagerOptions, createManager } from './manager';
import { namespaceController } from './namespace';
import { nodeIpamController } from './node-ipam';
import { replicaSetController } from './replicaset';
import { replicationController } from './replicationcontroller';
import { rootCaPublisher } from './root-ca-publisher';
import { serviceAccountController } from './serviceaccount';

const controllers: readonly Controller[] = [
  serviceAccountController, rootCaPublisher, namespaceController, nodeIpamController,
  replicationController, replicaSetController, deploymentController,
  endpointsController, endpointSliceController, garbageCollector,
];

/** kube-controller-manager with every controller that there is, not yet started. */
export const createControllerManager = (options: ControllerManagerOptions): ControllerManager => createManager(controllers, options);
