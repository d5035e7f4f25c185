import { CelError } from '../values';

const cache = new Map<string, RegExp>();

/** RE2 syntax into JavaScript's: named groups, leading flags, \z, and POSIX classes; what neither knows is refused. */
export function compileRegExp(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let found = cache.get(key);
  if (found) return found;
  let source = pattern.replaceAll('(?P<', '(?<').replaceAll('\\z', '$(?![\\s\\S])').replaceAll('\\A', '^');
  let allFlags = `u${flags}`;
  const leading = /^\(\?([imsU]+)\)/.exec(source);
  if (leading) {
    source = source.slice(leading[0].length);
    for (const flag of leading[1] ?? '') if (flag !== 'U') allFlags += flag;
  }
  const classes: Readonly<Record<string, string>> = { alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', lower: 'a-z', upper: 'A-Z', space: '\\s', punct: '!-\\/:-@\\[-`{-~', xdigit: '0-9A-Fa-f', word: '\\w' };
  source = source.replace(/\[:([a-z]+):\]/g, (whole, name: string) => classes[name] ?? whole);
  if (/\(\?(?:=|!|<=|<!)|\\[1-9]/.test(source)) throw new CelError(`error parsing regexp: invalid or unsupported Perl syntax: \`${/\(\?<?[=!]?|\\[1-9]/.exec(source)?.[0] ?? ''}\``);
  try {
    found = new RegExp(source, allFlags);
  } catch {
    try {
      found = new RegExp(source, allFlags.replace('u', ''));
    } catch (error) {
      throw new CelError(`error parsing regexp: ${(error as Error).message}`);
    }
  }
  if (cache.size > 1000) cache.clear();
  cache.set(key, found);
  return found;
}
