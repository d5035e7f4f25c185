import { base64Decode, failure, JsonError, type MutatingWebhook, normaliseBase64, parseJson, plainJson, type Status, type StatusError, type ValidatingWebhook } from '../../../api';
import { utf8Decode } from '../../../kernel';
import type { AdmissionAttributes } from '../../admission';
import type { Answer } from '../review';
import { CallError } from '../target';
import type { Meaning } from './match';

/** A webhook of either kind. */
export type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

/** The AdmissionReview that a webhook is sent: the request as the webhook's rules mean it, and as it came. */
export function reviewOf(attributes: AdmissionAttributes, { resource, kind, object, oldObject }: Meaning, uid: string, apiVersion: string): object {
  const { operation, subresource, namespace, name, user, dryRun, options } = attributes;
  return {
    kind: 'AdmissionReview',
    apiVersion,
    request: {
      uid, kind, resource, ...(subresource !== '' && { subResource: subresource }), requestKind: attributes.kind, requestResource: attributes.resource, ...(subresource !== '' && { requestSubResource: subresource }),
      ...(name !== '' && { name }), ...(namespace !== undefined && { namespace }), operation,
      userInfo: { username: user.name, ...(user.uid !== undefined && { uid: user.uid }), groups: user.groups, ...(user.extra && { extra: user.extra }) },
      object: object ?? null, oldObject: oldObject ?? null, dryRun, options: operation === 'CONNECT' ? null : options,
    },
  };
}

/** What a webhook decided. */
export interface Decision {
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
  /** A JSON patch, if there is one. */
  readonly patch: readonly unknown[] | undefined;
  readonly denial: StatusError | undefined;
}

interface Response {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Status;
  readonly warnings?: readonly string[];
  readonly patch?: string;
  readonly patchType?: string;
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

const jsonKind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value);

/** Fields of a response, with what the decoder calls their types. */
const fields: Readonly<Record<string, readonly [kind: string, goType: string]>> = {
  uid: ['string', 'types.UID'], allowed: ['bool', 'bool'], status: ['object', 'v1.Status'], patch: ['string', '[]uint8'], patchType: ['string', 'v1.PatchType'],
  auditAnnotations: ['object', 'map[string]string'], warnings: ['array', '[]string'],
};

const wrongStatus = (value: unknown, field: string, type: string): CallError => new CallError(`json: cannot unmarshal ${jsonKind(value)} into Go struct field Status.response.status.${field} of type ${type}`);

function responseOf(answer: Answer): Response | undefined {
  const response = answer['response'];
  if (response === undefined || response === null) return undefined;
  const wrong = (value: unknown, path: string, type: string): CallError => new CallError(`json: cannot unmarshal ${jsonKind(value)} into Go struct field AdmissionResponse.response${path} of type ${type}`);
  if (typeof response !== 'object' || Array.isArray(response)) throw new CallError(`json: cannot unmarshal ${jsonKind(response)} into Go struct field AdmissionReview.response of type v1.AdmissionResponse`);
  for (const [name, [kind, type]] of Object.entries(fields)) {
    const value = (response as Answer)[name];
    if (value !== undefined && value !== null && jsonKind(value) !== kind) throw wrong(value, `.${name}`, type);
  }
  const { warnings, auditAnnotations, patch, status } = response as Response;
  if (status?.code !== undefined && typeof status.code !== 'number') throw wrongStatus(status.code, 'code', 'int32');
  if (status?.message !== undefined && typeof status.message !== 'string') throw wrongStatus(status.message, 'message', 'string');
  for (const value of [...(warnings ?? []).map((value) => ['warnings', value]), ...Object.values(auditAnnotations ?? {}).map((value) => ['auditAnnotations', value])]) {
    if (typeof value[1] !== 'string') throw wrong(value[1], `.${value[0]}`, 'string');
  }
  const { errorAt } = normaliseBase64(patch ?? '');
  if (errorAt !== undefined) throw new CallError(`illegal base64 data at input byte ${errorAt}`);
  return response as Response;
}

const invalid = (reason: string): InvalidResponse => new InvalidResponse(`received invalid webhook response: ${reason}`);

/** An answer that could be read, but may not be. */
export class InvalidResponse extends CallError {}

function denialOf(webhook: string, { status = {} as Status }: Response): StatusError {
  const { message = '', reason = '', code = 0, details } = status;
  const head = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const text = message !== '' ? `${head}: ${message}` : reason !== '' ? `${head}: ${reason}` : `${head} without explanation`;
  return failure(code >= 400 ? code : 400, reason === '' ? undefined : reason, text, details);
}

function patchOf(text: string, type: string): readonly unknown[] {
  const undecodable = (reason: string): InvalidResponse => new InvalidResponse(`received undecodable patch in webhook response: ${reason}`);
  try {
    const patch = plainJson(parseJson(text).value);
    if (patch === null) return [];
    if (!Array.isArray(patch)) throw undecodable(`json: cannot unmarshal ${jsonKind(patch)} into Go value of type jsonpatch.Patch`);
    if (type !== 'JSONPatch') throw new InvalidResponse(`unsupported patch type ${JSON.stringify(type)}`);
    return patch as unknown[];
  } catch (error) {
    if (error instanceof JsonError) throw undecodable(error.message);
    throw error;
  }
}

/** What a v1 review may not say. */
function checkResponse(response: Response, uid: string, mutating: boolean): void {
  const patch = response.patch ?? '';
  const hasType = response.patchType !== undefined && response.patchType !== null;
  if (response.uid !== uid) throw invalid(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  if (!mutating && patch !== '') throw invalid('validating webhook may not return response.patch');
  if (!mutating && hasType) throw invalid('validating webhook may not return response.patchType');
  if (patch !== '' && !hasType) throw invalid('webhook returned response.patch but not response.patchType');
  if (patch === '' && hasType) throw invalid('webhook returned response.patchType but not response.patch');
  if (response.patchType === '') throw invalid('webhook returned invalid response.patchType of ""');
}

/** What a webhook's review says; of one that is not v1 (without `uid`) little is checked. Throws CallError for one that makes no sense. */
export function decisionOf(webhook: string, answer: Answer, uid: string | undefined, mutating: boolean): Decision {
  const response = responseOf(answer);
  if (!response) throw invalid('webhook response was absent');
  if (uid !== undefined) checkResponse(response, uid, mutating);
  const patch = mutating ? (response.patch ?? '') : '';
  const denial = response.allowed === true ? undefined : denialOf(webhook, response);
  return {
    warnings: response.warnings ?? [],
    auditAnnotations: response.auditAnnotations ?? {},
    patch: denial === undefined && patch !== '' ? patchOf(utf8Decode(base64Decode(patch)), response.patchType ?? 'JSONPatch') : undefined,
    denial,
  };
}
