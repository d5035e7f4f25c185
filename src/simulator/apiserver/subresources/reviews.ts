import { type ApiResponse, encodeJson, type KubeObject, type TypeSchema, typeNamed } from '../../api';
import { formatTime, type Task } from '../../kernel';
import type { AccessRequest } from '../authorization/authorizer';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, invalid, methodNotAllowed } from '../errors';
import type { FieldError } from '../field';
import { readBody } from '../registry/body';
import { decodeDraft } from '../registry/decode';
import { dropEmpties } from '../registry/empties';
import { managedFieldsOnCreate } from '../registry/managed-fields';
import { dedupeOwners } from '../registry/metadata';
import { writeOptions } from '../registry/options';
import { kindOf, matchNamespace, writeRequest } from '../registry/write-request';
import type { Draft } from '../resources/definition';
import { collect, specPath } from '../resources/strategy';
import { answerBinding } from './binding';
import { type AttributeSelector, checkSelector, isIgnored } from './review-selectors';

/** authorization.k8s.io attributes of what is asked about. */
interface ReviewSpec {
  readonly resourceAttributes?: Readonly<Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string | undefined>> & {
    readonly fieldSelector?: AttributeSelector;
    readonly labelSelector?: AttributeSelector;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly namespace?: string;
}

/** Kinds that are only asked, never stored: each create is answered at once. */
export function* answerReview(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const { served, info, query } = call;
  if (info.resource === 'componentstatuses') return componentStatuses(info.name);
  if (info.verb !== 'create') throw methodNotAllowed();
  if (info.resource === 'bindings') return yield* answerBinding(server, call);
  const options = writeOptions(query, 'CreateOptions');
  const draft = decodeDraft(served.info.type as TypeSchema, readBody(call.request, served.info.kind), kindOf(served), options, call.warnings);
  matchNamespace(draft, call.namespace);
  forgetServerOwned(draft, call);
  const spec = (draft['spec'] ?? {}) as ReviewSpec;
  switch (served.info.kind) {
    case 'SelfSubjectReview':
      return answer(draft, { metadata: { creationTimestamp: formatTime(server.kernel.now) }, status: { userInfo: userInfo(call.user) } });
    case 'SelfSubjectRulesReview':
      return rules(server, call, draft, spec);
    case 'TokenReview':
      return tokenReview(server, call, draft);
    default:
      return accessReview(server, call, draft, spec);
  }
}

/** What a client cannot give even an object that is not stored. */
const serverOwned = ['selfLink', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'];

function forgetServerOwned(draft: Draft, { served, warnings }: ResourceCall): void {
  for (const field of serverOwned) delete draft.metadata[field];
  dedupeOwners(draft, warnings);
  dropEmpties(served.info.type as TypeSchema, draft);
}

function answer(draft: Draft, parts: object): ApiResponse {
  return { status: 201, body: Object.freeze({ ...draft, ...parts }) };
}

const userInfo = ({ name, uid, groups, extra }: { readonly name: string; readonly uid?: string; readonly groups: readonly string[]; readonly extra?: object }) => ({
  ...(name !== '' && { username: name }), ...(uid !== undefined && uid !== '' && { uid }), ...(groups.length > 0 && { groups }), ...(extra && { extra }),
});

function recorded(server: ServerParts, call: ResourceCall, draft: Draft): Draft {
  managedFieldsOnCreate(server, writeRequest(call, writeOptions(call.query, 'CreateOptions')), draft);
  return draft;
}

const nonResourceText = ({ path = '', verb = '' }: { readonly path?: string; readonly verb?: string }): string => JSON.stringify({ Path: path, Verb: verb });

/** Reviews are not stored: their metadata says nothing. */
function metadataErrorsOf(kind: string, { metadata }: Draft): FieldError[] {
  const local = kind === 'LocalSubjectAccessReview';
  if (Object.keys(metadata).every((field) => field === 'managedFields' || (local && field === 'namespace'))) return [];
  const type = typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as TypeSchema;
  return [{ type: 'FieldValueInvalid', field: 'metadata', message: `Invalid value: ${encodeJson(type, metadata)}: must be empty${local ? ' except for namespace' : ''}` }];
}

const selectorsOf = ({ resourceAttributes }: ReviewSpec) =>
  (['fieldSelector', 'labelSelector'] as const).flatMap((name) => {
    const selector = resourceAttributes?.[name];
    return selector ? [[name, selector] as const] : [];
  });

/** Selectors that could not be read. */
function ignoredSelectors(spec: ReviewSpec): string | undefined {
  const ignored = selectorsOf(spec).filter(([name, selector]) => isIgnored(name, selector)).map(([name]) => `spec.resourceAttributes.${name} ignored due to parse error`);
  return ignored.length > 1 ? `[${ignored.join(', ')}]` : ignored[0];
}

function reviewErrors(kind: string, spec: ReviewSpec): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (resourceAttributes && nonResourceAttributes) {
    errors.push({ type: 'FieldValueInvalid', field: 'spec.nonResourceAttributes', message: `Invalid value: ${nonResourceText(nonResourceAttributes)}: cannot be specified in combination with resourceAttributes` });
  }
  if (!resourceAttributes && !nonResourceAttributes) errors.push({ type: 'FieldValueInvalid', field: 'spec.resourceAttributes', message: 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified' });
  if (kind !== 'SelfSubjectAccessReview' && !spec.user && !spec.groups?.length) errors.push({ type: 'FieldValueInvalid', field: 'spec.user', message: 'Invalid value: "": at least one of user or group must be specified' });
  for (const [name, selector] of selectorsOf(spec)) errors.push(...collect((found) => checkSelector(name, selector, specPath.child('resourceAttributes').child(name), found)));
  return errors;
}

/** What is more to check of a review in one namespace. */
function localErrors({ resourceAttributes, nonResourceAttributes }: ReviewSpec, namespace: string | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (resourceAttributes && (resourceAttributes.namespace ?? '') !== namespace) {
    errors.push({ type: 'FieldValueInvalid', field: 'spec.resourceAttributes.namespace', message: `Invalid value: ${JSON.stringify(resourceAttributes.namespace ?? '')}: must match metadata.namespace` });
  }
  if (nonResourceAttributes) errors.push({ type: 'FieldValueInvalid', field: 'spec.nonResourceAttributes', message: `Invalid value: ${nonResourceText(nonResourceAttributes)}: disallowed on this kind of request` });
  return errors;
}

function accessReview(server: ServerParts, call: ResourceCall, draft: Draft, spec: ReviewSpec): ApiResponse {
  const { kind } = call.served.info;
  recorded(server, call, draft);
  const errors = [...reviewErrors(kind, spec), ...metadataErrorsOf(kind, draft), ...(kind === 'LocalSubjectAccessReview' ? localErrors(spec, call.namespace) : [])];
  if (errors.length > 0) throw invalid('authorization.k8s.io', '', '', errors);
  const self = kind === 'SelfSubjectAccessReview';
  const user = self ? call.user : { name: spec.user ?? '', groups: spec.groups ?? [], ...(spec.uid !== undefined && { uid: spec.uid }), ...(spec.extra && { extra: spec.extra }) };
  const { resourceAttributes: on, nonResourceAttributes: path } = spec;
  const request: AccessRequest = on
    ? { user, verb: on.verb ?? '', isResource: true, group: on.group ?? '', version: on.version ?? '', resource: on.resource ?? '', subresource: on.subresource ?? '', namespace: on.namespace ?? '', name: on.name ?? '', path: '' }
    : { user, verb: path?.verb ?? '', isResource: false, group: '', resource: '', subresource: '', namespace: '', name: '', path: path?.path ?? '' };
  const decision = server.authorizer.authorize(request);
  const evaluationError = ignoredSelectors(spec);
  return answer(draft, { status: { allowed: decision.allowed, ...(decision.reason !== '' && { reason: decision.reason }), ...(evaluationError !== undefined && { evaluationError }) } });
}

function rules(server: ServerParts, call: ResourceCall, draft: Draft, spec: ReviewSpec): ApiResponse {
  const namespace = spec.namespace ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const found = server.access.rbac.rulesFor(call.user, namespace);
  const all = found.rules;
  const isNode = call.user.groups.includes('system:nodes');
  const problems = [...(isNode ? ['node authorizer does not support user rule resolution'] : []), ...found.errors];
  return answer(draft, {
    metadata: {},
    spec: {},
    status: {
      resourceRules: all.filter((rule) => rule.resources?.length).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, ...(apiGroups && { apiGroups }), ...(resources && { resources }), ...(resourceNames && { resourceNames }) })),
      nonResourceRules: all.filter((rule) => rule.nonResourceURLs?.length).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: problems.length > 0,
      ...(problems.length > 0 && { evaluationError: problems.join(', ') }),
    },
  });
}

function tokenReview(server: ServerParts, call: ResourceCall, draft: Draft): ApiResponse {
  const { token = '', audiences } = (draft['spec'] ?? {}) as { token?: string; audiences?: readonly string[] };
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const { tokens, authenticator } = server.access;
  const checked = tokens.check(token, server.kernel.now, audiences?.length ? audiences : [tokens.issuer]);
  const named = checked === undefined && (!audiences?.length || audiences.includes(tokens.issuer)) ? authenticator.withToken(token, server.kernel.now) : undefined;
  const found = typeof checked === 'object' ? checked : named && { user: named, audiences: [tokens.issuer] };
  const given = (draft['status'] ?? {}) as { readonly user?: object; readonly audiences?: readonly string[]; readonly error?: string };
  const status = found
    ? { authenticated: true, user: userInfo(found.user), audiences: found.audiences, ...(given.error !== undefined && { error: given.error }) }
    : { user: given.user ?? {}, ...(given.audiences && { audiences: given.audiences }), error: typeof checked === 'string' ? `[invalid bearer token, ${checked}]` : 'invalid bearer token' };
  return answer(recorded(server, call, draft), { status });
}

function componentStatuses(name: string): ApiResponse {
  const items = ['scheduler', 'controller-manager', 'etcd-0'].map((component): KubeObject & { conditions: unknown } => ({
    kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name: component }, conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  }));
  const found = items.find((item) => item.metadata?.name === name);
  return { status: 200, body: found ?? { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items } };
}
