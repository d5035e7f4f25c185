import { CommandError } from './errors';
import { isFields, type Fields } from './fields';

/** RFC 7396: the object with a JSON merge patch applied. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const out: Record<string, unknown> = { ...(isFields(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = mergePatched(out[key], value);
  }
  return out;
}

/** The object with --overrides applied. */
export function overridden(object: Fields, text: string, type: string): Fields {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    throw new CommandError('Invalid JSON Patch');
  }
  if (!['json', 'merge', 'strategic'].includes(type)) throw new CommandError(`invalid override type: ${type}`);
  return mergePatched(object, patch) as Fields;
}
