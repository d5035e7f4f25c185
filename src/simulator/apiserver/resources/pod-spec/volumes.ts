import { type DownwardAPIVolumeFile, isDns1123Label, type KeyToPath, parseQuantity, type ProjectedVolumeSource, type Volume, type VolumeProjection } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkFieldRef, checkResourceFieldRef } from './field-refs';
import { checkLocalPath, checkOneOf, checkPathWithoutBacksteps } from './scope';
import { volumePlugins } from './volume-plugins';

const downwardFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const modeMessage = 'must be a number between 0 and 0777 (octal), both inclusive';
const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

/** Checks volumes; gives those that are all right, and whether they can be raw devices. */
export function checkVolumes(volumes: readonly Volume[], path: Path, isPod: boolean, errors: Errors): ReadonlyMap<string, 'block' | 'file'> {
  const good = new Map<string, 'block' | 'file'>();
  for (const [index, volume] of volumes.entries()) {
    const before = errors.length;
    const at = path.index(index);
    if (isPod && volume.image && (volume.image.reference ?? '') === '') errors.required(at.child('image').child('reference'));
    checkSource(volume, at, errors);
    if (volume.name === '') errors.required(at.child('name'));
    else {
      const reasons = isDns1123Label(volume.name);
      if (reasons.length > 0) errors.invalidEach(at.child('name'), volume.name, reasons);
    }
    if (good.has(volume.name)) errors.duplicate(at.child('name'), volume.name);
    if (errors.length === before) good.set(volume.name, volume.persistentVolumeClaim || volume.ephemeral ? 'block' : 'file');
  }
  return good;
}

type Check = (source: never, path: Path, errors: Errors) => void;

/** In the order in which the server looks at them; errors say the second name. */
const sources: readonly (readonly [field: keyof Volume, check: Check])[] = [
  ['emptyDir', checkEmptyDir as Check],
  ['hostPath', checkLocalHostPath as Check],
  ['gitRepo', volumePlugins.gitRepo as Check],
  ['gcePersistentDisk', volumePlugins.gcePersistentDisk as Check],
  ['awsElasticBlockStore', volumePlugins.awsElasticBlockStore as Check],
  ['secret', checkSecret as Check],
  ['nfs', volumePlugins.nfs as Check],
  ['iscsi', volumePlugins.iscsi as Check],
  ['glusterfs', volumePlugins.glusterfs as Check],
  ['flocker', volumePlugins.flocker as Check],
  ['persistentVolumeClaim', checkClaim as Check],
  ['rbd', volumePlugins.rbd as Check],
  ['cinder', volumePlugins.cinder as Check],
  ['cephfs', volumePlugins.cephfs as Check],
  ['quobyte', volumePlugins.quobyte as Check],
  ['downwardAPI', checkDownward as Check],
  ['fc', volumePlugins.fc as Check],
  ['flexVolume', volumePlugins.flexVolume as Check],
  ['configMap', checkConfigMap as Check],
  ['azureFile', volumePlugins.azureFile as Check],
  ['vsphereVolume', volumePlugins.vsphereVolume as Check],
  ['photonPersistentDisk', volumePlugins.photonPersistentDisk as Check],
  ['portworxVolume', volumePlugins.portworxVolume as Check],
  ['azureDisk', volumePlugins.azureDisk as Check],
  ['storageos', volumePlugins.storageos as Check],
  ['projected', checkProjected as Check],
  ['scaleIO', volumePlugins.scaleIO as Check],
  ['csi', volumePlugins.csi as Check],
  ['ephemeral', volumePlugins.ephemeral as Check],
  ['image', checkImage as Check],
];
const shownAs: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** Frozen sources that were all right: the one of the service account's token is in every Pod. */
const allRight = new WeakSet<object>();

function checkSource(volume: Volume, path: Path, errors: Errors): void {
  let count = 0;
  for (const [field, check] of sources) {
    const source = volume[field];
    if (source === undefined) continue;
    count += 1;
    if (count === 1 && allRight.has(source as object)) continue;
    const at = path.child(shownAs[field] ?? field);
    const before = errors.length;
    if (count > 1) errors.forbidden(at, 'may not specify more than 1 volume type');
    else check(source as never, at, errors);
    if (errors.length === before && Object.isFrozen(source)) allRight.add(source as object);
  }
  if (count === 0) errors.required(path, 'must specify a volume type');
}

function checkEmptyDir({ sizeLimit }: NonNullable<Volume['emptyDir']>, path: Path, errors: Errors): void {
  if (sizeLimit !== undefined && parseQuantity(String(sizeLimit)).sign < 0) errors.forbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity');
}

/** Checks a directory of the node. */
export function checkLocalHostPath({ path: target, type }: NonNullable<Volume['hostPath']>, path: Path, errors: Errors): void {
  if (target === '') return errors.required(path.child('path'));
  checkPathWithoutBacksteps(target, path.child('path'), errors);
  if (type !== undefined) checkOneOf(type, hostPathTypes, path.child('type'), errors);
}

function checkMode(mode: number | undefined, path: Path, errors: Errors): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) errors.invalid(path, mode, modeMessage);
}

function checkItems(items: readonly KeyToPath[], path: Path, errors: Errors): void {
  for (const [index, { key, path: target, mode }] of items.entries()) {
    const at = path.index(index);
    if (key === '') errors.required(at.child('key'));
    if (target === '') errors.required(at.child('path'));
    else checkLocalPath(target, at.child('path'), errors);
    checkMode(mode, at.child('mode'), errors);
  }
}

function checkSecret({ secretName = '', defaultMode, items = [] }: NonNullable<Volume['secret']>, path: Path, errors: Errors): void {
  if (secretName === '') errors.required(path.child('secretName'));
  checkMode(defaultMode, path.child('defaultMode'), errors);
  checkItems(items, path.child('items'), errors);
}

function checkConfigMap({ name = '', defaultMode, items = [] }: NonNullable<Volume['configMap']>, path: Path, errors: Errors): void {
  if (name === '') errors.required(path.child('name'));
  checkMode(defaultMode, path.child('defaultMode'), errors);
  checkItems(items, path.child('items'), errors);
}

function checkClaim({ claimName }: NonNullable<Volume['persistentVolumeClaim']>, path: Path, errors: Errors): void {
  if (claimName === '') errors.required(path.child('claimName'));
}

function checkImage({ pullPolicy }: NonNullable<Volume['image']>, path: Path, errors: Errors): void {
  if (pullPolicy !== undefined) checkOneOf(pullPolicy, ['Always', 'IfNotPresent', 'Never'], path.child('pullPolicy'), errors);
}

function checkDownwardFile({ path: target, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile, path: Path, errors: Errors): void {
  if (target === '') errors.required(path.child('path'));
  else checkLocalPath(target, path.child('path'), errors);
  if (fieldRef) {
    checkFieldRef(fieldRef, downwardFields, path.child('fieldRef'), errors);
    if (resourceFieldRef) errors.invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (resourceFieldRef) checkResourceFieldRef(resourceFieldRef, true, path.child('resourceFieldRef'), errors);
  else errors.required(path, 'one of fieldRef and resourceFieldRef is required');
  checkMode(mode, path.child('mode'), errors);
}

function checkDownward({ defaultMode, items = [] }: NonNullable<Volume['downwardAPI']>, path: Path, errors: Errors): void {
  checkMode(defaultMode, path.child('defaultMode'), errors);
  for (const item of items) checkDownwardFile(item, path, errors);
}

function checkProjected({ sources: projections, defaultMode }: ProjectedVolumeSource, path: Path, errors: Errors): void {
  checkMode(defaultMode, path.child('defaultMode'), errors);
  const paths = new Set<string>();
  for (const [index, projection] of (projections ?? []).entries()) checkProjection(projection, paths, path, path.child('sources').index(index), errors);
}

function checkProjection(projection: VolumeProjection, paths: Set<string>, path: Path, at: Path, errors: Errors): void {
  let count = 0;
  const counted = (): void => {
    count += 1;
    if (count > 1) errors.forbidden(at, 'may not specify more than 1 volume type per source');
  };
  const claim = (target: string, shown: string): void => {
    if (target === '') return;
    if (paths.has(target)) errors.invalid(path, shown, 'conflicting duplicate paths');
    else paths.add(target);
  };
  const { secret, configMap, downwardAPI, serviceAccountToken } = projection;
  for (const [name, source] of [['secret', secret], ['configMap', configMap]] as const) {
    if (!source) continue;
    if ((source.name ?? '') === '') errors.required(at.child(name).child('name'));
    counted();
    const items = source.items ?? [];
    checkItems(items, at.child(name).child('items'), errors);
    for (const item of items) claim(item.path, source.name ?? '');
  }
  if (downwardAPI) {
    counted();
    for (const item of downwardAPI.items ?? []) {
      checkDownwardFile(item, at.child('downwardAPI'), errors);
      claim(item.path, item.path);
    }
  }
  if (serviceAccountToken) {
    counted();
    checkToken(serviceAccountToken, path, at.child('serviceAccountToken'), errors);
  }
}

function checkToken({ expirationSeconds = 3600, path: target }: NonNullable<VolumeProjection['serviceAccountToken']>, path: Path, at: Path, errors: Errors): void {
  if (expirationSeconds < 600) errors.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32) errors.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  if (target === '') errors.required(path.child('path'));
  else checkLocalPath(target, path.child('path'), errors);
}
