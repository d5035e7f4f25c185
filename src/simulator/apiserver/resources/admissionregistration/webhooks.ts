import { type MutatingWebhook, type MutatingWebhookConfiguration, type ValidatingWebhook, type ValidatingWebhookConfiguration } from '../../../api';
import { type Errors, fieldPath, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { checkReviewVersions } from '../apiextensions/conversion';
import { checkOneOf } from '../pod-spec';
import { collect } from '../strategy';
import { checkClientConfig, checkMatchConditions, checkRule, checkSelectors, checkWebhookName } from './rules';

type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;
type Configuration = (ValidatingWebhookConfiguration | MutatingWebhookConfiguration) & { readonly webhooks?: readonly Webhook[] };

const webhooksPath = fieldPath('webhooks');

function applyDefaults(draft: Draft, mutating: boolean): void {
  for (const webhook of (draft['webhooks'] ?? []) as Record<string, unknown>[]) {
    webhook['failurePolicy'] ??= 'Fail';
    webhook['matchPolicy'] ??= 'Equivalent';
    webhook['namespaceSelector'] ??= {};
    webhook['objectSelector'] ??= {};
    webhook['timeoutSeconds'] ??= 10;
    if (mutating) webhook['reinvocationPolicy'] ??= 'Never';
    for (const rule of (webhook['rules'] ?? []) as Record<string, unknown>[]) rule['scope'] ??= '*';
    const service = (webhook['clientConfig'] as { service?: Record<string, unknown> } | undefined)?.service;
    if (service) service['port'] ??= 443;
  }
}

function checkWebhook(webhook: Webhook, mutating: boolean, path: Path, errors: Errors): void {
  checkWebhookName(webhook.name, path.child('name'), errors);
  for (const [index, rule] of (webhook.rules ?? []).entries()) checkRule(rule, path.child('rules').index(index), errors);
  if (webhook.failurePolicy !== undefined) checkOneOf(webhook.failurePolicy, ['Fail', 'Ignore'], path.child('failurePolicy'), errors);
  if (webhook.matchPolicy !== undefined) checkOneOf(webhook.matchPolicy, ['Equivalent', 'Exact'], path.child('matchPolicy'), errors);
  const effects = path.child('sideEffects');
  const sideEffects = (webhook.sideEffects ?? undefined) as string | undefined;
  if (sideEffects === undefined) errors.required(effects, 'must specify one of None, NoneOnDryRun');
  else checkOneOf(sideEffects, ['None', 'NoneOnDryRun'], effects, errors);
  const timeout = webhook.timeoutSeconds;
  if (timeout !== undefined && (timeout < 1 || timeout > 30)) errors.invalid(path.child('timeoutSeconds'), timeout, 'the timeout value must be between 1 and 30 seconds');
  checkSelectors(webhook, path, errors);
  if (mutating && webhook.reinvocationPolicy !== undefined) checkOneOf(webhook.reinvocationPolicy, ['IfNeeded', 'Never'], path.child('reinvocationPolicy'), errors);
  checkClientConfig(webhook.clientConfig, path.child('clientConfig'), errors);
  if (webhook.matchConditions) checkMatchConditions(webhook.matchConditions, { hasParams: false, hasAuthorizer: true, mutates: false }, path.child('matchConditions'), errors);
  checkReviewVersions(webhook.admissionReviewVersions ?? [], 'must specify one of v1, v1beta1', path.child('admissionReviewVersions'), errors);
}

function check({ webhooks = [] }: Configuration, mutating: boolean, errors: Errors): void {
  const names = new Set<string>();
  for (const [index, webhook] of webhooks.entries()) {
    const path = webhooksPath.index(index);
    checkWebhook(webhook, mutating, path, errors);
    if (webhook.name !== '' && names.has(webhook.name)) errors.duplicate(path.child('name'), webhook.name);
    names.add(webhook.name);
  }
}

const definition = (resource: string, mutating: boolean): ResourceDefinition<Configuration> => ({
  group: 'admissionregistration.k8s.io',
  resource,
  applyDefaults: (draft) => applyDefaults(draft, mutating),
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: (own) => collect((errors) => check(own, mutating, errors)),
  prepareForUpdate: (draft, old) => void (draft.metadata['generation'] = (old.metadata?.generation ?? 0) + (sameValue(draft['webhooks'], old.webhooks) ? 0 : 1)),
  validateUpdate: (own) => collect((errors) => check(own, mutating, errors)),
  cells: (own, now) => [nameOf(own), (own.webhooks ?? []).length, age(own, now)],
});

/** ValidatingWebhookConfigurations: who is asked whether a request may pass. */
export const validatingwebhookconfigurations = definition('validatingwebhookconfigurations', false);
/** MutatingWebhookConfigurations: who may change a request. */
export const mutatingwebhookconfigurations = definition('mutatingwebhookconfigurations', true);
