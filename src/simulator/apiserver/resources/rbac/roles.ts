import type { ClusterRole, Role } from '../../../api';
import { type Errors, fieldPath, labelSelectorErrors, pathSegmentReasons } from '../../field';
import type { ResourceDefinition } from '../definition';
import { collect } from '../strategy';
import { checkRule } from './rules';

const rulesPath = fieldPath('rules');
const selectorsPath = fieldPath('aggregationRule').child('clusterRoleSelectors');

const checkRules = ({ rules }: Role | ClusterRole, namespaced: boolean, errors: Errors): void => {
  for (const [index, rule] of (rules ?? []).entries()) checkRule(rule, namespaced, rulesPath.index(index), errors);
};

const validateRole = (role: Role) => collect((errors) => checkRules(role, true, errors));

/** Roles: what is allowed in a namespace. */
export const roles: ResourceDefinition<Role> = {
  group: 'rbac.authorization.k8s.io',
  resource: 'roles',
  validateName: (name) => [...pathSegmentReasons(name)],
  validateCreate: validateRole,
  validateWhole: validateRole,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
};

const validateClusterRole = (role: ClusterRole) =>
  collect((errors) => {
    checkRules(role, false, errors);
    if (!role.aggregationRule) return;
    const selectors = role.aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0) errors.required(selectorsPath, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
    for (const [index, selector] of selectors.entries()) {
      const before = errors.length;
      labelSelectorErrors(selector, selectorsPath.index(index), errors);
      if (errors.length > before) errors.invalid(selectorsPath.index(index), null, 'invalid label selector.');
    }
  });

/** ClusterRoles: what is allowed everywhere, and what roles are made of. */
export const clusterroles: ResourceDefinition<ClusterRole> = {
  group: 'rbac.authorization.k8s.io',
  resource: 'clusterroles',
  validateName: (name) => [...pathSegmentReasons(name)],
  validateCreate: validateClusterRole,
  validateWhole: validateClusterRole,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
};
