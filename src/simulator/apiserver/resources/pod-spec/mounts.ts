import type { VolumeDevice, VolumeMount } from '../../../api';
import { type Errors, type Path } from '../../field';
import { checkLocalDescendingPath, checkOneOf, type PodScope } from './scope';

interface Mounting {
  readonly volumeMounts?: readonly VolumeMount[];
  readonly volumeDevices?: readonly VolumeDevice[];
  readonly securityContext?: { readonly privileged?: boolean };
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

/** Checks where a container mounts volumes. */
export function checkMounts(container: Mounting, path: Path, { errors, volumes }: PodScope): void {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return;
  const places = new Set<string>();
  const devices = container.volumeDevices ?? [];
  for (const [index, mount] of mounts.entries()) {
    const at = path.index(index);
    if (mount.name === '') errors.required(at.child('name'));
    if (!volumes.has(mount.name)) errors.notFound(at.child('name'), mount.name);
    if (mount.mountPath === '') errors.required(at.child('mountPath'));
    if (places.has(mount.mountPath)) errors.invalid(at.child('mountPath'), mount.mountPath, 'must be unique');
    places.add(mount.mountPath);
    if (devices.some(({ name }) => name === mount.name)) errors.invalid(at.child('name'), mount.name, 'must not already exist in volumeDevices');
    if (devices.some(({ devicePath }) => devicePath === mount.mountPath)) errors.invalid(at.child('mountPath'), mount.mountPath, 'must not already exist as a path in volumeDevices');
    checkMount(mount, container, path, at, errors);
  }
}

function checkMount(mount: VolumeMount, container: Mounting, path: Path, at: Path, errors: Errors): void {
  const { subPath = '', subPathExpr = '' } = mount;
  if (subPath !== '') checkLocalDescendingPath(subPath, path.child('subPath'), errors);
  if (subPathExpr !== '') {
    if (subPath !== '') errors.invalid(at.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive');
    checkLocalDescendingPath(subPathExpr, path.child('subPathExpr'), errors);
  }
  if (mount.mountPropagation !== undefined) checkPropagation(mount.mountPropagation, container, path.child('mountPropagation'), errors);
  if (mount.recursiveReadOnly !== undefined) checkRecursion(mount, path.child('recursiveReadOnly'), errors);
}

function checkPropagation(propagation: string, { securityContext }: Mounting, path: Path, errors: Errors): void {
  checkOneOf(propagation, propagations, path, errors);
  if (propagation === 'Bidirectional' && !securityContext?.privileged) errors.forbidden(path, 'Bidirectional mount propagation is available only to privileged containers');
}

function checkRecursion({ recursiveReadOnly = '', readOnly, mountPropagation = 'None' }: VolumeMount, path: Path, errors: Errors): void {
  checkOneOf(recursiveReadOnly, recursions, path, errors);
  if (recursiveReadOnly !== 'Enabled' && recursiveReadOnly !== 'IfPossible') return;
  if (!readOnly) errors.forbidden(path, 'may only be specified when readOnly is true');
  if (mountPropagation !== 'None') errors.forbidden(path, 'may only be specified when mountPropagation is None or not specified');
}

/** Checks which raw devices a container gets. */
export function checkDevices(container: Mounting, path: Path, { errors, volumes }: PodScope): void {
  const devices = container.volumeDevices ?? [];
  if (devices.length === 0) return;
  const names = new Set<string>();
  const paths = new Set<string>();
  const mountNames = new Set(container.volumeMounts?.map(({ name }) => name));
  const mountPaths = new Set(container.volumeMounts?.map(({ mountPath }) => mountPath));
  for (const [index, { name, devicePath }] of devices.entries()) {
    const at = path.index(index);
    if (name === '') errors.required(at.child('name'));
    if (names.has(name)) errors.invalid(at.child('name'), name, 'must be unique');
    const kind = volumes.get(name);
    if (kind === 'file') errors.invalid(at.child('name'), name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode');
    if (kind === undefined) errors.notFound(at.child('name'), name);
    names.add(name);
    if (devicePath === '') errors.required(at.child('devicePath'));
    if (paths.has(devicePath)) errors.invalid(at.child('devicePath'), devicePath, 'must be unique');
    if (devicePath !== '' && devicePath.split('/').includes('..')) errors.invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mountNames.has(name)) errors.invalid(at.child('name'), name, 'must not already exist in volumeMounts');
    if (mountPaths.has(devicePath)) errors.invalid(at.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts');
  }
}
