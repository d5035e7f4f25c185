import type { Library, Overload } from './function';
import { authorization } from './authorization';
import { kubernetes } from './kubernetes';
import { listExtension } from './lists';
import { standard } from './standard';
import { lists, strings } from './strings';

export { global, method, type Library, type Overload } from './function';
export { int } from './standard';

function merge(libraries: readonly Library[]): ReadonlyMap<string, readonly Overload[]> {
  const out = new Map<string, readonly Overload[]>();
  for (const library of libraries) for (const [name, overloads] of Object.entries(library)) out.set(name, [...(out.get(name) ?? []), ...overloads]);
  return out;
}

/** Every function that an expression may call. */
export const functions = merge([standard, strings, lists, listExtension, kubernetes, authorization]);

/** The first parts of function names with a dot: sets, optional, format, ip, jsonpatch. */
export const namespaces = new Set([...functions.keys()].filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))));
