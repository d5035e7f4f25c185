import { isFields } from '../fields';

/**
 * YAML as sigs.k8s.io/yaml writes it, which kubectl prints: keys in natural order, lists not indented, YAML 1.1 words
 * quoted, long scalars folded after column 80. Found by asking the real kubectl.
 */
export const toYaml = (value: unknown): string => (isFields(value) && Object.keys(value).length > 0) || (Array.isArray(value) && value.length > 0) ? block(value, 0).slice(1) : `${scalarOrEmpty(value, 0, 0)}\n`;

const foldAt = 80;

/** A map or list as lines, each after a line break, at an indentation; ends with a line break. */
function block(value: unknown, indent: number): string {
  const out: string[] = [];
  write(value, indent, out);
  return `\n${out.join('')}`;
}

function write(value: unknown, indent: number, out: string[]): void {
  if (Array.isArray(value)) for (const item of value) writeItem(item, indent, out);
  else writeMap(value as Readonly<Record<string, unknown>>, indent, out, ' '.repeat(indent));
}

const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : isFields(value) ? Object.keys(value).length === 0 : true);

function writeMap(map: Readonly<Record<string, unknown>>, indent: number, out: string[], firstLead: string): void {
  let lead = firstLead;
  for (const key of Object.keys(map).sort(naturalOrder)) {
    const value = map[key];
    if (value === undefined) continue;
    const label = keyText(key);
    if (isEmpty(value)) out.push(`${lead}${label}: ${scalarOrEmpty(value, indent + label.length + 2, indent + 2)}\n`);
    else {
      out.push(`${lead}${label}:\n`);
      write(value, Array.isArray(value) ? indent : indent + 2, out);
    }
    lead = ' '.repeat(indent);
  }
}

function writeItem(item: unknown, indent: number, out: string[]): void {
  const lead = ' '.repeat(indent);
  if (isEmpty(item)) out.push(`${lead}- ${scalarOrEmpty(item, indent + 2, indent + 2)}\n`);
  else if (Array.isArray(item)) {
    const inner: string[] = [];
    write(item, indent + 2, inner);
    out.push(`${lead}- ${inner.join('').slice(indent + 2)}`);
  } else writeMap(item as Readonly<Record<string, unknown>>, indent + 2, out, `${lead}- `);
}

function scalarOrEmpty(value: unknown, column: number, indent: number): string {
  if (Array.isArray(value)) return '[]';
  if (isFields(value)) return '{}';
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return scalar(value, column, indent);
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

// Unprintable for the emitter: controls (a tab too), a byte order mark, anything beyond the basic plane.
const special = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/;
const plainRefused = /^[#,[\]{}&*!|>'"%@`]|^[-?:]( |$)|: |:$| #|^ | $|^---|^\.\.\./;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const integer = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const timestamp = /^\d{4}-\d\d?-\d\d?([Tt ]+\d\d?:\d\d:\d\d(\.\d*)?\s*(Z|[-+]\d\d?(:?\d\d)?)?)?$/;
const words = /^(|~|null|Null|NULL|[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;

/** Whether the text, unquoted, would be read as something else than a text. */
function readsAsOther(text: string): boolean {
  if (words.test(text) || sexagesimal.test(text) || timestamp.test(text)) return true;
  const plain = text.replaceAll('_', '');
  return /^[-+.\d]/.test(text) && (float.test(plain) || integer.test(plain));
}

function scalar(text: string, column: number, indent: number): string {
  if (readsAsOther(text)) return doubleQuoted(text, column, indent);
  if (special.test(text)) return doubleQuoted(text, column, indent);
  if (text.includes('\n')) return / \n| $/.test(text) ? doubleQuoted(text, column, indent) : literal(text, indent);
  if (plainRefused.test(text)) return `'${fold(text.replaceAll("'", "''"), column + 1, indent)}'`;
  return fold(text, column, indent);
}

/** A key: as a scalar, but on one line. */
function keyText(key: string): string {
  if (readsAsOther(key) || special.test(key) || key.includes('\n')) return doubleQuoted(key, -Infinity, 0);
  return plainRefused.test(key) ? `'${key.replaceAll("'", "''")}'` : key;
}

/** Breaks lines at single spaces once past column 80. */
function fold(text: string, column: number, indent: number): string {
  if (column + text.length <= foldAt) return text;
  let out = '';
  let at = column;
  for (let i = 0; i < text.length; i++) {
    const single = text[i] === ' ' && i > 0 && i < text.length - 1 && text[i - 1] !== ' ' && text[i + 1] !== ' ';
    if (single && at > foldAt) {
      out += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      out += text[i];
      at += 1;
    }
  }
  return out;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\u0000': '\\0', '\u0007': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\u000b': '\\v', '\f': '\\f', '\r': '\\r', '\u001b': '\\e',
  '"': '\\"', '\\': '\\\\', '\u0085': '\\N', '\u2028': '\\L', '\u2029': '\\P',
};

function escaped(letter: string): string {
  const known = shortEscapes[letter];
  if (known !== undefined) return known;
  const code = letter.codePointAt(0) as number;
  if (!special.test(letter)) return letter;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function doubleQuoted(text: string, column: number, indent: number): string {
  const letters = [...text];
  let out = '"';
  let at = column + 1;
  letters.forEach((letter, i) => {
    const inside = i > 0 && i < letters.length - 1;
    if (letter === ' ' && inside && at > foldAt && letters[i - 1] !== ' ') {
      out += `\n${' '.repeat(indent)}${letters[i + 1] === ' ' ? '\\' : ''}`;
      at = indent;
    } else {
      const piece = escaped(letter);
      out += piece;
      at += piece.length;
    }
  });
  return `${out}"`;
}

/** A literal block: its indentation is told when the text starts with a space or a line break. */
function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const body = chomp === '-' ? text : text.slice(0, -1);
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

const isLetter = (letter: string): boolean => /\p{L}/u.test(letter);
const isDigit = (letter: string): boolean => letter >= '0' && letter <= '9';

/** The emitter's order of keys: numbers inside names by value, letters after other characters. */
export function naturalOrder(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
  if (i === a.length || i === b.length) return a.length - b.length;
  const [x, y] = [a[i] as string, b[i] as string];
  const [xLetter, yLetter] = [isLetter(x), isLetter(y)];
  if (xLetter && yLetter) return x < y ? -1 : 1;
  if (xLetter || yLetter) return (i > 0 && isDigit(a[i - 1] as string)) === xLetter ? -1 : 1;
  return compareNumbers(a, b, i) || (x < y ? -1 : 1);
}

/** By the numbers that stand at `i`; 0 when neither or both are none. */
function compareNumbers(a: string, b: string, i: number): number {
  let start = i;
  if (a[i] === '0' || b[i] === '0') while (start > 0 && isDigit(a[start - 1] as string)) start -= 1;
  const digits = (text: string) => /^\d*/.exec(text.slice(start))?.[0] ?? '';
  const [left, right] = [digits(a), digits(b)];
  return Number(left || '0') - Number(right || '0') || left.length - right.length;
}
