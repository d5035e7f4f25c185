import { type ApiResponse, type KubeObject, type TokenRequest, typeForKind, type TypeSchema } from '../../api';
import { formatTime, type Task } from '../../kernel';
import type { TokenClaims } from '../authentication/jwt';
import type { ResourceCall, ServerParts } from '../call';
import { badRequest, conflict, invalid, notFound } from '../errors';
import { readBody } from '../registry/body';
import { decodeDraft } from '../registry/decode';
import { dropEmpties } from '../registry/empties';
import { managersOfNew } from '../registry/managed-fields';
import { dedupeOwners } from '../registry/metadata';
import { writeOptions } from '../registry/options';
import { readObject } from '../registry/read-object';
import { mutate, validate } from '../registry/admit';
import { admissionSubject, matchNamespace, writeRequest } from '../registry/write-request';
import type { Draft } from '../resources/definition';

const requestKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const shortest = 600;
const longest = 2 ** 32;
/** Tokens of Pods with the usual lifetime get this much instead, and a warning time (KEP-1205). */
const extendedLifetime = 365 * 24 * 3600;
const usualLifetime = 3607;
/** Seconds that a token lives when nobody says. */
const defaultLifetime = 3600;

type Request = TokenRequest & { readonly spec: NonNullable<TokenRequest['spec']> };

interface Bound {
  readonly pod?: { readonly name: string; readonly uid: string };
  readonly secret?: { readonly name: string; readonly uid: string };
  readonly node?: { readonly name: string; readonly uid: string };
}

/** POST serviceaccounts/NAME/token: a token for the account, bound and expiring as asked. */
export function* answerToken(server: ServerParts, call: ResourceCall): Task<ApiResponse> {
  const options = writeOptions(call.query, 'CreateOptions');
  const draft = decodeDraft(typeForKind(requestKind) as TypeSchema, readBody(call.request, 'TokenRequest'), requestKind, options, call.warnings);
  const account = yield* readObject(server, call);
  matchNamespace(draft, call.namespace);
  dedupeOwners(draft, call.warnings);
  dropEmpties(typeForKind(requestKind) as TypeSchema, draft);
  const write = writeRequest(call, options);
  const spec = (draft['spec'] ??= {}) as { expirationSeconds?: number | null };
  spec.expirationSeconds ??= defaultLifetime;
  recordOwner(draft, write.manager, formatTime(server.kernel.now));
  const request = draft as unknown as Request;
  const subject = { ...admissionSubject(write, 'CREATE'), kind: requestKind };
  yield* mutate(server, subject, draft, undefined);
  yield* validate(server, subject, draft, undefined);
  const name = request.metadata?.name ?? '';
  if (name !== '' && name !== call.info.name) throw invalid(requestKind.group, requestKind.kind, call.info.name, [{ type: 'FieldValueInvalid', field: 'metadata.name', message: `Invalid value: ${JSON.stringify(name)}: must match the service account name if specified` }]);
  const given = request.metadata?.uid ?? '';
  if (given !== '' && given !== account.metadata?.uid) throw conflict({ group: requestKind.group, resource: requestKind.kind }, call.info.name, `the UID in the token request (${given}) does not match the UID of the service account (${account.metadata?.uid})`);
  const expirationSeconds = request.spec.expirationSeconds ?? defaultLifetime;
  const field = 'spec.expirationSeconds';
  if (expirationSeconds < shortest) throw invalid(requestKind.group, requestKind.kind, name, [{ type: 'FieldValueInvalid', field, message: `Invalid value: ${expirationSeconds}: may not specify a duration less than 10 minutes` }]);
  if (expirationSeconds > longest) throw invalid(requestKind.group, requestKind.kind, name, [{ type: 'FieldValueInvalid', field, message: `Invalid value: ${expirationSeconds}: may not specify a duration larger than 2^32 seconds` }]);
  draft.metadata['name'] = call.info.name;
  draft.metadata['namespace'] = call.namespace;
  const audiences = request.spec.audiences?.length ? request.spec.audiences : [server.access.tokens.issuer];
  const bound = boundTo(server, call, request);
  const { token, expiration } = issue(server, account, audiences, expirationSeconds, bound);
  return {
    status: 201,
    body: Object.freeze({
      kind: requestKind.kind,
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { ...draft.metadata, uid: account.metadata?.uid, creationTimestamp: formatTime(server.kernel.now) },
      spec: { audiences, expirationSeconds, boundObjectRef: request.spec.boundObjectRef ?? null },
      status: { token, expirationTimestamp: formatTime(expiration * 1_000_000) },
    }),
  };
}

/** Who set which fields of the request, although it is not stored. */
function recordOwner(draft: Draft, manager: string, time: string): void {
  delete draft.metadata['managedFields'];
  const managedFields = managersOfNew(typeForKind(requestKind) as TypeSchema, draft, { manager, apiVersion: `${requestKind.group}/${requestKind.version}`, time, subresource: 'token' });
  if (managedFields) draft.metadata['managedFields'] = managedFields;
}

function boundTo(server: ServerParts, call: ResourceCall, { spec }: Request): Bound {
  const reference = spec.boundObjectRef;
  if (!reference) return {};
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
  const resource = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[apiVersion.includes('/') ? '' : kind];
  if (resource === undefined) throw badRequest(`cannot bind token to object of type ${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`);
  if (name === '') throw badRequest('Name parameter required.');
  const find = (plural: string, of: string) => server.get<KubeObject & { spec?: { serviceAccountName?: string; nodeName?: string } }>({ group: '', version: 'v1', resource: plural }, plural === 'nodes' ? undefined : call.namespace, of);
  const object = find(resource, name);
  if (object === undefined) throw notFound({ group: '', resource }, name);
  if (kind === 'Pod' && (object.spec?.serviceAccountName ?? '') !== call.info.name) {
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(call.info.name)} to pod running with different serviceaccount name.`);
  }
  const actual = object.metadata?.uid ?? '';
  if (uid !== '' && uid !== actual) throw conflict({ group: '', resource: kind }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  const reference2 = { name, uid: actual };
  if (kind === 'Secret') return { secret: reference2 };
  if (kind === 'Node') return { node: reference2 };
  const nodeName = object.spec?.nodeName;
  const node = nodeName === undefined || nodeName === '' ? undefined : find('nodes', nodeName);
  return { pod: reference2, ...(nodeName !== undefined && nodeName !== '' && { node: { name: nodeName, uid: node?.metadata?.uid ?? '' } }) };
}

function issue(server: ServerParts, account: KubeObject, audiences: readonly string[], expirationSeconds: number, bound: Bound) {
  const { name = '', namespace = '', uid = '' } = account.metadata ?? {};
  const now = Math.floor(server.kernel.now / 1_000_000);
  const { issuer } = server.access.tokens;
  const extended = expirationSeconds === usualLifetime && bound.pod !== undefined && audiences.includes(issuer);
  const claims: TokenClaims = {
    aud: audiences,
    exp: now + (extended ? extendedLifetime : expirationSeconds),
    iat: now,
    iss: issuer,
    jti: server.random.uuid(),
    'kubernetes.io': {
      namespace,
      ...(bound.node && { node: bound.node }),
      ...(bound.pod && { pod: bound.pod }),
      ...(bound.secret && { secret: bound.secret }),
      serviceaccount: { name, uid },
      ...(extended && { warnafter: now + expirationSeconds }),
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  return { token: server.access.signer.sign(claims), expiration: now + expirationSeconds };
}
