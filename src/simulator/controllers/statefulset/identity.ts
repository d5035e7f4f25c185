import type { PersistentVolumeClaim, Pod, StatefulSet, Volume } from '../../api';
import { controllerReference, meta, resources } from '../../client';
import { podFromTemplate } from '../pods';
import { revisionLabel } from '../revisions';

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
export const podIndexLabel = 'apps.kubernetes.io/pod-index';

/** The first ordinal. */
export const startOf = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;

const podName = (set: StatefulSet, ordinal: number): string => `${meta(set).name}-${ordinal}`;

/** The ordinal of a Pod; undefined when its name is not one of this set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${meta(set).name}-`;
  const { name } = meta(pod);
  const text = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const claimName = (template: PersistentVolumeClaim, set: StatefulSet, ordinal: number): string => `${meta(template).name}-${podName(set, ordinal)}`;

/** The claims that a Pod of the set has. */
export function claimsOf(set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: 'v1', kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(template, set, ordinal), namespace: meta(set).namespace,
      labels: { ...template.metadata?.labels, ...set.spec?.selector.matchLabels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ...(set.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete' && { ownerReferences: [controllerReference(set, resources.statefulsets)] }),
    },
    ...(template.spec && { spec: template.spec }),
  }));
}

function volumesOf(set: StatefulSet, ordinal: number): readonly Volume[] | undefined {
  const templates = set.spec?.volumeClaimTemplates ?? [];
  const volumes = set.spec?.template.spec?.volumes;
  if (templates.length === 0) return volumes;
  const names = new Set(templates.map((template) => meta(template).name));
  return [
    ...templates.map((template) => ({ name: meta(template).name, persistentVolumeClaim: { claimName: claimName(template, set, ordinal) } })),
    ...(volumes ?? []).filter(({ name }) => !names.has(name)),
  ];
}

/** The Pod of an ordinal, from the set as it was in a revision. */
export function makePod(set: StatefulSet, ordinal: number, revision: string): Pod {
  const pod = podFromTemplate(set.spec?.template, set, resources.statefulsets);
  const volumes = volumesOf(set, ordinal);
  const name = podName(set, ordinal);
  const { serviceName } = set.spec ?? {};
  return {
    ...pod,
    metadata: { ...pod.metadata, name, labels: { ...pod.metadata?.labels, [podNameLabel]: name, [podIndexLabel]: String(ordinal), [revisionLabel]: revision } },
    ...(pod.spec && { spec: { ...pod.spec, hostname: name, ...(serviceName && { subdomain: serviceName }), ...(volumes && { volumes }) } }),
  };
}

/** The revision that a Pod was made from. */
export const revisionOf = (pod: Pod): string => pod.metadata?.labels?.[revisionLabel] ?? '';

/** Whether the Pod's labels say who it is. */
export const hasIdentity = (pod: Pod): boolean => pod.metadata?.labels?.[podNameLabel] === meta(pod).name;
