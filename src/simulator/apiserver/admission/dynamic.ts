import type { AdmissionPlugin } from './plugin';
import { validatingAdmissionPolicy } from './policies';
import { mutatingAdmissionPolicy } from './policies/mutating';
import { mutatingAdmissionWebhook, validatingAdmissionWebhook } from './webhooks';

/** Plugins that do what objects of the cluster say (kubernetes.io: Dynamic Admission Control), in their order. */
export const dynamicPlugins: readonly AdmissionPlugin[] = [mutatingAdmissionPolicy, mutatingAdmissionWebhook, validatingAdmissionPolicy, validatingAdmissionWebhook];
