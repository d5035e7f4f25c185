import { isStatus, type KubeObject, type PersistentVolume, type PersistentVolumeClaim, type Pod, type VolumeAttributesClass } from '../../api';
import { type Client, type Informer, isDeleting, keyOf, type Resource, resources, runController, withMeta, WorkQueue } from '../../client';
import type { Task } from '../../kernel';
import type { Controller } from '../manager/context';
import { claimsOfPod } from '../persistent-volume';

/** Puts the finalizer on what has none, and takes it off what goes and is not used. */
function* protect<T extends KubeObject>(client: Client, informer: Informer<T>, resource: Resource, finalizer: string, key: string, isUsed: (object: T) => boolean): Task {
  const object = informer.store.get(key);
  if (!object) return;
  const finalizers = object.metadata?.finalizers ?? [];
  const has = finalizers.includes(finalizer);
  const wanted = isDeleting(object) ? (has && !isUsed(object) ? finalizers.filter((entry) => entry !== finalizer) : finalizers) : has ? finalizers : [...finalizers, finalizer];
  if (wanted === finalizers) return;
  try {
    yield* client.update<T>(resource, withMeta(object, { finalizers: wanted.length > 0 ? wanted : undefined }));
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

/** A claim stays as long as a Pod with a node uses it, even one that has ended. */
export const claimProtectionController: Controller = {
  name: 'persistentvolumeclaim-protection-controller',
  identity: 'pvc-protection-controller',
  *start({ kernel, client, informers }) {
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    const pods = informers.for<Pod>(resources.pods);
    pods.store.addIndex('claim', claimsOfPod);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const release = (pod: Pod) => {
      for (const key of claimsOfPod(pod)) queue.add(key);
    };
    claims.addHandlers({ add: (claim) => queue.add(keyOf(claim)), update: (_, claim) => queue.add(keyOf(claim)) });
    pods.addHandlers({ delete: release });
    const isUsed = (claim: PersistentVolumeClaim) => pods.store.by('claim', keyOf(claim)).some(({ spec }) => !!spec?.nodeName);
    runController({
      kernel, name: 'pvc-protection', queue, workers: 1,
      sync: (key) => protect(client, claims, resources.persistentvolumeclaims, 'kubernetes.io/pvc-protection', key, isUsed),
    });
  },
};

/** A volume stays as long as it is bound. */
export const volumeProtectionController: Controller = {
  name: 'persistentvolume-protection-controller',
  identity: 'pv-protection-controller',
  *start({ kernel, client, informers }) {
    const volumes = informers.for<PersistentVolume>(resources.persistentvolumes);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    volumes.addHandlers({ add: (volume) => queue.add(keyOf(volume)), update: (_, volume) => queue.add(keyOf(volume)) });
    runController({
      kernel, name: 'pv-protection', queue, workers: 1,
      sync: (key) => protect(client, volumes, resources.persistentvolumes, 'kubernetes.io/pv-protection', key, ({ status }) => status?.phase === 'Bound'),
    });
  },
};

/** A class of attributes stays as long as a claim or a volume names it. */
export const attributesClassProtectionController: Controller = {
  name: 'volumeattributesclass-protection-controller',
  *start({ kernel, client, informers }) {
    const classes = informers.for<VolumeAttributesClass>(resources.volumeattributesclasses);
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    const volumes = informers.for<PersistentVolume>(resources.persistentvolumes);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const namedBy = ({ spec, status }: PersistentVolumeClaim) => [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName];
    const look = (names: readonly (string | undefined)[]): void => {
      for (const name of names) if (name !== undefined && name !== '') queue.add(name);
    };
    classes.addHandlers({ add: (own) => queue.add(keyOf(own)), update: (_, own) => queue.add(keyOf(own)) });
    claims.addHandlers({ update: (old) => look(namedBy(old)), delete: (claim) => look(namedBy(claim)) });
    volumes.addHandlers({ update: ({ spec }) => look([spec?.volumeAttributesClassName]), delete: ({ spec }) => look([spec?.volumeAttributesClassName]) });
    const isUsed = ({ metadata }: VolumeAttributesClass): boolean => {
      const name = metadata?.name;
      return claims.store.list().some((claim) => namedBy(claim).includes(name)) || volumes.store.list().some(({ spec }) => spec?.volumeAttributesClassName === name);
    };
    runController({
      kernel, name: 'vac-protection', queue, workers: 1,
      sync: (key) => protect(client, classes, resources.volumeattributesclasses, 'kubernetes.io/vac-protection', key, isUsed),
    });
  },
};
