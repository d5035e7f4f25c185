import { compareText, isFields } from '../fields';
import { goQuote } from './go-value';

const plainKey = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const reserved = /^(y|n|yes|no|on|off|true|false|null|~)$/i;

const keyText = (key: string): string => (plainKey.test(key) && !reserved.test(key) ? key : JSON.stringify(key));

function text(value: string, indent: string): string {
  if (!value.includes('\n')) return goQuote(value);
  const lines = value.split(/(?<=\n)/).map((line) => goQuote(line).slice(1, -1));
  return `"\\\n${lines.map((line) => `${indent}   ${line}\\`).join('\n')}\n${indent}  "`;
}

function node(value: unknown, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return text(value, indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((item) => isFields(item) && Object.keys(item).length > 0)) return `[${value.map((item) => node(item, indent)).join(', ')}]`;
    return `[\n${value.map((item) => `${indent}  ${node(item, `${indent}  `)},\n`).join('')}${indent}]`;
  }
  if (isFields(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort(compareText);
    if (keys.length === 0) return '{}';
    return `{\n${keys.map((key) => `${indent}  ${keyText(key)}: ${node(value[key], `${indent}  `)},\n`).join('')}${indent}}`;
  }
  return String(value);
}

/** KYAML (KEP-5295): YAML in flow style with every text quoted. */
export const toKyaml = (value: unknown): string => `---\n${node(value, '')}\n`;
