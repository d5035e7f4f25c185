import type { PodTemplateSpec } from '../../api';
import { deepEqual } from '../../client';
import { hashLabel } from './rules';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Text that says the same for values that are the same, whatever the order of their members. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${key}:${canonical(member)}`).join(',')}}`;
}

/** A 32-bit FNV-1a hash, its decimal digits written in the alphabet of generated names. `collisions` makes another one. */
export function objectHash(value: unknown, collisions?: number): string {
  const text = canonical(value) + (collisions === undefined ? '' : `#${collisions}`);
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** The pod-template-hash of a template. */
export const templateHash = (template: PodTemplateSpec, collisions?: number): string => objectHash(template, collisions);

/** Whether two templates are the same but for the hash label. */
export function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  if (!deepEqual(a?.spec, b?.spec)) return false;
  const bare = ({ metadata: { labels = {}, ...metadata } = {} }: PodTemplateSpec = {}) => {
    const { [hashLabel]: _, ...rest } = labels;
    return { ...metadata, labels: rest };
  };
  return deepEqual(bare(a), bare(b));
}
