import { applyJsonPatch, applyMergePatch, applyStrategicPatch, createMergePatch, createThreeWayPatch, createTwoWayPatch, PatchError, typeForKind, type TypeSchema } from '../api';
import { parseDocument } from './resources/manifests';
import type { Mapping } from './api/mapper';
import { CommandError } from './errors';
import { isFields, type Fields } from './fields';
import type { PatchKind } from './resources/write';

/** The Go type behind a built-in kind; custom resources have none. */
export const schemaOf = ({ group, version, kind }: Pick<Mapping, 'group' | 'version' | 'kind'>): TypeSchema | undefined => typeForKind({ group, version, kind });

/** A merge patch without its nulls (`deletions` false), or with nothing but them. */
function only(patch: unknown, deletions: boolean): unknown {
  if (!isFields(patch)) return deletions ? undefined : patch;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      if (deletions) out[key] = null;
      continue;
    }
    const kept = only(value, deletions);
    if (kept !== undefined && !(deletions && isFields(kept) && Object.keys(kept).length === 0)) out[key] = kept;
  }
  return out;
}

/** A patch without maps that say nothing but to retain no keys: kubectl sends none for an empty map. */
function withoutEmptyRetention(patch: Fields): Fields | undefined {
  const { $retainKeys: retained, ...rest } = patch;
  const out: Record<string, unknown> = Array.isArray(retained) && retained.length === 0 ? rest : { ...patch };
  let emptied = Object.keys(out).length < Object.keys(patch).length;
  for (const [key, value] of Object.entries(out)) {
    if (!isFields(value) || key === '$retainKeys') continue;
    const kept = withoutEmptyRetention(value);
    if (kept) out[key] = kept;
    else {
      delete out[key];
      emptied = true;
    }
  }
  return emptied && Object.keys(out).length === 0 ? undefined : out;
}

/** What leads from `current` to `modified`, taking away what `original` had and `modified` has not. */
export function threeWayPatch(mapping: Mapping, original: Fields, modified: Fields, current: Fields): { kind: PatchKind; patch: Fields } {
  const schema = schemaOf(mapping);
  if (schema) return { kind: 'application/strategic-merge-patch+json', patch: withoutEmptyRetention(createThreeWayPatch(schema, original, modified, current)) ?? {} };
  const changes = only(createMergePatch(current, modified), false);
  const deletions = only(createMergePatch(original, modified), true);
  return { kind: 'application/merge-patch+json', patch: joined(changes, deletions) as Fields };
}

/** Two merge patches as one. */
function joined(a: unknown, b: unknown): unknown {
  if (!isFields(a) || !isFields(b)) return b ?? a;
  const out: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) out[key] = key in out ? joined(out[key], value) : value;
  return out;
}

/** What leads from one object to the other. */
export function twoWayPatch(mapping: Mapping, before: Fields, after: Fields): { kind: PatchKind; patch: Fields } {
  const schema = schemaOf(mapping);
  if (schema) return { kind: 'application/strategic-merge-patch+json', patch: createTwoWayPatch(schema, before, after) };
  return { kind: 'application/merge-patch+json', patch: createMergePatch(before, after) as Fields };
}

/** The object with a patch of this kind. Throws what kubectl says of patches that do not fit. */
export function patched(mapping: Mapping, object: Fields, kind: PatchKind, patch: unknown): Fields {
  try {
    if (kind === 'application/json-patch+json') return applyJsonPatch(object, patch) as Fields;
    const schema = kind === 'application/strategic-merge-patch+json' ? schemaOf(mapping) : undefined;
    return (schema ? applyStrategicPatch(schema, object, patch as Fields) : applyMergePatch(object, patch)) as Fields;
  } catch (error) {
    if (error instanceof PatchError) throw new CommandError(error.message);
    throw error;
  }
}

/** The object with --overrides applied. */
export function overridden(object: Fields, text: string, type: string, mapping: Mapping): Fields {
  if (!['json', 'merge', 'strategic'].includes(type)) throw new CommandError(`invalid overrideType: ${type}`);
  let patch: unknown;
  try {
    patch = parseDocument(text, 'overrides');
    if (patch === undefined || typeof patch !== 'object') throw new CommandError('');
  } catch {
    throw new CommandError('Invalid JSON Patch');
  }
  const kind: PatchKind = type === 'json' ? 'application/json-patch+json' : type === 'merge' ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
  return patched(mapping, object, kind, patch);
}
