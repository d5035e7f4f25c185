import type { ManagedFieldsEntry } from '../generated/kinds';
import { equalSets, type FieldSet, fieldSetOf, fieldsOf, isEmptySet } from './field-set';

/** Who wrote, how, in which version and to which subresource. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

/** What one manager owns. */
export interface ManagedSet extends ManagerIdentity {
  readonly set: FieldSet;
  /** RFC 3339; absent when an apply changed nothing. */
  readonly time?: string;
  /** How it was read, as long as nothing of it changed. */
  readonly entry?: ManagedFieldsEntry;
}

/** All managers of an object, by identity. */
export type Managers = ReadonlyMap<string, ManagedSet>;

/** Equal for two writes of one manager. An applier keeps its entry when it changes to another version. */
export const identityKey = ({ manager, operation, apiVersion, subresource = '' }: ManagerIdentity): string => `${operation}\n${subresource}\n${operation === 'Apply' ? '' : apiVersion}\n${manager}`;

/** Reads metadata.managedFields. */
export function readManagers(entries: readonly unknown[] | undefined): Map<string, ManagedSet> {
  const out = new Map<string, ManagedSet>();
  for (const entry of (entries ?? []) as readonly ManagedFieldsEntry[]) {
    const managed: ManagedSet = {
      manager: entry.manager ?? '',
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: entry.apiVersion ?? '',
      ...(entry.subresource && { subresource: entry.subresource }),
      set: fieldSetOf(entry.fieldsV1),
      ...(entry.time !== undefined && { time: entry.time }),
      ...(entry.apiVersion !== undefined && { entry }),
    };
    out.set(identityKey(managed), managed);
  }
  return out;
}

/** A manager that owns something else from now on. */
export function withSet({ entry: _, ...managed }: ManagedSet, set: FieldSet): ManagedSet {
  return { ...managed, set };
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compareManagers(a: ManagedSet, b: ManagedSet): number {
  return byText(a.operation, b.operation) || byText(a.time ?? '', b.time ?? '') || byText(a.manager, b.manager) || byText(a.apiVersion, b.apiVersion) || byText(a.subresource ?? '', b.subresource ?? '');
}

/** metadata.managedFields in the server's order; undefined when nobody owns anything. Entries that did not change stay the same objects. */
export function writeManagers(managers: Managers, previous: readonly unknown[] | undefined): readonly unknown[] | undefined {
  const list = [...managers.values()].filter(({ set }) => !isEmptySet(set)).sort(compareManagers);
  if (list.length === 0) return undefined;
  return list.map((managed) => {
    const { manager, operation, apiVersion, subresource, time, set, entry } = managed;
    if (entry) return entry;
    const key = identityKey(managed);
    const old = ((previous ?? []) as readonly ManagedFieldsEntry[]).filter((one) => identityKey(identityOf(one)) === key).at(-1);
    if (old && old.time === time && old.apiVersion === apiVersion && equalSets(fieldSetOf(old.fieldsV1), set)) return old;
    return { manager, operation, apiVersion, ...(time !== undefined && { time }), fieldsType: 'FieldsV1', fieldsV1: fieldsOf(set), ...(subresource && { subresource }) };
  });
}

const identityOf = (entry: ManagedFieldsEntry): ManagerIdentity => ({
  manager: entry.manager ?? '',
  operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
  apiVersion: entry.apiVersion ?? '',
  ...(entry.subresource && { subresource: entry.subresource }),
});
