import { type Plugin, verdict } from '../../framework';

const name = 'VolumeZone';
const elsewhere = verdict(name, true, 'node(s) had no available volume zone');
const keys = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region'];

/** A volume with a zone label is used in that zone. */
export const volumeZone: Plugin = {
  name,
  prepareFilter({ spec, namespace }, { claims, volumes }) {
    const wanted: (readonly [key: string, values: readonly string[]])[] = [];
    for (const { persistentVolumeClaim } of spec?.volumes ?? []) {
      const claim = persistentVolumeClaim && claims.get(namespace, persistentVolumeClaim.claimName);
      const labels = claim?.spec?.volumeName ? volumes.get(undefined, claim.spec.volumeName)?.metadata?.labels : undefined;
      for (const key of keys) if (labels?.[key] !== undefined) wanted.push([key, labels[key].split('__')]);
    }
    if (wanted.length === 0) return undefined;
    return { filter: ({ labels }) => (wanted.every(([key, values]) => labels[key] === undefined ? !keys.some((other) => labels[other] !== undefined) : values.includes(labels[key])) ? undefined : elsewhere) };
  },
  mayHelp: (event) => event.kind === 'storage' || (event.kind === 'node' && event.action !== 'delete'),
};
