import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api';
import { keyOf, meta, resources, runController, WorkQueue } from '../../client';
import { seconds } from '../../kernel';
import type { Controller } from '../manager/context';
import { Binder } from './claims';

/** Claims that wait are looked at again this often, and say again what they wait for. */
const resync = seconds(15);

/** Binds claims to volumes that suit them, and says why a claim has to wait. */
export const persistentVolumeBinder: Controller = {
  name: 'persistentvolume-binder-controller',
  identity: 'persistent-volume-binder',
  *start({ kernel, client, informers, recorder }) {
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    const volumes = informers.for<PersistentVolume>(resources.persistentvolumes);
    const classes = informers.for<StorageClass>(resources.storageclasses);
    const pods = informers.for<Pod>(resources.pods);
    pods.store.addIndex('claim', claimsOfPod);
    yield* informers.waitSynced();
    const binder = new Binder(client, recorder('persistentvolume-controller'), claims, volumes, classes, pods);
    const claimQueue = new WorkQueue(kernel);
    const volumeQueue = new WorkQueue(kernel);
    const pending = () => {
      for (const claim of claims.store.values()) if (claim.status?.phase !== 'Bound') claimQueue.add(keyOf(claim));
    };
    claims.addHandlers({
      add: (claim) => claimQueue.add(keyOf(claim)),
      update: (_, claim) => claimQueue.add(keyOf(claim)),
      delete: (claim) => claim.spec?.volumeName && volumeQueue.add(claim.spec.volumeName),
    });
    volumes.addHandlers({
      add: (volume) => volumeQueue.add(meta(volume).name),
      update(old, volume) {
        volumeQueue.add(meta(volume).name);
        if (old.status?.phase !== volume.status?.phase && volume.status?.phase === 'Available') pending();
      },
      delete(volume) {
        const reference = volume.spec?.claimRef;
        if (reference) claimQueue.add(`${reference.namespace ?? ''}/${reference.name ?? ''}`);
      },
    });
    classes.addHandlers({ add: (_, initial) => initial || pending(), update: pending });
    runController({
      kernel, name: 'persistentvolume-binder claims', queue: claimQueue, workers: 1,
      *sync(key) {
        const claim = claims.store.get(key);
        if (claim && (yield* binder.syncClaim(claim))) claimQueue.addAfter(key, resync);
      },
    });
    runController({
      kernel, name: 'persistentvolume-binder volumes', queue: volumeQueue, workers: 1,
      *sync(name) {
        const volume = volumes.get(undefined, name);
        const claim = volume && (yield* binder.syncVolume(volume));
        if (claim !== undefined) claimQueue.add(claim);
      },
    });
  },
};

/** The keys of the claims that a Pod uses. */
export function claimsOfPod({ spec, metadata }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata?.name ?? ''}-${name}`);
    return claim ? [`${metadata?.namespace ?? ''}/${claim}`] : [];
  });
}
