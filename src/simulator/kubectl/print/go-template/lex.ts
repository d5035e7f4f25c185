/** Why a template cannot be read or run, in text/template's words. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A piece of a template: text as it is, or the tokens of one action. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly line: number };

export interface Token {
  readonly kind: 'field' | 'variable' | 'word' | 'number' | 'string' | 'char' | 'operator' | 'dot' | 'space';
  readonly text: string;
  /** Of strings and characters. */
  readonly value?: string;
  /** Where it begins in its line. */
  readonly column: number;
}

const token = /(\s+)|(\.[A-Za-z_]\w*)|(\.(?![\w]))|(\$[A-Za-z_]\w*|\$)|([+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?))|("(?:[^"\\\n]|\\.)*")|(`[^`]*`)|('(?:[^'\\]|\\.)+')|(:=|=|,|\||\(|\))|([A-Za-z_]\w*)/y;

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs, (_, escape: string) => {
    const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\u000b' };
    if (/^[xuU]/.test(escape)) return String.fromCodePoint(parseInt(escape.slice(1), 16));
    if (/^[0-7]{3}$/.test(escape)) return String.fromCharCode(parseInt(escape, 8));
    return simple[escape] ?? escape;
  });
}

function tokens(text: string, line: number, start: number): Token[] {
  const out: Token[] = [];
  for (token.lastIndex = 0; token.lastIndex < text.length; ) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) {
      const letter = String.fromCodePoint(text.codePointAt(at) as number);
      if (letter === '"') throw new TemplateError(`template: output:${line}: unterminated quoted string`);
      throw new TemplateError(`template: output:${line}: unexpected ${JSON.stringify(text.slice(at).split(/\s/)[0])} in command`);
    }
    const column = start + at;
    const [whole, space, field, dot, variable, number, quoted, raw, char, operator, word] = match;
    if (space !== undefined) out.push({ kind: 'space', text: whole, column });
    else if (field !== undefined) out.push({ kind: 'field', text: field.slice(1), column });
    else if (dot !== undefined) out.push({ kind: 'dot', text: '.', column });
    else if (variable !== undefined) out.push({ kind: 'variable', text: variable, column });
    else if (number !== undefined) out.push({ kind: 'number', text: number, column });
    else if (quoted !== undefined) out.push({ kind: 'string', text: quoted, value: unquote(quoted), column });
    else if (raw !== undefined) out.push({ kind: 'string', text: raw, value: raw.slice(1, -1), column });
    else if (char !== undefined) out.push({ kind: 'char', text: char, value: unquote(char), column });
    else if (operator !== undefined) out.push({ kind: 'operator', text: operator, column });
    else out.push({ kind: 'word', text: word as string, column });
  }
  return out;
}

/** Where an action that begins at `from` ends: at the }} outside of strings. */
function actionEnd(text: string, from: number): number {
  const rest = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)+'|\}\}/g;
  rest.lastIndex = from;
  for (let match = rest.exec(text); match; match = rest.exec(text)) if (match[0] === '}}') return match.index;
  return -1;
}

/** Splits a template into text and actions; {{- and -}} take the white space beside them. */
export function split(template: string): Piece[] {
  const out: Piece[] = [];
  let rest = 0;
  let trimNext = false;
  const pushText = (text: string, trimEnd: boolean) => {
    let shown = trimNext ? text.trimStart() : text;
    if (trimEnd) shown = shown.trimEnd();
    if (shown !== '') out.push({ kind: 'text', text: shown });
  };
  for (;;) {
    const open = template.indexOf('{{', rest);
    if (open < 0) {
      pushText(template.slice(rest), false);
      return out;
    }
    const line = template.slice(0, open).split('\n').length;
    const trims = /^-\s/.test(template.slice(open + 2));
    pushText(template.slice(rest, open), trims);
    const inner = open + 2 + (trims ? 1 : 0);
    const comment = /^\s*\/\*[\s\S]*?\*\/\s*(-?)\}\}/.exec(template.slice(inner));
    if (comment) {
      trimNext = comment[1] === '-';
      rest = inner + comment[0].length;
      continue;
    }
    const end = actionEnd(template, inner);
    if (end < 0) throw new TemplateError(`template: output:${line}: unclosed action`);
    let body = template.slice(inner, end);
    trimNext = /\s-$/.test(body);
    if (trimNext) body = body.slice(0, -1);
    const start = inner + body.length - body.trimStart().length - (template.lastIndexOf('\n', inner) + 1);
    out.push({ kind: 'action', tokens: tokens(body.trim(), line, start), line });
    rest = end + 2;
  }
}
