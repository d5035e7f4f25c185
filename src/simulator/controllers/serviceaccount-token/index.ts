import { base64Encode, isStatus, type Secret, type ServiceAccount } from '../../api';
import { keyOf, meta, resources, runController, withMeta, WorkQueue } from '../../client';
import { utf8Encode } from '../../kernel';
import type { Controller } from '../manager/context';

const accountName = 'kubernetes.io/service-account.name';
const accountUid = 'kubernetes.io/service-account.uid';

const encoded = (text: string): string => base64Encode(utf8Encode(text));
const isToken = ({ type }: Secret): boolean => type === 'kubernetes.io/service-account-token';

/** Fills the Secrets that ask for a service account's token, and deletes those whose account is gone. */
export const serviceAccountTokenController: Controller = {
  name: 'serviceaccount-token-controller',
  identity: 'system:kube-controller-manager',
  *start({ kernel, client, informers, options: { serviceAccountToken, rootCertificates = '' } }) {
    if (!serviceAccountToken) return;
    const secrets = informers.for<Secret>(resources.secrets);
    const accounts = informers.for<ServiceAccount>(resources.serviceaccounts);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const look = (secret: Secret) => isToken(secret) && queue.add(keyOf(secret));
    const changed = (account: ServiceAccount) => {
      for (const secret of secrets.store.by('namespace', meta(account).namespace)) if (isToken(secret) && secret.metadata?.annotations?.[accountName] === meta(account).name) look(secret);
    };
    secrets.addHandlers({ add: look, update: (_, secret) => look(secret) });
    accounts.addHandlers({ add: changed, delete: changed });
    runController({
      kernel, name: 'serviceaccount-token-controller', queue, workers: 5,
      *sync(key) {
        const secret = secrets.store.get(key);
        if (!secret) return;
        const { namespace, name, uid } = meta(secret);
        const wanted = secret.metadata?.annotations?.[accountName] ?? '';
        const account = accounts.get(namespace, wanted);
        const known = secret.metadata?.annotations?.[accountUid];
        if (!account || (known && known !== meta(account).uid)) {
          try {
            yield* client.delete(resources.secrets, namespace, name, { preconditions: { uid } });
          } catch (error) {
            if (!isStatus(error, 'NotFound')) throw error;
          }
          return;
        }
        if (known && secret.data?.['token'] && secret.data['ca.crt'] && secret.data['namespace']) return;
        const token = serviceAccountToken({ namespace, secretName: name, serviceAccountName: wanted, serviceAccountUid: meta(account).uid });
        const data = { ...secret.data, token: encoded(token), 'ca.crt': encoded(rootCertificates), namespace: encoded(namespace) };
        yield* client.update<Secret>(resources.secrets, withMeta({ ...secret, data }, { annotations: { ...secret.metadata?.annotations, [accountUid]: meta(account).uid } }));
      },
    });
  },
};
