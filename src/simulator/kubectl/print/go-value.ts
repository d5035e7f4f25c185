import { isFields } from '../fields';

/** A text as Go quotes it. */
export function goQuote(text: string): string {
  return JSON.stringify(text).replace(/\\b/g, '\\b').replace(/\\u0007/g, '\\a').replace(/\\u000b/g, '\\v').replace(/\\u00([01][0-9a-f])/g, '\\x$1').replace(/\u007f/g, '\\x7f').replace(/[\u00a0\u2028\u2029\ufeff]/g, (letter) => `\\u${(letter.codePointAt(0) as number).toString(16).padStart(4, '0')}`);
}

/** A value as Go's %#v prints it. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isFields(value)) return `map[string]interface {}{${Object.keys(value).sort().map((key) => `${goQuote(key)}:${goSyntax(value[key])}`).join(', ')}}`;
  return typeof value === 'string' ? goQuote(value) : String(value);
}
