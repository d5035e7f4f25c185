import { type Container, deepFreeze, type PodSpec, type ServiceAccount, type Volume } from '../../api';
import type { Random } from '../../kernel';
import type { AdmissionAttributes, AdmissionContext, AdmissionPlugin } from './plugin';
import { forbidden, on, podSpecOf, resources } from './request';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const mirror = 'kubernetes.io/config.mirror';

/** Shared by every Pod. */
const tokenSources: Volume['projected'] = deepFreeze({
  sources: [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
  defaultMode: 0o644,
});

/** Mounts the account's token into every container that has nothing at its place. Mutates. */
function mountToken(spec: PodSpec & Record<string, unknown>, random: Random): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith('kube-api-access-'));
  const name = existing?.name ?? `kube-api-access-${random.suffix(5)}`;
  let mounted = false;
  for (const list of ['initContainers', 'containers'] as const) {
    if (!spec[list]) continue;
    (spec as Record<string, unknown>)[list] = spec[list].map((container): Container => {
      if (container.volumeMounts?.some(({ mountPath }) => mountPath === tokenPath)) return container;
      mounted = true;
      return { ...container, volumeMounts: [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: tokenPath }] };
    });
  }
  if (mounted && !existing) (spec as Record<string, unknown>)['volumes'] = [...(spec.volumes ?? []), { name, projected: tokenSources }];
}

function refuseForMirror(attributes: AdmissionAttributes, spec: PodSpec): void {
  if ((spec.serviceAccountName ?? '') !== '') throw forbidden(attributes, 'a mirror pod may not reference service accounts');
  for (const { secret } of spec.volumes ?? []) if (secret) throw forbidden(attributes, 'a mirror pod may not reference secrets');
}

const accountOf = (spec: PodSpec, namespace: string, context: AdmissionContext): ServiceAccount | undefined =>
  context.get<ServiceAccount>(resources.serviceaccounts, namespace, spec.serviceAccountName ?? '');

/** Gives every Pod a service account, its token and its pull secrets. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  handles: on(['CREATE'], '', 'pods'),
  mutate(attributes, context) {
    const spec = podSpecOf(attributes);
    if (!spec) return;
    const annotations = attributes.object?.metadata['annotations'] as Readonly<Record<string, string>> | undefined;
    if (annotations?.[mirror] !== undefined) return refuseForMirror(attributes, spec);
    const fields: Record<string, unknown> = spec;
    if ((spec.serviceAccountName ?? '') === '') fields['serviceAccountName'] = 'default';
    const namespace = attributes.namespace ?? '';
    const account = accountOf(spec, namespace, context);
    if (!account) {
      throw forbidden(attributes, `error looking up service account ${namespace}/${spec.serviceAccountName ?? ''}: serviceaccount ${JSON.stringify(spec.serviceAccountName)} not found`);
    }
    fields['serviceAccount'] = spec.serviceAccountName;
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec, context.random);
    if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) fields['imagePullSecrets'] = (account.imagePullSecrets ?? []).map((secret) => ({ ...secret }));
  },
  validate(attributes, context) {
    const spec = podSpecOf(attributes);
    if (!spec) return;
    if ((attributes.object?.metadata['annotations'] as Readonly<Record<string, string>> | undefined)?.[mirror] !== undefined) return;
    if ((spec.serviceAccountName ?? '') === '') throw forbidden(attributes, `no service account specified for pod ${attributes.namespace ?? ''}/${attributes.name}`);
    if (!accountOf(spec, attributes.namespace ?? '', context)) {
      throw forbidden(attributes, `error looking up service account ${attributes.namespace ?? ''}/${spec.serviceAccountName ?? ''}: serviceaccount ${JSON.stringify(spec.serviceAccountName)} not found`);
    }
  },
};
