import { type IPAddress, ipProblems, isDns1123Subdomain } from '../../../../api';
import { type Errors, pathSegmentReasons } from '../../../field';
import { age, nameOf } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { internalView } from '../../internal-view';
import { checkImmutable, collect, specPath } from '../../strategy';

const path = specPath.child('parentRef');

function check({ spec }: IPAddress, errors: Errors): void {
  const parent = spec?.parentRef;
  if (!parent) return errors.required(path);
  const { group = '', resource = '', name = '', namespace = '' } = parent;
  if (group !== '') errors.invalidEach(path.child('group'), group, isDns1123Subdomain(group));
  if (resource === '') errors.required(path.child('resource'));
  else errors.invalidEach(path.child('resource'), resource, pathSegmentReasons(resource));
  if (name === '') errors.required(path.child('name'));
  else errors.invalidEach(path.child('name'), name, pathSegmentReasons(name));
  if (namespace !== '') errors.invalidEach(path.child('namespace'), namespace, pathSegmentReasons(namespace));
}

/** IPAddresses: which address is whose. */
export const ipaddresses: ResourceDefinition<IPAddress> = {
  group: 'networking.k8s.io',
  resource: 'ipaddresses',
  takesPrefixAsName: true,
  validateName: (name) => ipProblems(name),
  validateCreate: (own) => collect((errors) => check(own, errors)),
  validateWhole: (own) => collect((errors) => check(own, errors)),
  validateUpdate: (own, old) =>
    collect((errors) => {
      const parent = own.spec?.parentRef;
      checkImmutable(parent, old.spec?.parentRef, path, errors, parent ? internalView('io.k8s.api.networking.v1.ParentReference', parent) : null);
    }),
  cells: (own, now) => {
    const parent = own.spec?.parentRef;
    const text = [parent?.group, parent?.resource, parent?.namespace, parent?.name].filter((one) => (one ?? '') !== '').join('/');
    return [nameOf(own), text, age(own, now)];
  },
};
