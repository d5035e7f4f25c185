import { at, fieldsAt, isFields, listAt, mapAt, textAt, textsAt, type Fields } from '../fields';
import { type Writer } from './writer';

type Line = (key: string, value: string) => void;

const yesNo = (value: unknown): string => String(value === true);
const optional = (source: unknown): string => String(at(source, 'optional') === true);

/** What the lines of a volume source say, by its field. Sources that are not listed show their fields as they are. */
const writers: Readonly<Record<string, (source: Fields, line: Line) => void>> = {
  hostPath: (source, line) => {
    line('Type', 'HostPath (bare host directory volume)');
    line('Path', textAt(source, 'path'));
    line('HostPathType', textAt(source, 'type'));
  },
  emptyDir: (source, line) => {
    line('Type', "EmptyDir (a temporary directory that shares a pod's lifetime)");
    line('Medium', textAt(source, 'medium'));
    line('SizeLimit', textAt(source, 'sizeLimit') || '<unset>');
  },
  secret: (source, line) => {
    line('Type', 'Secret (a volume populated by a Secret)');
    line('SecretName', textAt(source, 'secretName'));
    line('Optional', optional(source));
  },
  configMap: (source, line) => {
    line('Type', 'ConfigMap (a volume populated by a ConfigMap)');
    line('Name', textAt(source, 'name'));
    line('Optional', optional(source));
  },
  nfs: (source, line) => {
    line('Type', 'NFS (an NFS mount that lasts the lifetime of a pod)');
    line('Server', textAt(source, 'server'));
    line('Path', textAt(source, 'path'));
    line('ReadOnly', yesNo(source['readOnly']));
  },
  persistentVolumeClaim: (source, line) => {
    line('Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)');
    line('ClaimName', textAt(source, 'claimName'));
    line('ReadOnly', yesNo(source['readOnly']));
  },
  image: (source, line) => {
    line('Type', 'Image (a container image or OCI artifact)');
    line('Reference', textAt(source, 'reference'));
    line('PullPolicy', textAt(source, 'pullPolicy'));
  },
  ephemeral: (source, line) => {
    line('Type', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)');
    const template = fieldsAt(source, 'volumeClaimTemplate', 'spec');
    line('StorageClass', textAt(template, 'storageClassName'));
    line('Volume', textAt(template, 'volumeName'));
    const labels = mapAt(source, 'volumeClaimTemplate', 'metadata', 'labels');
    line('Labels', `    ${labels.map(([key, value]) => `${key}=${value}`).join('\n    \t    ') || '<none>'}`);
    line('Annotations', `    ${mapAt(source, 'volumeClaimTemplate', 'metadata', 'annotations').map(([key, value]) => `${key}=${value}`).join('\n    \t    ') || '<none>'}`);
    const bound = textAt(template, 'volumeName') !== '';
    line('Capacity', bound ? textAt(template, 'resources', 'requests', 'storage') : '');
    line('Access Modes', bound ? accessModes(at(template, 'accessModes')) : '');
    line('VolumeMode', textAt(template, 'volumeMode'));
  },
  downwardAPI: (source, line) => {
    line('Type', 'DownwardAPI (a volume populated by information about the pod)');
    line('Items:', '');
    for (const item of listAt(source, 'items')) {
      if (fieldsAt(item, 'fieldRef')) line('', `${textAt(item, 'fieldRef', 'fieldPath')} -> ${textAt(item, 'path')}`);
      else line('', `${textAt(item, 'resourceFieldRef', 'resource')} -> ${textAt(item, 'path')}`);
    }
  },
  csi: (source, line) => {
    line('Type', 'CSI (a Container Storage Interface (CSI) volume source)');
    line('Driver', textAt(source, 'driver'));
    if (textAt(source, 'volumeHandle') !== '') line('VolumeHandle', textAt(source, 'volumeHandle'));
    line('FSType', textAt(source, 'fsType'));
    line('ReadOnly', yesNo(source['readOnly']));
    const attributes = mapAt(source, 'volumeAttributes');
    line('VolumeAttributes', attributes.length === 0 ? '<none>' : `    ${attributes.map(([key, value]) => `${key}=${value}`).join('\n    \t    ')}`);
  },
  local: (source, line) => {
    line('Type', 'LocalVolume (a persistent volume backed by local storage on a node)');
    line('Path', textAt(source, 'path'));
  },
  iscsi: (source, line) => {
    line('Type', "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)");
    line('TargetPortal', textAt(source, 'targetPortal'));
    line('IQN', textAt(source, 'iqn'));
    line('Lun', textAt(source, 'lun'));
    line('ISCSIInterface', textAt(source, 'iscsiInterface'));
    line('FSType', textAt(source, 'fsType'));
    line('ReadOnly', yesNo(source['readOnly']));
    line('Portals', `[${textsAt(source, 'portals').join(' ')}]`);
    line('DiscoveryCHAPAuth', yesNo(source['chapAuthDiscovery']));
    line('SessionCHAPAuth', yesNo(source['chapAuthSession']));
    line('SecretRef', textAt(source, 'secretRef', 'name') || 'nil');
    line('InitiatorName', textAt(source, 'initiatorName') || '<none>');
  },
  projected: (source, line) => {
    line('Type', 'Projected (a volume that contains injected data from multiple sources)');
    for (const one of listAt(source, 'sources')) writeProjection(one, line);
  },
};

function writeProjection(source: Fields, line: Line): void {
  const secret = fieldsAt(source, 'secret');
  if (secret) {
    line('SecretName', textAt(secret, 'name'));
    line('Optional', optional(secret));
  } else if (fieldsAt(source, 'downwardAPI')) line('DownwardAPI', 'true');
  else if (fieldsAt(source, 'configMap')) {
    line('ConfigMapName', textAt(source, 'configMap', 'name'));
    line('Optional', optional(source['configMap']));
  } else if (fieldsAt(source, 'serviceAccountToken')) line('TokenExpirationSeconds', textAt(source, 'serviceAccountToken', 'expirationSeconds'));
}

const short: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };

/** RWO,ROX … in the order that tables use. */
export function accessModes(modes: unknown): string {
  const list = Array.isArray(modes) ? (modes as string[]) : [];
  return Object.keys(short).filter((mode) => list.includes(mode)).map((mode) => short[mode]).join(',');
}

/** The lines of one volume source, `indent` before each. */
export function writeVolumeSource(w: Writer, volume: Fields, indent: string): void {
  const key = Object.keys(volume).find((name) => name in writers);
  const line: Line = (title, value) => w.line(0, title === '' ? `${indent}  ${value}` : title.endsWith(':') ? `${indent}${title}` : title === 'ISCSIInterface' ? `${indent}${title}\t${value}` : `${indent}${title}:\t${value}`);
  if (key !== undefined) return writers[key]?.(volume[key] as Fields, line);
  if (Object.keys(volume).some((name) => name !== 'name' && isFields(volume[name]))) w.line(0, `${indent}<unknown>`);
}

/** `Volumes:` of a pod, or of a template two spaces in. */
export function writeVolumes(w: Writer, volumes: readonly Fields[], template = false): void {
  const lead = template ? '  ' : '';
  if (volumes.length === 0) return w.line(0, `${lead}Volumes:\t<none>`);
  w.line(0, `${lead}Volumes:`);
  for (const volume of volumes) {
    w.line(0, `${template ? '   ' : '  '}${textAt(volume, 'name')}:`);
    writeVolumeSource(w, volume, '    ');
  }
}
