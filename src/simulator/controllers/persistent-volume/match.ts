import { parseQuantity, type PersistentVolume, type PersistentVolumeClaim } from '../../api';
import { isDeleting, labelMatcher, meta } from '../../client';

const size = (quantity: string | undefined): bigint => (quantity === undefined ? 0n : parseQuantity(quantity).nano);

const capacityOf = ({ spec }: PersistentVolume): bigint => size(spec?.capacity?.['storage']);
const requestOf = ({ spec }: PersistentVolumeClaim): bigint => size(spec?.resources?.requests?.['storage']);

/** Whether a volume's claimRef means this claim. */
export const isFor = ({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  spec?.claimRef?.namespace === meta(claim).namespace && spec.claimRef.name === meta(claim).name && (!spec.claimRef.uid || spec.claimRef.uid === meta(claim).uid);

/** Why a volume that a claim names will not do for it. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (capacityOf(volume) < requestOf(claim)) return 'requested PV is too small';
  if ((volume.spec?.storageClassName ?? '') !== (claim.spec?.storageClassName ?? '')) return 'storageClassName does not match';
  if ((volume.spec?.volumeMode ?? 'Filesystem') !== (claim.spec?.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode';
  if (!(claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode))) return 'incompatible accessMode';
  return undefined;
}

/** The volume that was made for the claim, or the smallest that suits it. `late`: only the former, as the claim waits for a Pod. */
export function bestVolume(volumes: Iterable<PersistentVolume>, claim: PersistentVolumeClaim, late: boolean): PersistentVolume | undefined {
  const selects = claim.spec?.selector ? labelMatcher(claim.spec.selector) : undefined;
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (isDeleting(volume) || mismatch(volume, claim)) continue;
    if (volume.spec?.claimRef) {
      if (isFor(volume, claim)) return volume;
      continue;
    }
    if (late || volume.status?.phase !== 'Available' || (selects && !selects(volume.metadata?.labels))) continue;
    if (!best || capacityOf(volume) < capacityOf(best)) best = volume;
  }
  return best;
}
