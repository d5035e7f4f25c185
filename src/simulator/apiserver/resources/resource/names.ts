import { isCIdentifier, isDns1123Label, isDns1123Subdomain } from '../../../api';
import type { Errors, Path } from '../../field';

const driverLimit = 63;
const poolLimit = 253;
const identifierLimit = 32;
const domainLimit = 63;

/** Checks each item of a list that has at most `limit` items, no two with the same key. */
export function checkItems<T>(items: readonly T[] | undefined, limit: number, path: Path, errors: Errors, check: (item: T, path: Path) => void, keyOf?: (item: T) => string): void {
  const list = items ?? [];
  if (list.length > limit) return errors.tooMany(path, list.length, limit);
  for (const [index, item] of list.entries()) check(item, path.index(index));
  if (!keyOf) return;
  const keys = new Set<string>();
  for (const [index, item] of list.entries()) {
    const key = keyOf(item);
    if (keys.has(key)) errors.duplicate(path.index(index), key);
    keys.add(key);
  }
}

/** Checks the name of a driver: a domain, in either case. */
export function checkDriverName(name: string, path: Path, errors: Errors): void {
  if (name === '') return errors.required(path);
  if (name.length > driverLimit) errors.tooLong(path, driverLimit);
  errors.invalidEach(path, name, isDns1123Subdomain(name.toLowerCase()));
}

/** Checks the name of a pool: domains with slashes between. */
export function checkPoolName(name: string, path: Path, errors: Errors): void {
  if (name === '') return errors.required(path);
  if (name.length > poolLimit) errors.tooLong(path, poolLimit);
  for (const part of name.split('/')) errors.invalidEach(path, part, isDns1123Subdomain(part));
}

/** Checks a label. */
export function checkLabel(name: string, path: Path, errors: Errors): void {
  errors.invalidEach(path, name, isDns1123Label(name));
}

function checkIdentifier(name: string, path: Path, errors: Errors): void {
  if (name.length > identifierLimit) errors.tooLong(path, identifierLimit);
  errors.invalidEach(path, name, isCIdentifier(name));
}

function checkDomain(domain: string, path: Path, errors: Errors): void {
  if (domain.length > domainLimit) errors.tooLong(path, domainLimit);
  errors.invalidEach(path, domain, isDns1123Subdomain(domain.toLowerCase()));
}

/** Checks the name of an attribute or capacity: an identifier, maybe with the domain that it belongs to. */
export function checkQualifiedName(name: string, path: Path, errors: Errors): void {
  const [domain = '', identifier, ...more] = name.split('/');
  if (identifier === undefined) return checkIdentifier(name, path, errors);
  if (more.length > 0) return;
  if (domain === '') errors.invalid(path, '', 'the domain must not be empty');
  else checkDomain(domain, path, errors);
  if (identifier === '') errors.invalid(path, '', 'the name must not be empty');
  else checkIdentifier(identifier, path, errors);
}

/** The same, where the domain has to be said. */
export function checkFullyQualifiedName(name: string, path: Path, errors: Errors): void {
  checkQualifiedName(name, path, errors);
  if (!name.includes('/')) errors.invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash');
}
