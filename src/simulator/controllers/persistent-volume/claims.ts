import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api';
import { deepEqual, type Informer, meta, resources, withMeta } from '../../client';
import type { Task } from '../../kernel';
import type { ControllerContext } from '../manager/context';
import type { EventRecorder } from '../../client';
import { bestVolume, isFor, mismatch } from './match';

export const bindCompleted = 'pv.kubernetes.io/bind-completed';
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
const selectedNode = 'volume.kubernetes.io/selected-node';
const provisionerAnnotations = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'];
const defaultClass = 'storageclass.kubernetes.io/is-default-class';
const noProvisioner = 'kubernetes.io/no-provisioner';

/** Brings claims and volumes together. */
export class Binder {
  constructor(
    private readonly client: ControllerContext['client'], private readonly recorder: EventRecorder,
    private readonly claims: Informer<PersistentVolumeClaim>, private readonly volumes: Informer<PersistentVolume>,
    private readonly classes: Informer<StorageClass>, private readonly pods: Informer<Pod>,
  ) {}

  /** One sync of a claim; true while it waits for something. */
  *syncClaim(claim: PersistentVolumeClaim): Task<boolean> {
    if (claim.metadata?.annotations?.[bindCompleted] !== undefined) return yield* this.syncBound(claim);
    const wanted = claim.spec?.volumeName;
    return wanted ? yield* this.bindNamed(claim, wanted) : yield* this.bindBest(claim);
  }

  private *syncBound(claim: PersistentVolumeClaim): Task<boolean> {
    const volume = this.volumes.get(undefined, claim.spec?.volumeName ?? '');
    if (volume && (!volume.spec?.claimRef || isFor(volume, claim))) {
      yield* this.bind(claim, volume);
      return false;
    }
    if (claim.status?.phase === 'Lost') return false;
    const [reason, message] = volume
      ? ['ClaimMisbound', `Two claims are bound to the same volume, this one is bound incorrectly`]
      : ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'];
    const { capacity: _, accessModes: __, ...status } = claim.status ?? {};
    yield* this.client.updateStatus<PersistentVolumeClaim>(resources.persistentvolumeclaims, { ...claim, status: { ...status, phase: 'Lost' } });
    this.recorder.event(claim, 'Warning', reason as string, message as string);
    return false;
  }

  /** A claim that was never bound waits, whatever its status says. */
  private *keepPending(claim: PersistentVolumeClaim): Task {
    if (claim.status?.phase === 'Pending') return;
    const { capacity: _, accessModes: __, ...status } = claim.status ?? {};
    yield* this.client.updateStatus<PersistentVolumeClaim>(resources.persistentvolumeclaims, { ...claim, status: { ...status, phase: 'Pending' } });
  }

  private *bindNamed(claim: PersistentVolumeClaim, name: string): Task<boolean> {
    const volume = this.volumes.get(undefined, name);
    if (!volume) {
      yield* this.keepPending(claim);
      return true;
    }
    if (volume.spec?.claimRef) {
      if (!isFor(volume, claim)) return true;
    } else {
      const why = mismatch(volume, claim);
      if (why !== undefined) {
        this.recorder.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${why}`);
        return true;
      }
    }
    yield* this.bind(claim, volume);
    return false;
  }

  private *bindBest(stored: PersistentVolumeClaim): Task<boolean> {
    const claim = yield* this.withDefaultClass(stored);
    const name = claim.spec?.storageClassName ?? '';
    const storageClass = this.classes.get(undefined, name);
    const late = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && claim.metadata?.annotations?.[selectedNode] === undefined;
    const volume = bestVolume(this.volumes.store.values(), claim, late);
    if (volume) {
      yield* this.bind(claim, volume);
      return false;
    }
    if (late) this.tellWhoIsAwaited(claim);
    else if (name === '') this.recorder.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
    else if (!storageClass) this.recorder.event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
    else yield* this.askProvisioner(claim, storageClass);
    return true;
  }

  private *withDefaultClass(claim: PersistentVolumeClaim): Task<PersistentVolumeClaim> {
    if (claim.spec?.storageClassName !== undefined) return claim;
    const candidates = this.classes.store.list().filter(({ metadata }) => metadata?.annotations?.[defaultClass] === 'true');
    const [newest] = candidates.sort((a, b) => (meta(a).creationTimestamp > meta(b).creationTimestamp ? -1 : 1));
    if (!newest) return claim;
    return yield* this.client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, { ...claim, spec: { ...claim.spec, storageClassName: meta(newest).name } });
  }

  private tellWhoIsAwaited(claim: PersistentVolumeClaim): void {
    const user = this.pods.store.by('claim', `${meta(claim).namespace}/${meta(claim).name}`).find(({ spec }) => !spec?.nodeName);
    if (user) this.recorder.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod ${meta(user).name} to be scheduled`);
    else this.recorder.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  }

  private *askProvisioner(claim: PersistentVolumeClaim, { provisioner }: StorageClass): Task {
    if (provisioner === noProvisioner) return this.recorder.event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${noProvisioner}`);
    const annotations = { ...claim.metadata?.annotations, ...Object.fromEntries(provisionerAnnotations.map((key) => [key, provisioner])) };
    if (!deepEqual(annotations, claim.metadata?.annotations)) yield* this.client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, withMeta(claim, { annotations }));
    this.recorder.event(claim, 'Normal', 'ExternalProvisioning', `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`);
  }

  /** Writes both sides, each only where it does not say so yet: volume, its phase, claim, its phase. */
  private *bind(claim: PersistentVolumeClaim, stored: PersistentVolume): Task {
    let volume = stored;
    const { name, namespace, uid, resourceVersion } = meta(claim);
    if (volume.spec?.claimRef?.uid !== uid) {
      const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion };
      const changed: PersistentVolume = { ...volume, spec: { ...volume.spec, claimRef } };
      const ours = volume.spec?.claimRef ? changed : withMeta(changed, { annotations: { ...volume.metadata?.annotations, [boundByController]: 'yes' } });
      volume = yield* this.client.update<PersistentVolume>(resources.persistentvolumes, ours);
    }
    if (volume.status?.phase !== 'Bound') volume = yield* this.client.updateStatus<PersistentVolume>(resources.persistentvolumes, { ...volume, status: { ...volume.status, phase: 'Bound' } });
    let bound = claim;
    const annotations = { ...claim.metadata?.annotations, [bindCompleted]: 'yes', ...(!claim.spec?.volumeName && { [boundByController]: 'yes' }) };
    if (claim.spec?.volumeName !== meta(volume).name || !deepEqual(annotations, claim.metadata?.annotations)) {
      bound = yield* this.client.update<PersistentVolumeClaim>(resources.persistentvolumeclaims, withMeta({ ...claim, spec: { ...claim.spec, volumeName: meta(volume).name } }, { annotations }));
    }
    const status = { ...bound.status, phase: 'Bound' as const, accessModes: volume.spec?.accessModes ?? [], capacity: volume.spec?.capacity ?? {} };
    if (!deepEqual(status, bound.status)) yield* this.client.updateStatus<PersistentVolumeClaim>(resources.persistentvolumeclaims, { ...bound, status });
  }

  /** One sync of a volume; the key of a claim that has to look again. */
  *syncVolume(volume: PersistentVolume): Task<string | undefined> {
    const reference = volume.spec?.claimRef;
    if (!reference?.uid) {
      yield* this.setPhase(volume, 'Available');
      return reference ? `${reference.namespace ?? ''}/${reference.name ?? ''}` : undefined;
    }
    const key = `${reference.namespace ?? ''}/${reference.name ?? ''}`;
    const claim = this.claims.store.get(key);
    if (!claim || meta(claim).uid !== reference.uid) {
      if (volume.status?.phase !== 'Failed') yield* this.release(volume);
      return undefined;
    }
    if (!claim.spec?.volumeName) return key;
    if (claim.spec.volumeName === meta(volume).name) yield* this.setPhase(volume, 'Bound');
    else if (volume.metadata?.annotations?.[boundByController] !== undefined) {
      const { claimRef: _, ...spec } = volume.spec ?? {};
      const { [boundByController]: __, ...annotations } = volume.metadata.annotations;
      yield* this.client.update<PersistentVolume>(resources.persistentvolumes, withMeta({ ...volume, spec }, { annotations }));
    }
    return undefined;
  }

  private *release(volume: PersistentVolume): Task {
    const released = yield* this.setPhase(volume, 'Released');
    if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete' || volume.metadata?.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined) return;
    const message = `error getting deleter volume plugin for volume "${meta(volume).name}": no deletable volume plugin matched`;
    yield* this.client.updateStatus<PersistentVolume>(resources.persistentvolumes, { ...released, status: { ...released.status, phase: 'Failed', message } });
    this.recorder.event(volume, 'Warning', 'VolumeFailedDelete', message);
  }

  private *setPhase(volume: PersistentVolume, phase: 'Available' | 'Bound' | 'Released'): Task<PersistentVolume> {
    if (volume.status?.phase === phase) return volume;
    return yield* this.client.updateStatus<PersistentVolume>(resources.persistentvolumes, { ...volume, status: { ...volume.status, phase } });
  }
}
