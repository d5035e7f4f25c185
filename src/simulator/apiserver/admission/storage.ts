import { parseQuantity, type PersistentVolumeClaim, type StorageClass } from '../../api';
import type { Draft } from '../resources/definition';
import type { AdmissionPlugin } from './plugin';
import { defaultOf, forbidden, isFor, on, resources } from './request';

const betaClass = 'volume.beta.kubernetes.io/storage-class';

const hasAnnotation = (object: Draft, key: string): boolean => (object.metadata['annotations'] as Readonly<Record<string, string>> | undefined)?.[key] !== undefined;

/** A claim that names no class gets the newest default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  handles: on(['CREATE'], '', 'persistentvolumeclaims'),
  mutate({ object }, context) {
    if (!object) return;
    const spec = object['spec'] as { storageClassName?: string };
    if (spec.storageClassName !== undefined || hasAnnotation(object, betaClass)) return;
    const found = defaultOf(context.list<StorageClass>(resources.storageclasses), 'storageclass.kubernetes.io/is-default-class');
    if (found) spec.storageClassName = found.metadata?.name ?? '';
  },
};

/** The class that Ingresses without one get. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  handles: on(['CREATE'], 'networking.k8s.io', 'ingresses'),
  mutate({ object }, context) {
    if (!object) return;
    const spec = (object['spec'] ??= {}) as { ingressClassName?: string };
    if (spec.ingressClassName !== undefined || hasAnnotation(object, 'kubernetes.io/ingress.class')) return;
    const found = defaultOf(context.list(resources.ingressclasses), 'ingressclass.kubernetes.io/is-default-class');
    if (found) spec.ingressClassName = found.metadata?.name ?? '';
  },
};

function addFinalizer(object: Draft, finalizer: string): void {
  const finalizers = (object.metadata['finalizers'] ?? []) as readonly string[];
  if (!finalizers.includes(finalizer)) object.metadata['finalizers'] = [...finalizers, finalizer];
}

const onNewClaims = on(['CREATE'], '', 'persistentvolumeclaims');
const onNewVolumes = on(['CREATE'], '', 'persistentvolumes');
const onNewAttributes = on(['CREATE'], 'storage.k8s.io', 'volumeattributesclasses');

/** Volumes and claims stay while they are in use. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: (target) => onNewClaims(target) || onNewVolumes(target) || onNewAttributes(target),
  mutate(attributes) {
    if (!attributes.object) return;
    const kind = isFor(attributes, '', 'persistentvolumes') ? 'pv' : isFor(attributes, '', 'persistentvolumeclaims') ? 'pvc' : 'vac';
    addFinalizer(attributes.object, `kubernetes.io/${kind}-protection`);
  },
};

/** A claim may grow only if it was provisioned by a class that lets it. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  handles: on(['UPDATE'], '', 'persistentvolumeclaims'),
  validate(attributes, context) {
    const now = attributes.object as unknown as PersistentVolumeClaim;
    const old = attributes.oldObject as PersistentVolumeClaim;
    const sizeOf = ({ spec }: PersistentVolumeClaim) => parseQuantity(String(spec?.resources?.requests?.['storage'] ?? '0'));
    if (sizeOf(now).compare(sizeOf(old)) <= 0 || old.status?.phase !== 'Bound') return;
    const name = now.metadata?.annotations?.[betaClass] ?? now.spec?.storageClassName ?? '';
    const found = name === '' ? undefined : context.get<StorageClass>(resources.storageclasses, undefined, name);
    if (!found?.allowVolumeExpansion) throw forbidden(attributes, 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  },
};
