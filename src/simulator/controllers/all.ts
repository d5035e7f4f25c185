import { certificateApprover, certificateSigner } from './certificates';
import { clusterRoleAggregationController } from './clusterrole-aggregation';
import { cronJobController } from './cronjob';
import { daemonSetController } from './daemonset';
import { deploymentController } from './deployment';
import { disruptionController } from './disruption';
import { endpointsController } from './endpoints';
import { endpointSliceController } from './endpointslice';
import { endpointSliceMirroringController } from './endpointslice-mirroring';
import { ephemeralVolumeController } from './ephemeral-volume';
import { garbageCollector } from './garbage-collector';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler';
import { jobController } from './job';
import { type Controller, type ControllerManager, type ControllerManagerOptions, createManager } from './manager';
import { namespaceController } from './namespace';
import { nodeIpamController } from './node-ipam';
import { nodeLifecycleController } from './node-lifecycle';
import { persistentVolumeBinder } from './persistent-volume';
import { podGcController } from './pod-gc';
import { replicaSetController } from './replicaset';
import { replicationController } from './replicationcontroller';
import { resourceQuotaController } from './resourcequota';
import { rootCaPublisher } from './root-ca-publisher';
import { serviceAccountController } from './serviceaccount';
import { serviceAccountTokenController } from './serviceaccount-token';
import { statefulSetController } from './statefulset';
import { taintEvictionController } from './taint-eviction';
import { ttlController } from './ttl';
import { ttlAfterFinishedController } from './ttl-after-finished';
import { validatingAdmissionPolicyStatusController } from './validating-admission-policy';
import { attributesClassProtectionController, claimProtectionController, volumeProtectionController } from './volume-protection';

const controllers: readonly Controller[] = [
  serviceAccountController, serviceAccountTokenController, rootCaPublisher, namespaceController, clusterRoleAggregationController,
  certificateApprover, certificateSigner, validatingAdmissionPolicyStatusController,
  nodeIpamController, nodeLifecycleController, taintEvictionController, ttlController, podGcController,
  replicationController, replicaSetController, deploymentController, statefulSetController, daemonSetController,
  jobController, cronJobController, ttlAfterFinishedController,
  endpointsController, endpointSliceController, endpointSliceMirroringController,
  persistentVolumeBinder, claimProtectionController, volumeProtectionController, attributesClassProtectionController, ephemeralVolumeController,
  resourceQuotaController, disruptionController, horizontalPodAutoscalerController,
  garbageCollector,
];

/** kube-controller-manager with every controller that there is, not yet started. */
export const createControllerManager = (options: ControllerManagerOptions): ControllerManager => createManager(controllers, options);
