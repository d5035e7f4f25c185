import { isDns1123Subdomain, type VolumeAttachment } from '../../../api';
import { type Errors } from '../../field';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { sameValue } from '../equality';
import { internalView } from '../internal-view';
import { checkCsiDriverName } from '../pod-spec';
import { collect, keepStatus, specPath, statusStrategy } from '../strategy';

function check({ spec }: VolumeAttachment, errors: Errors): void {
  if (spec.attacher === '') errors.required(specPath.child('attacher'));
  else checkCsiDriverName(spec.attacher, specPath.child('attacher'), errors);
  const { inlineVolumeSpec, persistentVolumeName } = spec.source;
  const source = specPath.child('source');
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) errors.required(source, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) errors.forbidden(source, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
  if (persistentVolumeName === '') errors.required(source.child('persistentVolumeName'), 'must specify non empty persistentVolumeName');
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
