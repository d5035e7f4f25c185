const cache = new Map<string, RegExp>();
const escapeOne = (c: string): string => (/[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);
const escapeInSet = (c: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(c) ? `\\${c}` : c);

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: ' \\t\\n\\r\\f\\v', blank: ' \\t', punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f', xdigit: '0-9A-Fa-f',
};

/** The inside of [ … ] from `start` (after the bracket) as a regular expression's; undefined when it has no end. */
export function bracket(pattern: string, start: number, negation = '!^'): { source: string; end: number } | undefined {
  let i = start;
  let source = '';
  const negated = i < pattern.length && negation.includes(pattern[i] as string);
  if (negated) i += 1;
  for (let first = true; ; first = false) {
    const c = pattern[i];
    if (c === undefined) return undefined;
    if (c === ']' && !first) return { source: source === '' ? (negated ? '[^]' : '[]') : `[${negated ? '^' : ''}${source}]`, end: i + 1 };
    const named = c === '[' ? /^\[:([a-z]+):\]/.exec(pattern.slice(i)) : null;
    if (named) {
      source += classes[named[1] as string] ?? '';
      i += named[0].length;
      continue;
    }
    let low = c;
    if (c === '\\' && negation.includes('!') && pattern[i + 1] !== undefined) {
      i += 1;
      low = pattern[i] as string;
    }
    i += 1;
    if (pattern[i] === '-' && pattern[i + 1] !== undefined && pattern[i + 1] !== ']') {
      const high = pattern[i + 1] as string;
      if (low <= high) source += `${escapeInSet(low)}-${escapeInSet(high)}`;
      i += 2;
    } else source += escapeInSet(low);
  }
}

/** A shell pattern (backslash protects a character) as the source of a regular expression. `path`: no wildcard matches a slash. */
export function patternSource(pattern: string, path = false): string {
  let source = '';
  for (let i = 0; i < pattern.length; ) {
    const c = pattern[i] as string;
    i += 1;
    if (c === '\\' && i < pattern.length) {
      source += escapeOne(pattern[i] as string);
      i += 1;
    } else if (c === '*') source += path ? '[^/]*' : '[^]*';
    else if (c === '?') source += path ? '[^/]' : '[^]';
    else if (c === '[') {
      const set = bracket(pattern, i);
      if (set) {
        source += set.source;
        i = set.end;
      } else source += '\\[';
    } else source += escapeOne(c);
  }
  return source;
}

/** A shell pattern as a regular expression for the whole text. */
export function compilePattern(pattern: string): RegExp {
  let compiled = cache.get(pattern);
  if (!compiled) {
    compiled = new RegExp(`^(?:${patternSource(pattern)})$`, 'u');
    if (cache.size > 500) cache.clear();
    cache.set(pattern, compiled);
  }
  return compiled;
}

/** Whether a text matches a shell pattern as a whole (fnmatch). */
export const matches = (pattern: string, text: string): boolean => (/[*?[\\]/.test(pattern) ? compilePattern(pattern).test(text) : pattern === text);

/** Protects what a pattern would read as special. */
export const escapePattern = (text: string): string => text.replace(/[*?[\]\\]/g, '\\$&');

/** Whether an (escaped) pattern has a wildcard at all. */
export const isPattern = (text: string): boolean => /(^|[^\\])(\\\\)*[*?[]/.test(text);

/** Takes the shortest or longest match off one end. */
export function trim(value: string, pattern: string, end: 'prefix' | 'suffix', longest: boolean): string {
  if (!isPattern(pattern)) {
    const plain = pattern.replace(/\\(.)/gs, '$1');
    if (end === 'prefix') return value.startsWith(plain) ? value.slice(plain.length) : value;
    return plain !== '' && value.endsWith(plain) ? value.slice(0, value.length - plain.length) : value;
  }
  const compiled = compilePattern(pattern);
  const { length } = value;
  for (let step = 0; step <= length; step++) {
    const size = longest ? length - step : step;
    if (end === 'prefix' ? compiled.test(value.slice(0, size)) : compiled.test(value.slice(length - size))) return end === 'prefix' ? value.slice(size) : value.slice(0, length - size);
  }
  return value;
}

/** Replaces the first or every longest match. */
export function replace(value: string, pattern: string, replacement: string, all: boolean): string {
  if (pattern === '') return value;
  const source = patternSource(pattern);
  return value.replace(new RegExp(source, all ? 'gu' : 'u'), (match) => (match === '' && all ? '' : replacement));
}
