import type { ServiceAccount } from '../../../../api';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';

/** Of the Secrets only the names are kept. */
function keepNames(draft: Draft): void {
  const secrets = draft['secrets'] as readonly { readonly name?: string }[] | undefined;
  if (secrets) draft['secrets'] = secrets.map(({ name = '' }) => (name === '' ? {} : { name }));
}

/** ServiceAccounts: who programs in Pods are. */
export const serviceaccounts: ResourceDefinition<ServiceAccount> = {
  group: '',
  resource: 'serviceaccounts',
  prepareForCreate: keepNames,
  prepareForUpdate: keepNames,
  cells: (account, now) => [nameOf(account), age(account, now)],
};
