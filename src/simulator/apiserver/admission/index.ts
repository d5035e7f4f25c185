import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import type { AdmissionPlugin } from './plugin';
import { podSecurity } from './pod-security';
import { priority } from './priority';
import { resourceQuota } from './quota';
import { runtimeClass } from './runtime-class';
import { serviceAccount } from './service-account';
import { defaultIngressClass, defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './storage';
import { defaultTolerationSeconds, podTopologyLabels, taintNodesByCondition } from './tolerations';

/** What plugins are written against. */
export type { AdmissionAttributes, AdmissionContext, AdmissionPlugin, AdmissionTarget, Operation, Reinvocation } from './plugin';
export { AdmissionChain, type AdmissionSteps } from './chain';

/** The plugins that are on, in the order in which they are asked; without `dynamic` those whose rules the cluster's users do not write. */
export const defaultPlugins = (dynamic: readonly AdmissionPlugin[] = []): AdmissionPlugin[] => [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  ...dynamic,
  resourceQuota,
];
