import { askMutating, askValidating } from '../outgoing/admission';
import type { AdmissionContext, AdmissionPlugin, AdmissionTarget } from './plugin';

const group = 'admissionregistration.k8s.io';
const ownKinds = /^(validating|mutating)(webhookconfigurations|admissionpolic(ies|ybindings))$/;

const handles = (target: AdmissionTarget): boolean => target.group !== group || !ownKinds.test(target.resource);
const anyConfigured = (kind: string, context: AdmissionContext): boolean => context.list({ group, version: 'v1', resource: `${kind}webhookconfigurations` }).length > 0;

/** Asks webhooks that may change a request, one after another; some again when later ones changed it. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  handles,
  mutate: (attributes, context) => (anyConfigured('mutating', context) ? askMutating(attributes, context) : undefined),
};

/** Asks webhooks whether a request may pass. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  handles,
  validate: (attributes, context) => (anyConfigured('validating', context) ? askValidating(attributes, context) : undefined),
};
