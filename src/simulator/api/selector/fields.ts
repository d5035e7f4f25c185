import { SelectorError } from './requirement';

/** One condition on a field. */
export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms.filter((term) => term !== '');
}

const operators = ['!=', '==', '='];

function splitTerm(term: string): [field: string, operator: string, value: string] | undefined {
  for (let at = 0; at < term.length; at++) {
    const operator = operators.find((candidate) => term.startsWith(candidate, at));
    if (operator !== undefined) return [term.slice(0, at), operator, term.slice(at + operator.length)];
  }
  return undefined;
}

function unescape(value: string): string {
  let out = '';
  for (let at = 0; at < value.length; at++) {
    const char = value[at] as string;
    if (char === '\\') {
      const next = value[at + 1];
      if (next !== '\\' && next !== ',' && next !== '=') throw new SelectorError(`invalid field selector: invalid escape sequence: \\${next ?? ''}`);
      out += next;
      at += 1;
    } else if (char === ',' || char === '=') throw new SelectorError(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    else out += char;
  }
  return out;
}

const escape = (value: string) => value.replace(/[\\,=]/g, (char) => `\\${char}`);

/** The requirements of `metadata.name=a,status.phase!=Running`. Throws SelectorError in the server's words. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text).map((term) => {
    const parts = splitTerm(term);
    if (!parts) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const [field, operator, value] = parts;
    return { field, equal: operator !== '!=', value: unescape(value) };
  });
}

/** As the server prints it. */
export const fieldSelectorText = (requirements: readonly FieldRequirement[]): string =>
  requirements.map(({ field, equal, value }) => `${field}${equal ? '=' : '!='}${escape(value)}`).join(',');

/** Whether an object's fields, given by `valueOf`, meet every requirement. */
export const matchesFields = (requirements: readonly FieldRequirement[], valueOf: (field: string) => string): boolean =>
  requirements.every(({ field, equal, value }) => (valueOf(field) === value) === equal);
