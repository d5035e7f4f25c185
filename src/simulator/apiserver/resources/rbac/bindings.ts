import { type ClusterRoleBinding, isDns1123Subdomain, type RbacV1Subject, type RoleBinding } from '../../../api';
import type { Time } from '../../../kernel';
import { type Errors, fieldPath, pathSegmentReasons, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { Draft, ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { collect } from '../strategy';

type Binding = RoleBinding | ClusterRoleBinding;

const group = 'rbac.authorization.k8s.io';
const refPath = fieldPath('roleRef');
const subjectsPath = fieldPath('subjects');

function applyDefaults(draft: Draft): void {
  const ref = (draft['roleRef'] ??= {}) as Record<string, unknown>;
  if ((ref['apiGroup'] ?? '') === '') ref['apiGroup'] = group;
  for (const subject of (draft['subjects'] ?? []) as Record<string, unknown>[]) {
    if ((subject['apiGroup'] ?? '') === '' && (subject['kind'] === 'User' || subject['kind'] === 'Group')) subject['apiGroup'] = group;
  }
}

function checkSubject({ name, kind, apiGroup = '', namespace = '' }: RbacV1Subject, namespaced: boolean, path: Path, errors: Errors): void {
  if (name === '') errors.required(path.child('name'));
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') errors.invalidEach(path.child('name'), name, isDns1123Subdomain(name));
      if (apiGroup !== '') errors.notSupported(path.child('apiGroup'), apiGroup, ['']);
      if (!namespaced && namespace === '') errors.required(path.child('namespace'));
      return;
    case 'User':
    case 'Group':
      if (apiGroup !== group) errors.notSupported(path.child('apiGroup'), apiGroup, [group]);
      return;
    default:
      errors.notSupported(path.child('kind'), kind ?? '', ['ServiceAccount', 'User', 'Group']);
  }
}

function check(binding: Binding, namespaced: boolean, errors: Errors): void {
  const { roleRef, subjects = [] } = binding;
  if (roleRef.apiGroup !== group) errors.notSupported(refPath.child('apiGroup'), roleRef.apiGroup ?? '', [group]);
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(roleRef.kind)) errors.notSupported(refPath.child('kind'), roleRef.kind ?? '', kinds);
  if ((roleRef.name ?? '') === '') errors.required(refPath.child('name'));
  else {
    for (const reason of pathSegmentReasons(roleRef.name)) errors.invalid(refPath.child('name'), roleRef.name, reason);
  }
  for (const [index, subject] of (subjects ?? []).entries()) checkSubject(subject, namespaced, subjectsPath.index(index), errors);
}

function cells(binding: Binding, now: Time): readonly unknown[] {
  const of = (kind: string) => (binding.subjects ?? []).filter((subject) => subject.kind === kind);
  const accounts = of('ServiceAccount').map(({ name, namespace = '' }) => `${namespace}/${name}`);
  const names = (kind: string) => of(kind).map(({ name }) => name).join(', ');
  return [nameOf(binding), `${binding.roleRef.kind}/${binding.roleRef.name}`, age(binding, now), names('User'), names('Group'), accounts.join(', ')];
}

const definition = <T extends Binding>(resource: string, namespaced: boolean): ResourceDefinition<T> => ({
  group,
  resource,
  applyDefaults,
  validateName: (name) => [...pathSegmentReasons(name)],
  validateCreate: (binding) => collect((errors) => check(binding, namespaced, errors)),
  validateWhole: (binding) => collect((errors) => check(binding, namespaced, errors)),
  validateUpdate: (binding, old) =>
    collect((errors) => {
      if (!sameValue(binding.roleRef, old.roleRef)) errors.invalid(refPath, internalView('io.k8s.api.rbac.v1.RoleRef', binding.roleRef), 'cannot change roleRef');
    }),
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  cells,
});

/** RoleBindings: who has a role in a namespace. */
export const rolebindings = definition<RoleBinding>('rolebindings', true);
/** ClusterRoleBindings: who has a role everywhere. */
export const clusterrolebindings = definition<ClusterRoleBinding>('clusterrolebindings', false);
