import type { Namespace } from '../../../api';
import type { Errors, Path } from '../../field';
import type { StrategyContext } from '../definition';

const namespaces = { group: '', version: 'v1', resource: 'namespaces' };
const label = 'resource.kubernetes.io/admin-access';

interface Claimant {
  readonly adminAccess?: boolean;
  readonly exactly?: { readonly adminAccess?: boolean };
}

/** Devices that others use may only be asked for, or given, in namespaces that an administrator marked (KEP-5018). */
export function checkAdminAccess(claimants: readonly Claimant[] | null | undefined, path: Path, { get, namespace = '' }: StrategyContext, errors: Errors): void {
  for (const [index, { adminAccess, exactly }] of (claimants ?? []).entries()) {
    if (adminAccess !== true && exactly?.adminAccess !== true) continue;
    if (get<Namespace>(namespaces, undefined, namespace)?.metadata?.labels?.[label] === 'true') return;
    errors.forbidden(path.index(index).child('adminAccess'), `admin access to devices requires the \`${label}: true\` label on the containing namespace`);
  }
}
