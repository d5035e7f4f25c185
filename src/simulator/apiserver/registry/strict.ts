import type { GroupVersionKind } from '../../api';
import { badRequest } from '../errors';
import type { WriteRequestOptions } from './options';

/** What decoding found suspicious: refused or warned of, as the client wishes. */
export function reportStrict(found: readonly string[], wanted: GroupVersionKind, { fieldValidation }: WriteRequestOptions, warnings: Set<string>): void {
  if (found.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw badRequest(`${wanted.kind} in version "${wanted.version}" cannot be handled as a ${wanted.kind}: strict decoding error: ${found.join(', ')}`);
  for (const warning of found) warnings.add(warning);
}
