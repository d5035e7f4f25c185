import { Re2Parser } from './parse';

export { Re2Error } from './parse';

const cache = new Map<string, RegExp>();
const remembered = 1000;

/** A pattern in RE2's syntax as a RegExp. `flags` are JavaScript's, besides u. Throws Re2Error with Go's words. */
export function compileRe2(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new RegExp(new Re2Parser(pattern).translate(), `u${flags}`);
  if (cache.size >= remembered) cache.clear();
  cache.set(key, made);
  return made;
}
