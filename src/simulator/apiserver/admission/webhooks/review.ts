import { failure, type MutatingWebhook, type StatusError, type ValidatingWebhook } from '../../../api';
import { utf8Decode } from '../../../kernel';
import { bytesOf } from '../../resources/core/secrets/base64';
import type { AdmissionAttributes } from '../plugin';
import { WebhookError } from './call';

/** A webhook of either kind. */
export type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

/** The AdmissionReview that a webhook is sent. */
export function reviewOf(attributes: AdmissionAttributes, uid: string, version: string): object {
  const { operation, resource, kind, subresource, namespace, name, user, dryRun, options, object, oldObject } = attributes;
  return {
    kind: 'AdmissionReview',
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid, kind, resource, ...(subresource !== '' && { subResource: subresource }), requestKind: kind, requestResource: resource, ...(subresource !== '' && { requestSubResource: subresource }), name, ...(namespace !== undefined && { namespace }),
      operation, userInfo: { username: user.name, ...(user.uid !== undefined && { uid: user.uid }), groups: user.groups, ...(user.extra && { extra: user.extra }) }, object: object ?? null, oldObject: oldObject ?? null, dryRun, options,
    },
  };
}

interface Answer {
  readonly allowed: boolean;
  readonly warnings: readonly string[];
  /** A JSON patch, if there is one. */
  readonly patch: unknown;
  readonly denial: StatusError | undefined;
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: { readonly message?: string; readonly reason?: string; readonly code?: number };
  readonly warnings?: readonly string[];
  readonly patch?: string;
  readonly patchType?: string;
}

const invalid = (reason: string): WebhookError => new WebhookError(`received invalid webhook response: ${reason}`);

function denialOf(webhook: string, { status = {} }: Response): StatusError {
  const { message = '', reason = '', code = 0 } = status;
  const head = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const text = message !== '' ? `${head}: ${message}` : reason !== '' ? `${head}: ${reason}` : `${head} without explanation`;
  return failure(code > 0 ? code : 400, reason === '' ? undefined : reason, text);
}

/** What a webhook's review says. Throws WebhookError for one that makes no sense. */
export function answerOf(webhook: string, review: Readonly<Record<string, unknown>>, uid: string, mutating: boolean): Answer {
  const response = review['response'] as Response | undefined;
  if (!response) throw invalid('webhook response was absent');
  if (response.uid !== uid) throw invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  const hasPatch = (response.patch ?? '') !== '';
  if (!mutating && hasPatch) throw invalid('validating webhook may not return response.patch');
  if (!mutating && response.patchType !== undefined) throw invalid('validating webhook may not return response.patchType');
  if (hasPatch && response.patchType === undefined) throw invalid('webhook returned response.patch but not response.patchType');
  if (!hasPatch && response.patchType !== undefined) throw invalid('webhook returned response.patchType but not response.patch');
  if (response.patchType !== undefined && response.patchType !== 'JSONPatch') throw invalid(`invalid value of response.patchType ${response.patchType}`);
  return {
    allowed: response.allowed === true,
    warnings: response.warnings ?? [],
    patch: hasPatch ? JSON.parse(utf8Decode(bytesOf(response.patch ?? ''))) : undefined,
    denial: response.allowed === true ? undefined : denialOf(webhook, response),
  };
}
