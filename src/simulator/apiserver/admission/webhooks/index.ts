import { applyJsonPatch, type MutatingWebhookConfiguration, PatchError, type ValidatingWebhookConfiguration } from '../../../api';
import type { Task } from '../../../kernel';
import { internalError } from '../../errors';
import { anyDefinitionFor } from '../../resources/software';
import type { Draft } from '../../resources/definition';
import { sameValue } from '../../resources/equality';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin, AdmissionTarget } from '../plugin';
import { Evaluation, ExpressionError } from '../policies/evaluate';
import { ruleMatches, selectorsMatch } from '../policies/match';
import { post, WebhookError } from './call';
import { answerOf, reviewOf, type Webhook } from './review';

const group = 'admissionregistration.k8s.io';
const ownKinds = /^(validating|mutating)(webhookconfigurations|admissionpolic(ies|ybindings))$/;

/** The webhooks of all configurations that mean a request, configurations by name. */
function* webhooksFor(kind: string, attributes: AdmissionAttributes, context: AdmissionContext): Generator<Webhook> {
  const configurations = context.list<ValidatingWebhookConfiguration | MutatingWebhookConfiguration>({ group, version: 'v1', resource: kind });
  const byName = [...configurations].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  for (const { webhooks = [] } of byName) {
    for (const webhook of webhooks as readonly Webhook[]) {
      if ((webhook.rules ?? []).some((rule) => ruleMatches(rule, attributes)) && selectorsMatch(webhook, attributes, context) && conditionsHold(webhook, attributes, context)) yield webhook;
    }
  }
}

function conditionsHold({ matchConditions = [], failurePolicy }: Webhook, attributes: AdmissionAttributes, context: AdmissionContext): boolean {
  if (matchConditions.length === 0) return true;
  const evaluation = new Evaluation(attributes, context, { hasParams: false, hasAuthorizer: true, mutates: false }, [], undefined);
  try {
    return matchConditions.every(({ expression }) => evaluation.run(expression) === true);
  } catch (error) {
    if (error instanceof ExpressionError) return failurePolicy !== 'Ignore';
    throw error;
  }
}

/** Asks one webhook; gives its patch. Throws its refusal, or a 500 when it cannot be asked and fails closed. */
function* ask(webhook: Webhook, attributes: AdmissionAttributes, context: AdmissionContext, mutating: boolean): Task<unknown> {
  const uid = context.random.uuid();
  const version = (webhook.admissionReviewVersions ?? []).find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1';
  try {
    const review = yield* post(webhook.clientConfig, reviewOf(attributes, uid, version), webhook.timeoutSeconds ?? 10, context);
    const answer = answerOf(webhook.name, review, uid, mutating);
    for (const warning of answer.warnings) attributes.warn(warning);
    if (answer.denial) throw answer.denial;
    return answer.patch;
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    if (webhook.failurePolicy === 'Ignore') return undefined;
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${error.message}`);
  }
}

/** Puts a patched object in the place of the draft, with defaults for what the patch added. */
function applyPatch(draft: Draft, patch: unknown, attributes: AdmissionAttributes): boolean {
  let patched: Draft;
  try {
    patched = JSON.parse(JSON.stringify(applyJsonPatch(draft, patch))) as Draft;
  } catch (error) {
    if (error instanceof PatchError) throw internalError(error.message);
    throw error;
  }
  anyDefinitionFor(attributes.resource.group, attributes.resource.resource)?.applyDefaults?.(patched);
  if (sameValue(patched, draft)) return false;
  for (const field of Object.keys(draft)) delete draft[field];
  Object.assign(draft, patched);
  return true;
}

function* changeByWebhooks(attributes: AdmissionAttributes, context: AdmissionContext): Task {
  const asked: Webhook[] = [];
  let lastChange = -1;
  for (const webhook of webhooksFor('mutatingwebhookconfigurations', attributes, context)) {
    asked.push(webhook);
    const patch = yield* ask(webhook, attributes, context, true);
    if (patch !== undefined && attributes.object && applyPatch(attributes.object, patch, attributes)) lastChange = asked.length - 1;
  }
  for (const [index, webhook] of asked.entries()) {
    if (webhook.reinvocationPolicy !== 'IfNeeded' || index >= lastChange) continue;
    const patch = yield* ask(webhook, attributes, context, true);
    if (patch !== undefined && attributes.object) applyPatch(attributes.object, patch, attributes);
  }
}

function* askWebhooks(attributes: AdmissionAttributes, context: AdmissionContext): Task {
  for (const webhook of webhooksFor('validatingwebhookconfigurations', attributes, context)) yield* ask(webhook, attributes, context, false);
}

const handles = (target: AdmissionTarget): boolean => target.group !== group || !ownKinds.test(target.resource);
const anyConfigured = (kind: string, context: AdmissionContext): boolean => context.list({ group, version: 'v1', resource: kind }).length > 0;

/** Asks webhooks that may change a request, one after another; some again when later ones changed it. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  handles,
  mutate: (attributes, context) => (anyConfigured('mutatingwebhookconfigurations', context) ? changeByWebhooks(attributes, context) : undefined),
};

/** Asks webhooks whether a request may pass. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  handles,
  validate: (attributes, context) => (anyConfigured('validatingwebhookconfigurations', context) ? askWebhooks(attributes, context) : undefined),
};
