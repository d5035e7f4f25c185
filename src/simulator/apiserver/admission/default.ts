import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates';
import { limitRanger } from './limit-ranger';
import { namespaceLifecycle } from './namespace-lifecycle';
import { nodeRestriction } from './node-restriction';
import type { AdmissionPlugin } from './plugin';
import { podSecurity } from './pod-security';
import { validatingAdmissionPolicy } from './policies';
import { mutatingAdmissionPolicy } from './policies/mutating';
import { priority } from './priority';
import { resourceQuota } from './quota';
import { runtimeClass } from './runtime-class';
import { serviceAccount } from './service-account';
import { defaultIngressClass, defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './storage';
import { defaultTolerationSeconds, podTopologyLabels, taintNodesByCondition } from './tolerations';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './webhooks';

/** The plugins that are on by default, in the order in which they are asked. */
export const defaultPlugins: readonly AdmissionPlugin[] = [
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
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];
