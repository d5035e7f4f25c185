import { isStatus, type Namespace, type ServiceAccount } from '../../api';
import { isDeleting, meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

/** Gives each namespace its service account `default`, again and again. */
export const serviceAccountController: Controller = {
  name: 'serviceaccount-controller',
  identity: 'service-account-controller',
  *start({ kernel, client, informers }) {
    const namespaces = informers.for<Namespace>(resources.namespaces);
    const accounts = informers.for<ServiceAccount>(resources.serviceaccounts);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    namespaces.addHandlers({ add: (namespace) => queue.add(meta(namespace).name), update: (_, namespace) => queue.add(meta(namespace).name) });
    accounts.addHandlers({ delete: (account) => queue.add(meta(account).namespace) });
    runController({
      kernel, name: 'serviceaccount-controller', queue, workers: 1,
      *sync(name) {
        const namespace = namespaces.get(undefined, name);
        if (!namespace || isDeleting(namespace) || namespace.status?.phase === 'Terminating' || accounts.get(name, 'default')) return;
        try {
          yield* client.create(resources.serviceaccounts, name, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
        } catch (error) {
          if (!isStatus(error, 'AlreadyExists')) throw error;
        }
      },
    });
  },
};
