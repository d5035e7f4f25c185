import { applyJsonPatch, DecodeError, decodeValue, type GroupVersionKind, PatchError, typeForKind } from '../../../api';
import type { AdmissionAttributes } from '../../admission';
import { internalError, unexpected } from '../../errors';
import { finish, kindProblem } from '../../registry/decode';
import type { Draft } from '../../resources/definition';
import type { ServedResource } from '../../served';

/** The object that a webhook's patch makes, with defaults for what the patch added. Throws a 500. */
export function patched(object: object, patch: readonly unknown[], kind: GroupVersionKind, served: ServedResource | undefined): Draft {
  let value: Draft;
  try {
    value = JSON.parse(JSON.stringify(applyJsonPatch(object, patch) ?? null)) as Draft;
  } catch (error) {
    if (error instanceof PatchError) throw internalError(error.message);
    throw error;
  }
  const version = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const given = { apiVersion: (value['apiVersion'] as string | undefined) || version, kind: (value['kind'] as string | undefined) || kind.kind };
  if (given.apiVersion !== version || given.kind !== kind.kind) throw unexpected(kindProblem(given, kind, value));
  if (served?.custom) return served.custom.shape(value, []);
  const type = typeForKind(kind);
  if (!type) return value;
  try {
    const draft = finish(type, decodeValue(type, value).object, kind);
    served?.definition.applyDefaults?.(draft);
    return draft;
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    throw error;
  }
}

/** Puts an object in the place of the request's draft. */
export function replace({ object }: AdmissionAttributes, by: Draft): void {
  if (!object) return;
  for (const field of Object.keys(object)) delete object[field];
  Object.assign(object, by);
}
