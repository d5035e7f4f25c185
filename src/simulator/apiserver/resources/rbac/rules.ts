import type { PolicyRule } from '../../../api';
import { type Errors, type Path } from '../../field';

/** Checks one rule of a role; roles of a namespace have no URLs. */
export function checkRule({ verbs = [], nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] }: PolicyRule, namespaced: boolean, path: Path, errors: Errors): void {
  if ((verbs ?? []).length === 0) errors.required(path.child('verbs'), 'verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    if (namespaced) errors.invalid(path.child('nonResourceURLs'), nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) errors.invalid(path.child('nonResourceURLs'), nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs');
    return;
  }
  if (apiGroups.length === 0) errors.required(path.child('apiGroups'), 'resource rules must supply at least one api group');
  if (resources.length === 0) errors.required(path.child('resources'), 'resource rules must supply at least one resource');
}
