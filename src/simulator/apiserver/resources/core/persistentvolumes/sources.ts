import { isDns1123Subdomain, type PersistentVolumeSpec } from '../../../../api';
import { type Errors, type Path } from '../../../field';
import { checkCsiDriverName, checkLocalHostPath, checkPathWithoutBacksteps, volumePlugins } from '../../pod-spec';

type Source = Readonly<Record<string, unknown>>;
type Check = (source: Source, path: Path, errors: Errors) => void;
interface Reference { readonly name?: string; readonly namespace?: string }

function checkReference(reference: unknown, path: Path, errors: Errors): void {
  if (!reference) return;
  const { name = '', namespace = '' } = reference as Reference;
  if (name === '') errors.required(path.child('name'));
  if (namespace === '') errors.required(path.child('namespace'));
}

const plugin = (name: keyof typeof volumePlugins): Check => volumePlugins[name] as unknown as Check;

/** A plugin's check of a volume whose Secret is of any namespace. */
const withReference = (name: keyof typeof volumePlugins): Check => (source, path, errors) => {
  const { secretRef, ...rest } = source;
  plugin(name)(rest, path, errors);
  checkReference(secretRef, path.child('secretRef'), errors);
};

const iscsiName = /^(iqn\.\d{4}-\d{2}\.([^:]+:?.*)|eui\.[0-9A-Fa-f]{16}|naa\.([0-9A-Fa-f]{32}|[0-9A-Fa-f]{16}))$/;

const checkIscsi: Check = (source, path, errors) => {
  const { targetPortal, iqn = '', lun = 0, initiatorName, chapAuthDiscovery, chapAuthSession, secretRef } = source as { targetPortal?: string; iqn?: string; lun?: number; initiatorName?: string; chapAuthDiscovery?: boolean; chapAuthSession?: boolean; secretRef?: Reference };
  if ((targetPortal ?? '') === '') errors.required(path.child('targetPortal'));
  if (iqn === '') errors.required(path.child('iqn'));
  else if (!iscsiName.test(iqn)) errors.invalid(path.child('iqn'), iqn, 'must be valid format');
  if (lun < 0 || lun > 255) errors.invalid(path.child('lun'), lun, 'must be between 0 and 255, inclusive');
  if ((chapAuthDiscovery || chapAuthSession) && !secretRef) errors.required(path.child('secretRef'));
  if (secretRef && (secretRef.name ?? '') === '') errors.required(path.child('secretRef').child('name'));
  if (initiatorName !== undefined && !iscsiName.test(initiatorName)) errors.invalid(path.child('initiatorname'), initiatorName, 'must be valid format');
};

const csiReferences = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'];

const checkCsi: Check = (source, path, errors) => {
  checkCsiDriverName(String(source['driver'] ?? ''), path.child('driver'), errors);
  if ((source['volumeHandle'] ?? '') === '') errors.required(path.child('volumeHandle'));
  for (const field of csiReferences) {
    const reference = source[field] as Reference | undefined;
    if (!reference) continue;
    const { name = '', namespace = '' } = reference;
    if (name === '') errors.required(path.child(field).child('name'));
    else errors.invalidEach(path.child(field).child('name'), name, isDns1123Subdomain(name));
    if (namespace === '') errors.required(path.child(field).child('namespace'));
  }
};

const checkGlusterfs: Check = (source, path, errors) => {
  plugin('glusterfs')(source, path, errors);
  if (source['endpointsNamespace'] === '') errors.invalid(path.child('endpointsNamespace'), '', 'if the endpointnamespace is set, it must be a valid namespace name');
};

const checkAzureFile: Check = (source, path, errors) => {
  plugin('azureFile')(source, path, errors);
  if (source['secretNamespace'] === '') errors.required(path.child('secretNamespace'));
};

const checkLocal: Check = ({ path: target }, path, errors) => {
  if (target === '') errors.required(path.child('path'));
  else checkPathWithoutBacksteps(String(target), path.child('path'), errors);
};

interface Kind {
  readonly check: Check;
  /** What errors of the source call it. */
  readonly own?: string;
  /** What the error of a second source calls it. */
  readonly second?: string;
}

/** In the order in which the server looks at them. */
const kinds: Readonly<Record<string, Kind>> = {
  hostPath: { check: checkLocalHostPath as unknown as Check },
  gcePersistentDisk: { check: plugin('gcePersistentDisk'), own: 'persistentDisk' },
  awsElasticBlockStore: { check: plugin('awsElasticBlockStore') },
  glusterfs: { check: checkGlusterfs },
  flocker: { check: plugin('flocker') },
  nfs: { check: plugin('nfs') },
  rbd: { check: plugin('rbd') },
  quobyte: { check: plugin('quobyte') },
  cephfs: { check: plugin('cephfs'), second: 'cephFS' },
  iscsi: { check: checkIscsi },
  cinder: { check: withReference('cinder') },
  fc: { check: plugin('fc') },
  flexVolume: { check: plugin('flexVolume') },
  azureFile: { check: checkAzureFile },
  vsphereVolume: { check: plugin('vsphereVolume') },
  photonPersistentDisk: { check: plugin('photonPersistentDisk') },
  portworxVolume: { check: plugin('portworxVolume') },
  azureDisk: { check: plugin('azureDisk') },
  scaleIO: { check: plugin('scaleIO') },
  local: { check: checkLocal },
  storageos: { check: withReference('storageos') },
  csi: { check: checkCsi },
};

/** The fields of a PersistentVolume of which one says where it is. */
export const sourceNames: readonly string[] = Object.keys(kinds);

/** Checks that a PersistentVolume has one source, and that one. */
export function checkSources(spec: PersistentVolumeSpec, path: Path, errors: Errors): void {
  const own = spec as unknown as Readonly<Record<string, Source | undefined>>;
  let count = 0;
  for (const [name, { check, own: shown = name, second = name }] of Object.entries(kinds)) {
    const source = own[name];
    if (!source) continue;
    count += 1;
    if (count > 1 && name !== 'flexVolume') {
      errors.forbidden(path.child(second), 'may not specify more than 1 volume type');
      continue;
    }
    check(source, path.child(shown), errors);
    if (name === 'local' && !spec.nodeAffinity) errors.required(path.child('nodeAffinity'), 'Local volume requires node affinity');
  }
  if (count === 0) errors.required(path, 'must specify a volume type');
}
