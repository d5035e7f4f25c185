import type { ServiceAccount } from '../../../../api';
import { age, nameOf } from '../../cells';
import type { ResourceDefinition } from '../../definition';

/** ServiceAccounts: who programs in Pods are. */
export const serviceaccounts: ResourceDefinition<ServiceAccount> = {
  group: '',
  resource: 'serviceaccounts',
  cells: (account, now) => [nameOf(account), age(account, now)],
};
