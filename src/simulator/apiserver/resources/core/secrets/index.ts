import { base64Decode, base64Encode, isConfigMapKey, type Secret } from '../../../../api';
import { utf8Decode, utf8Encode } from '../../../../kernel';
import { type Errors, fieldPath } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { collect, metadataPath } from '../../strategy';
import { base64Size } from '../configmaps';
import { jsonError } from './json-error';

const limit = 1024 * 1024;
const dataPath = fieldPath('data');
const redacted = '<secret contents redacted>';

/** stringData is written into data, and never read back. */
function mergeStringData(draft: Draft): void {
  const texts = draft['stringData'] as Readonly<Record<string, string>> | undefined;
  if (texts !== undefined) {
    if (Object.keys(texts).length > 0) draft['data'] = { ...(draft['data'] as object | undefined), ...Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64Encode(utf8Encode(text))])) };
    delete draft['stringData'];
  }
  if (draft['type'] === undefined || draft['type'] === '') draft['type'] = 'Opaque';
}

const neededKeys: Readonly<Record<string, readonly string[]>> = { 'kubernetes.io/tls': ['tls.crt', 'tls.key'], 'kubernetes.io/dockercfg': ['.dockercfg'], 'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'] };

function checkType({ type = '', data = {}, metadata }: Secret, errors: Errors): void {
  for (const key of neededKeys[type] ?? []) {
    const value = data[key];
    if (value === undefined) errors.required(dataPath.index(key));
    else if (type !== 'kubernetes.io/tls') {
      const problem = jsonError(utf8Decode(base64Decode(value))) ?? notAnObject(utf8Decode(base64Decode(value)));
      if (problem !== undefined) errors.invalid(dataPath.index(key), redacted, problem);
    }
  }
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    errors.required(dataPath.index('username'));
    errors.required(dataPath.index('password'));
  }
  if (type === 'kubernetes.io/ssh-auth' && base64Size(data['ssh-privatekey'] ?? '') === 0) errors.required(dataPath.index('ssh-privatekey'));
  if (type === 'kubernetes.io/service-account-token' && (metadata?.annotations?.['kubernetes.io/service-account.name'] ?? '') === '') {
    errors.required(metadataPath.child('annotations').index('kubernetes.io/service-account.name'));
  }
}

const goTypes: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' };

function notAnObject(text: string): string | undefined {
  const value: unknown = JSON.parse(text);
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  return `json: cannot unmarshal ${Array.isArray(value) ? 'array' : (goTypes[typeof value] ?? '')} into Go value of type map[string]interface {}`;
}

function checkSecret(secret: Secret, errors: Errors): void {
  let size = 0;
  for (const key in secret.data) {
    errors.invalidEach(dataPath.index(key), key, isConfigMapKey(key));
    size += base64Size(secret.data[key] ?? '');
  }
  if (size > limit) errors.tooLong(dataPath, limit);
  checkType(secret, errors);
}

/** Secrets: what only some may read. */
export const secrets: ResourceDefinition<Secret> = {
  group: '',
  resource: 'secrets',
  applyDefaults: mergeStringData,
  validateCreate: (secret) => collect((errors) => checkSecret(secret, errors)),
  prepareForUpdate: (draft, old) => {
    if (draft['type'] === undefined || draft['type'] === '') draft['type'] = old.type;
  },
  validateWhole: (secret) => collect((errors) => checkSecret(secret, errors)),
  validateUpdate: (secret, old) =>
    collect((errors) => {
      if (secret.type !== old.type) errors.invalid(fieldPath('type'), secret.type ?? '', 'field is immutable');
      if (old.immutable) {
        if (!secret.immutable) errors.forbidden(fieldPath('immutable'), 'field is immutable when `immutable` is set');
        if (!sameValue(secret.data, old.data)) errors.forbidden(dataPath, 'field is immutable when `immutable` is set');
      }
    }),
  warnings: ({ type, data }) => {
    if (type !== 'kubernetes.io/tls') return [];
    const text = utf8Decode(base64Decode(data?.['tls.crt'] ?? ''));
    return text.includes('-----BEGIN ') ? [] : ['tls: failed to find any PEM data in certificate input'];
  },
  selectableFields: ({ type = '' }) => ({ type }),
  cells: (secret, now) => [nameOf(secret), secret.type ?? '', Object.keys(secret.data ?? {}).length, age(secret, now)],
};
