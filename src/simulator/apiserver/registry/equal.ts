import type { KubeObject } from '../../api';
import type { Draft } from '../resources/definition';

/** Whether two JSON values say the same; absent and undefined are one. Shared parts are not walked. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameJson(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) if (left[key] !== undefined && !sameJson(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

type Parts = Record<string, unknown>;

/**
 * Puts the old parts into a draft where it says the same: what did not change is then the same object in every version,
 * which takes no memory and is seen to be the same at a glance. Metadata stays the draft's own, for its version is still
 * to be written. Whether nothing changed at all.
 */
export function shareUnchanged(draft: Draft, old: KubeObject): boolean {
  const { metadata } = draft;
  const same = share(draft, old);
  draft.metadata = metadata;
  return same;
}

function share(draft: unknown, old: unknown): boolean {
  if (draft === old) return true;
  if (typeof draft !== 'object' || typeof old !== 'object' || draft === null || old === null || Object.isFrozen(draft)) return sameJson(draft, old);
  if (Array.isArray(draft)) return Array.isArray(old) && shareItems(draft as unknown[], old as readonly unknown[]);
  if (Array.isArray(old)) return false;
  const [parts, before] = [draft as Parts, old as Readonly<Parts>];
  let same = true;
  for (const key in parts) {
    const part = parts[key];
    if (part === undefined || part === before[key]) continue;
    if (share(part, before[key])) parts[key] = before[key];
    else same = false;
  }
  for (const key in before) if (before[key] !== undefined && parts[key] === undefined) same = false;
  return same;
}

function shareItems(draft: unknown[], old: readonly unknown[]): boolean {
  let same = draft.length === old.length;
  for (let i = 0; i < draft.length; i++) {
    if (share(draft[i], old[i])) draft[i] = old[i];
    else same = false;
  }
  return same;
}
