import { compareText, isFields } from '../fields';

const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029', '\u007f': '\u007f' };

/** A JSON string as Go writes it: <, > and & escaped, \b and \f short. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (letter) => escapes[letter] as string);
}

/** A number as Go writes it. */
function jsonNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** JSON as Go marshals a map: keys sorted unless `sorted` is false, nothing between. */
export function compactJson(value: unknown, sorted = true): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number') return jsonNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => compactJson(item, sorted)).join(',')}]`;
  if (isFields(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    if (sorted) keys.sort(compareText);
    return `{${keys.map((key) => `${jsonString(key)}:${compactJson(value[key], sorted)}`).join(',')}}`;
  }
  return String(value);
}

/** JSON as Go indents it. */
export function indentedJson(value: unknown, unit = '    ', sorted = true, indent = ''): string {
  const inner = indent + unit;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indentedJson(item, unit, sorted, inner)).join(',\n')}\n${indent}]`;
  }
  if (isFields(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    if (keys.length === 0) return '{}';
    if (sorted) keys.sort(compareText);
    return `{\n${keys.map((key) => `${inner}${jsonString(key)}: ${indentedJson(value[key], unit, sorted, inner)}`).join(',\n')}\n${indent}}`;
  }
  return compactJson(value);
}
