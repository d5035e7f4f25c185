import { createHash } from 'node:crypto';

/** The document without its descriptions, its objects in the order of their fields' names. `named`: its keys are names, not words of OpenAPI. */
function bare(value, named) {
  if (Array.isArray(value)) return value.map((item) => bare(item, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => named || key !== 'description' || typeof item !== 'string');
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, item]) => [key, bare(item, !named && ['properties', 'schemas', 'paths'].includes(key))]));
}

/** What two OpenAPI documents share that differ in their words only: 64 hex digits. */
export const digestOf = (document) => createHash('sha256').update(JSON.stringify(bare(document, false))).digest('hex');
