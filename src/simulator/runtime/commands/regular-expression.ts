import { bracket } from '../shell/pattern';

/** A POSIX regular expression as the source of a JavaScript one. */
export interface Translated {
  readonly source: string;
  /** How many groups it has. */
  readonly groups: number;
}

/** A pattern that is none; the message is regcomp's. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const special = /[\\^$.*+?()[\]{}|/]/;
const literal = (c: string): string => (special.test(c) ? `\\${c}` : c);
const shorthand: Readonly<Record<string, string>> = { w: '[A-Za-z0-9_]', W: '[^A-Za-z0-9_]', s: '[ \\t\\n\\r\\f\\v]', S: '[^ \\t\\n\\r\\f\\v]', b: '\\b', B: '\\B', '<': '\\b(?=[A-Za-z0-9_])', '>': '\\b(?<=[A-Za-z0-9_])', '`': '^', "'": '$', n: '\\n', t: '\\t', r: '\\r', f: '\\f', v: '\\v' };

function translate(pattern: string, extended: boolean): Translated {
  let [source, groups, open] = ['', 0, 0];
  let atStart: boolean = true;
  for (let i = 0; i < pattern.length; ) {
    const c = pattern[i] as string;
    const next = pattern[i + 1];
    const escaped = c === '\\' && next !== undefined;
    const operator = extended ? (escaped ? undefined : c) : escaped ? next : undefined;
    let start: boolean = false;
    if (c === '[') {
      const set = bracket(pattern, i + 1, '^');
      if (!set) throw new PatternError('Unmatched [, [^, [:, [., or [=');
      source += set.source;
      i = set.end;
    } else if (operator === '(') {
      groups += 1;
      open += 1;
      source += '(';
      start = true;
      i += extended ? 1 : 2;
    } else if (operator === ')' && (open > 0 || !extended)) {
      if (open === 0) throw new PatternError('Unmatched ) or \\)');
      open -= 1;
      source += ')';
      i += extended ? 1 : 2;
    } else if (operator === '|') {
      source += '|';
      start = true;
      i += extended ? 1 : 2;
    } else if (operator === '{') {
      const end = (extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\\\{(\d*)(,?)(\d*)\\\}/).exec(pattern.slice(i));
      if (end && !atStart) {
        source += `{${end[1] || '0'}${end[2]}${end[3]}}`;
        i += end[0].length;
      } else {
        if (!extended) throw new PatternError('Invalid preceding regular expression');
        source += '\\{';
        i += 1;
      }
    } else if ((operator === '+' || operator === '?') && !atStart) {
      source += operator;
      i += extended ? 1 : 2;
    } else if (escaped) {
      source += /[1-9]/.test(next) ? `(?:\\${next})` : (shorthand[next] ?? literal(next));
      i += 2;
    } else if (c === '*') {
      source += atStart ? '\\*' : /[*+?]$/.test(source) && !/\\[*+?]$/.test(source) ? '' : '*';
      i += 1;
    } else if (c === '^') {
      const anchors: boolean = extended || atStart;
      source += anchors ? '^' : '\\^';
      start = anchors;
      i += 1;
    } else if (c === '$') {
      const rest = pattern.slice(i + 1);
      source += extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|') ? '$' : '\\$';
      i += 1;
    } else if (c === '.') {
      source += '[^]';
      i += 1;
    } else {
      const character = String.fromCodePoint(pattern.codePointAt(i) as number);
      source += literal(character);
      i += character.length;
    }
    atStart = start;
  }
  if (open > 0) throw new PatternError('Unmatched ( or \\(');
  return { source, groups };
}

const cache = new Map<string, Translated>();

function cached(pattern: string, extended: boolean): Translated {
  const key = (extended ? 'E' : 'B') + pattern;
  let translated = cache.get(key);
  if (!translated) {
    translated = translate(pattern, extended);
    if (cache.size > 500) cache.clear();
    cache.set(key, translated);
  }
  return translated;
}

/** A basic (or, with -E, extended) regular expression of POSIX. Throws PatternError. */
export const basicExpression = (pattern: string, extended: boolean): Translated => cached(pattern, extended);

/** Compiled, for the lines of a text. Throws PatternError. */
export function compileExpression(pattern: string, options: { readonly extended?: boolean; readonly ignoreCase?: boolean; readonly global?: boolean; readonly multiline?: boolean } = {}): RegExp {
  const { source } = cached(pattern, options.extended ?? false);
  const flags = `u${options.ignoreCase ? 'i' : ''}${options.global ? 'g' : ''}${options.multiline ? 'm' : ''}`;
  try {
    return new RegExp(source, flags);
  } catch {
    throw new PatternError('Invalid preceding regular expression');
  }
}
