import { isDns1123Subdomain, type PersistentVolumeSpec, type VolumeAttachment } from '../../../api';
import { type Errors, type Path } from '../../field';
import { age, nameOf } from '../cells';
import { checkAccessModes } from '../core/persistentvolumeclaims/spec';
import { checkSources } from '../core/persistentvolumes/sources';
import type { ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { checkCsiDriverName } from '../pod-spec';
import { collect, keepStatus, specPath, statusStrategy } from '../strategy';

/** What a volume that stands in the attachment itself may say: less than a PersistentVolume. */
function checkInline(spec: PersistentVolumeSpec, path: Path, errors: Errors): void {
  const outside = 'may not be specified in the context of inline volumes';
  if (spec.claimRef) errors.forbidden(path.child('claimRef'), outside);
  if (Object.keys(spec.capacity ?? {}).length > 0) errors.forbidden(path.child('capacity'), outside);
  if (!spec.csi) errors.required(path.child('csi'), 'has to be specified in the context of inline volumes');
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.required(path.child('accessModes'));
  checkAccessModes(modes, path.child('accessModes'), errors);
  const reclaim = spec.persistentVolumeReclaimPolicy ?? '';
  if (reclaim !== '' && reclaim !== 'Retain') errors.forbidden(path.child('persistentVolumeReclaimPolicy'), 'may only be Retain in the context of inline volumes');
  if (spec.nodeAffinity) errors.forbidden(path.child('nodeAffinity'), outside);
  checkSources(spec, path, errors);
  if (spec.hostPath?.path === '/' && reclaim === 'Recycle') errors.forbidden(path.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'");
  if ((spec.storageClassName ?? '') !== '') errors.forbidden(path.child('storageClassName'), outside);
  if (spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem') errors.forbidden(path.child('volumeMode'), 'may not specify volumeMode other than Filesystem in the context of inline volumes');
}

function check({ spec }: VolumeAttachment, errors: Errors): void {
  if (spec.attacher === '') errors.required(specPath.child('attacher'));
  else checkCsiDriverName(spec.attacher, specPath.child('attacher'), errors);
  const { inlineVolumeSpec, persistentVolumeName } = spec.source;
  const source = specPath.child('source');
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) errors.required(source, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) errors.forbidden(source, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  else if (persistentVolumeName === '') errors.required(source.child('persistentVolumeName'), 'must specify non empty persistentVolumeName');
  else if (inlineVolumeSpec !== undefined) checkInline(inlineVolumeSpec, source.child('inlineVolumeSpec'), errors);
  errors.invalidEach(specPath.child('nodeName'), spec.nodeName, isDns1123Subdomain(spec.nodeName));
  if (persistentVolumeName !== undefined) errors.invalidEach(source.child('persistentVolumeName'), persistentVolumeName, isDns1123Subdomain(persistentVolumeName));
}

/** VolumeAttachments: which volume is to be on which node. */
export const volumeattachments: ResourceDefinition<VolumeAttachment> = {
  group: 'storage.k8s.io',
  resource: 'volumeattachments',
  prepareForCreate: (draft) => void (draft['status'] = { attached: false }),
  validateCreate: (own) => collect((errors) => check(own, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (own, old) =>
    collect((errors) => {
      check(own, errors);
      if (!sameValue(own.spec, old.spec)) errors.invalid(specPath, internalView('io.k8s.api.storage.v1.VolumeAttachmentSpec', own.spec), 'field is immutable');
    }),
  subresources: { status: statusStrategy<VolumeAttachment>() },
  cells: (own, now) => [nameOf(own), own.spec.attacher, own.spec.source.persistentVolumeName ?? '', own.spec.nodeName, own.status?.attached ?? false, age(own, now)],
};
