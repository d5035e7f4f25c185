import { type IPAddress, isDns1123Label, parseIp } from '../../../../api';
import { age, nameOf } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { checkImmutable, collect, specPath } from '../../strategy';

const path = specPath.child('parentRef');

/** IPAddresses: which address is whose. */
export const ipaddresses: ResourceDefinition<IPAddress> = {
  group: 'networking.k8s.io',
  resource: 'ipaddresses',
  validateName: (name) => (parseIp(name) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']),
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: ({ spec }) =>
    collect((errors) => {
      const parent = spec?.parentRef;
      if (!parent) return errors.required(path);
      if ((parent.resource ?? '') === '') errors.required(path.child('resource'));
      if ((parent.name ?? '') === '') errors.required(path.child('name'));
      if ((parent.namespace ?? '') !== '') errors.invalidEach(path.child('namespace'), parent.namespace, isDns1123Label(parent.namespace ?? ''));
    }),
  validateUpdate: ({ spec }, old) => collect((errors) => checkImmutable(spec?.parentRef, old.spec?.parentRef, path, errors)),
  cells: (own, now) => {
    const parent = own.spec?.parentRef;
    const text = [parent?.group, parent?.resource, parent?.namespace, parent?.name].filter((one) => (one ?? '') !== '').join('/');
    return [nameOf(own), text, age(own, now)];
  },
};
