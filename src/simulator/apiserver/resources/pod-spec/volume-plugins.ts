import { isDns1123Label, isDns1123Subdomain, type PersistentVolumeClaimTemplate, type Volume } from '../../../api';
import { type Errors, inclusiveRange, type Path } from '../../field';
import { checkClaimSpec } from '../core/persistentvolumeclaims/spec';
import { checkEmbeddedMetadata } from './embedded-metadata';
import { checkOneOf, checkPathWithoutBacksteps } from './scope';

type Source<K extends keyof Volume> = NonNullable<Volume[K]>;
type Check<K extends keyof Volume> = (source: Source<K>, path: Path, errors: Errors) => void;

/** Checks that texts, or lists, are there. */
function required(source: object, names: readonly string[], path: Path, errors: Errors): void {
  for (const name of names) {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) errors.required(path.child(name));
  }
}

const needs = <K extends keyof Volume>(...names: string[]): Check<K> => (source, path, errors) => required(source as object, names, path, errors);

function range(value: number | undefined, low: number, high: number, path: Path, errors: Errors): void {
  if (value !== undefined && (value < low || value > high)) errors.invalid(path, value, inclusiveRange(low, high));
}

const reservedOption = /(^|\.)(kubernetes\.io|k8s\.io)$/;
const iscsiName = /^(iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+|eui\.[0-9A-Fa-f]{16}|naa\.([0-9A-Fa-f]{32}|[0-9A-Fa-f]{16}))$/;
const iscsiMessage = 'must be valid format starting with iqn, eui, or naa';

/** Checks of the sources that name a storage system. Most are gone from the kubelet; the API still has them. */
export const volumePlugins = {
  gitRepo: ((source, path, errors) => {
    required(source, ['repository'], path, errors);
    const { directory = '' } = source;
    if (directory.startsWith('/')) errors.invalid(path.child('directory'), directory, 'must be a relative path');
    checkPathWithoutBacksteps(directory, path.child('directory'), errors);
  }) as Check<'gitRepo'>,
  gcePersistentDisk: ((source, path, errors) => {
    required(source, ['pdName'], path, errors);
    range(source.partition || undefined, 1, 255, path.child('partition'), errors);
  }) as Check<'gcePersistentDisk'>,
  awsElasticBlockStore: ((source, path, errors) => {
    required(source, ['volumeID'], path, errors);
    range(source.partition || undefined, 1, 255, path.child('partition'), errors);
  }) as Check<'awsElasticBlockStore'>,
  nfs: ((source, path, errors) => {
    required(source, ['server', 'path'], path, errors);
    if (!source.path.startsWith('/')) errors.invalid(path.child('path'), source.path, 'must be an absolute path');
  }) as Check<'nfs'>,
  iscsi: ((source, path, errors) => {
    required(source, ['targetPortal', 'iqn'], path, errors);
    if (source.iqn !== '' && !iscsiName.test(source.iqn)) errors.invalid(path.child('iqn'), source.iqn, /^(iqn|eui|naa)/.test(source.iqn) ? 'must be valid format' : iscsiMessage);
    range(source.lun, 0, 255, path.child('lun'), errors);
    if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) errors.required(path.child('secretRef'));
    if ((source.chapAuthDiscovery || source.chapAuthSession) && source.secretRef) required(source.secretRef, ['name'], path.child('secretRef'), errors);
    if (source.initiatorName !== undefined && !iscsiName.test(source.initiatorName)) errors.invalid(path.child('initiatorname'), source.initiatorName, iscsiMessage);
  }) as Check<'iscsi'>,
  glusterfs: needs<'glusterfs'>('endpoints', 'path'),
  flocker: (({ datasetName = '', datasetUUID = '' }, path, errors) => {
    if (datasetName === '' && datasetUUID === '') errors.required(path, 'one of datasetName and datasetUUID is required');
    if (datasetName !== '' && datasetUUID !== '') errors.invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
    if (datasetName.includes('/')) errors.invalid(path.child('datasetName'), datasetName, "must not contain '/'");
  }) as Check<'flocker'>,
  rbd: needs<'rbd'>('monitors', 'image'),
  cinder: ((source, path, errors) => {
    required(source, ['volumeID'], path, errors);
    if (source.secretRef) required(source.secretRef, ['name'], path.child('secretRef'), errors);
  }) as Check<'cinder'>,
  cephfs: needs<'cephfs'>('monitors'),
  quobyte: (({ registry, volume, tenant = '' }, path, errors) => {
    if (registry === '') errors.required(path.child('registry'), 'must be a host:port pair or multiple pairs separated by commas');
    else if (tenant.length >= 65) errors.required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters');
    else if (registry.length >= 65_536 || registry.split(',').some((pair) => !/^([^:]*|\[[^\]]*\]):[^:]*$/.test(pair))) errors.invalid(path.child('registry'), registry, 'must be a host:port pair or multiple pairs separated by commas');
    if (volume === '') errors.required(path.child('volume'));
  }) as Check<'quobyte'>,
  fc: (({ targetWWNs = [], wwids = [], lun }, path, errors) => {
    if (targetWWNs.length === 0 && wwids.length === 0) errors.required(path.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both');
    if (targetWWNs.length > 0 && wwids.length > 0) errors.invalid(path.child('targetWWNs'), targetWWNs, 'targetWWNs and wwids can not be specified simultaneously');
    if (targetWWNs.length > 0 && wwids.length === 0) {
      if (lun === undefined) errors.required(path.child('lun'), 'lun is required if targetWWNs is specified');
      else range(lun, 0, 255, path.child('lun'), errors);
    }
  }) as Check<'fc'>,
  flexVolume: ((source, path, errors) => {
    required(source, ['driver'], path, errors);
    for (const key in source.options) if (reservedOption.test(key.split('/')[0] ?? '')) errors.invalid(path.child('options').index(key), key, 'kubernetes.io and k8s.io namespaces are reserved');
  }) as Check<'flexVolume'>,
  azureFile: needs<'azureFile'>('secretName', 'shareName'),
  vsphereVolume: needs<'vsphereVolume'>('volumePath'),
  photonPersistentDisk: needs<'photonPersistentDisk'>('pdID'),
  portworxVolume: needs<'portworxVolume'>('volumeID'),
  azureDisk: ((source, path, errors) => {
    required(source, ['diskName', 'diskURI'], path, errors);
    const { kind, diskURI, cachingMode } = source;
    if (cachingMode !== undefined) checkOneOf(cachingMode, ['None', 'ReadOnly', 'ReadWrite'], path.child('cachingMode'), errors);
    if (kind !== undefined) checkOneOf(kind, ['Dedicated', 'Managed', 'Shared'], path.child('kind'), errors);
    if (kind !== 'Managed' && !diskURI.startsWith('https://')) {
      errors.notSupported(path.child('diskURI'), diskURI, ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']);
    }
    if (kind === 'Managed' && !diskURI.startsWith('/subscriptions')) {
      errors.notSupported(path.child('diskURI'), diskURI, ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']);
    }
  }) as Check<'azureDisk'>,
  storageos: (({ volumeName = '', volumeNamespace = '', secretRef }, path, errors) => {
    if (volumeName === '') errors.required(path.child('volumeName'));
    else errors.invalidEach(path.child('volumeName'), volumeName, isDns1123Label(volumeName));
    if (volumeNamespace !== '') errors.invalidEach(path.child('volumeNamespace'), volumeNamespace, isDns1123Label(volumeNamespace));
    if (secretRef) required(secretRef, ['name'], path.child('secretRef'), errors);
  }) as Check<'storageos'>,
  scaleIO: needs<'scaleIO'>('gateway', 'system', 'volumeName'),
  csi: (({ driver, nodePublishSecretRef }, path, errors) => {
    checkCsiDriverName(driver, path.child('driver'), errors);
    if (nodePublishSecretRef && (nodePublishSecretRef.name ?? '') === '') errors.required(path.child('nodePublishSecretRef').child('name'));
  }) as Check<'csi'>,
  ephemeral: (({ volumeClaimTemplate }, path, errors) => {
    if (!volumeClaimTemplate) errors.required(path.child('volumeClaimTemplate'));
    else checkClaimTemplate(volumeClaimTemplate, path.child('volumeClaimTemplate'), errors);
  }) as Check<'ephemeral'>,
};

/** Checks the name of a CSI driver. */
export function checkCsiDriverName(driver: string, path: Path, errors: Errors): void {
  if (driver === '') return errors.required(path);
  if (driver.length > 63) errors.tooLong(path, 63);
  errors.invalidEach(path, driver, isDns1123Subdomain(driver.toLowerCase()));
}

function checkClaimTemplate({ metadata, spec }: PersistentVolumeClaimTemplate, path: Path, errors: Errors): void {
  checkEmbeddedMetadata(metadata, path.child('metadata'), errors);
  checkClaimSpec(spec, path.child('spec'), errors);
}
