const named: Readonly<Record<string, string>> = { '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"' };
 
const special = /["\\\x00-\x1f\x7f]|[^\P{C}\p{L}]|[^\P{Z} ]/u;

/** A text as Go's %q writes it. */
export function quoteText(text: string): string {
  if (!special.test(text)) return `"${text}"`;
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (character in named) out += named[character];
    else if (!special.test(character)) out += character;
    else if (code < 0x80) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `${out}"`;
}

const isStruct = (keys: readonly string[]): boolean => keys.every((key) => /^[A-Z]/.test(key));

/** Maps of texts are written by key; structs keep the order of their fields. */
function sortedMap(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (entries.length < 2 || entries.some(([, item]) => typeof item !== 'string') || isStruct(entries.map(([key]) => key))) return value;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How an error shows a value: texts quoted, numbers plain, everything else as JSON with sorted keys as Go writes it. */
export function quoteValue(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, sortedMap).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
