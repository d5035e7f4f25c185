import { isJsonObject } from './equal';

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => (item === null ? item : withoutNulls(item)));
  if (!isJsonObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) out[key] = withoutNulls(item);
  return out;
}

/** RFC 7386: null removes, objects merge, everything else replaces. Shares what the patch leaves alone. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(document)) return withoutNulls(patch);
  if (!isJsonObject(patch)) return patch;
  const out: Record<string, unknown> = { ...document };
  for (const [key, item] of Object.entries(patch)) {
    if (item === null) delete out[key];
    else out[key] = key in out && out[key] !== null ? applyMergePatch(out[key], item) : withoutNulls(item);
  }
  return out;
}

/** The merge patch that makes `after` of `before`; undefined when they are equal. */
export function createMergePatch(before: unknown, after: unknown): unknown {
  if (!isJsonObject(before) || !isJsonObject(after)) return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  const out: Record<string, unknown> = {};
  let changed = false;
  for (const key of Object.keys(before)) {
    if (key in after) continue;
    out[key] = null;
    changed = true;
  }
  for (const [key, value] of Object.entries(after)) {
    const patch = key in before ? createMergePatch(before[key], value) : value;
    if (patch === undefined) continue;
    out[key] = patch;
    changed = true;
  }
  return changed ? out : undefined;
}
