import { encodeAny } from '../decode';
import { parseJson, plainJson } from '../json';
import { isJsonObject, type JsonObject } from '../patch';
import { difference, emptySet, type FieldSet, isEmptySet, union } from './field-set';
import { identityKey, type ManagedSet, readManagers, withSet, writeManagers } from './managers';
import type { Shape } from './shape';
import { compare, setOf } from './walk';

/** Where kubectl apply keeps what it applied last. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const kubectl = 'kubectl';

function annotationOf(object: JsonObject | undefined): string | undefined {
  const metadata = object?.['metadata'];
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  const text = isJsonObject(annotations) ? annotations[lastAppliedAnnotation] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = plainJson(parseJson(text).value);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Who applied with kubectl on the client's side before may take its fields over on the server's side: conflicts over
 * fields that were last applied, and that still have that value, do not count.
 */
export function mayTakeOver(manager: string, shape: Shape, live: JsonObject, conflicts: Iterable<FieldSet>): boolean {
  const text = manager === kubectl ? annotationOf(live) : undefined;
  const last = text === undefined ? undefined : parsed(text);
  if (!last) return false;
  const { modified } = compare(shape, last, live);
  const allowed = difference(setOf(shape, last), modified);
  let all = emptySet;
  for (const conflict of conflicts) all = union(all, conflict);
  return isEmptySet(difference(all, allowed));
}

/** kubectl's annotation follows what it applies on the server's side, where there is one. */
export function withLastApplied(manager: string, live: JsonObject | undefined, object: JsonObject, config: JsonObject): JsonObject {
  if (manager !== kubectl || annotationOf(live) === undefined) return object;
  const metadata = (object['metadata'] ?? {}) as JsonObject;
  const annotations = { ...(metadata['annotations'] as JsonObject | undefined), [lastAppliedAnnotation]: `${encodeAny(config)}\n` };
  return { ...object, metadata: { ...metadata, annotations } };
}

/**
 * managedFields with what client-side appliers own given to a server-side applier (kubectl sends this as a patch before
 * its first server-side apply); undefined when there is nothing to move.
 */
export function upgradeManagedFields(managedFields: readonly unknown[] | undefined, clientSide: readonly string[], serverSide: string): readonly unknown[] | undefined {
  const managers = readManagers(managedFields);
  const moved = [...managers.values()].filter((entry) => entry.operation === 'Update' && entry.subresource === undefined && clientSide.includes(entry.manager));
  const [first] = moved;
  if (!first) return undefined;
  const target: ManagedSet = { manager: serverSide, operation: 'Apply', apiVersion: first.apiVersion, set: emptySet, ...(first.time !== undefined && { time: first.time }) };
  const own = managers.get(identityKey(target)) ?? target;
  for (const entry of moved) managers.delete(identityKey(entry));
  managers.set(identityKey(own), withSet(own, moved.reduce((set, entry) => union(set, entry.set), own.set)));
  return writeManagers(managers, managedFields);
}
