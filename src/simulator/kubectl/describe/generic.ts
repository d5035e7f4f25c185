import { isFields, nameOf, namespaceOf, type Fields } from '../fields';
import type { Describer } from './describer';
import { writeAnnotations, writeLabels, Writer } from './writer';

const acronyms = new Set(['API', 'URL', 'UID', 'OSB', 'GUID']);

/** A field's name in words: lastTransitionTime is Last Transition Time. Names with other characters stay as they are. */
export function fieldTitle(name: string): string {
  if (!/^[A-Za-z0-9]+$/.test(name)) return name;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').split(' ');
  return words.map((word) => (acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1))).join(' ');
}

const skipped = new Set(['metadata.managedFields', 'metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations']);

function writeFields(w: Writer, level: number, value: Fields, path: string): void {
  for (const key of Object.keys(value).sort()) {
    const here = path === '' ? key : `${path}.${key}`;
    if (skipped.has(here)) continue;
    writeField(w, level, fieldTitle(key), value[key], here);
  }
}

function writeField(w: Writer, level: number, title: string, value: unknown, path: string): void {
  if (isFields(value)) {
    w.line(level, `${title}:`);
    writeFields(w, level + 1, value, path);
  } else if (Array.isArray(value)) {
    w.line(level, `${title}:`);
    for (const item of value) writeItem(w, level + 1, item, path);
  } else w.line(level, `${title}:\t${value === null ? '<nil>' : String(value)}`);
}

function writeItem(w: Writer, level: number, item: unknown, path: string): void {
  if (isFields(item)) writeFields(w, level, item, path);
  else if (Array.isArray(item)) for (const one of item) writeItem(w, level + 1, one, path);
  else w.line(level, String(item));
}

/** Any kind without a description of its own: field by field. */
export const describeGeneric: Describer = function* (_context, object) {
  const w = new Writer();
  w.line(0, `Name:\t${nameOf(object)}`);
  w.line(0, `Namespace:\t${namespaceOf(object)}`);
  writeLabels(w, object);
  writeAnnotations(w, object);
  writeFields(w, 0, object, '');
  return w;
};
