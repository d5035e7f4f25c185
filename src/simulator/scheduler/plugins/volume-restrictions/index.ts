import type { PodInfo } from '../../cache';
import { type Plugin, verdict, type World } from '../../framework';

const name = 'VolumeRestrictions';
const inUse = verdict(name, false, 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode');

const claimsOf = ({ spec }: PodInfo): string[] => (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

function exclusiveClaims(pod: PodInfo, { claims }: World): string[] {
  return claimsOf(pod).filter((claim) => claims.get(pod.namespace, claim)?.spec?.accessModes?.includes('ReadWriteOncePod'));
}

/** A claim with ReadWriteOncePod is used by one Pod in the whole cluster. */
export const volumeRestrictions: Plugin = {
  name,
  prepareFilter(pod, world) {
    if (!pod.spec?.volumes) return undefined;
    const exclusive = exclusiveClaims(pod, world);
    if (exclusive.length === 0) return undefined;
    return {
      filter(node) {
        for (const other of node.pods.values()) if (other.namespace === pod.namespace && claimsOf(other).some((claim) => exclusive.includes(claim))) return inUse;
        return undefined;
      },
    };
  },
  mayHelp: (event) => (event.kind === 'assigned pod' && event.action === 'delete') || event.kind === 'storage',
};
