import { isQualifiedName, type ObjectMeta } from '../../../api';
import { type Errors, labelErrors, type Path } from '../../field';

const nobodysFields = [
  'name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'ownerReferences', 'finalizers', 'managedFields',
];

/** Checks the metadata of claims that are made for Pods: labels and annotations, nothing else. */
export function checkEmbeddedMetadata(metadata: ObjectMeta | undefined, path: Path, errors: Errors): void {
  if (!metadata) return;
  for (const key in metadata.annotations) errors.invalidEach(path.child('annotations'), key, isQualifiedName(key.toLowerCase()));
  if (metadata.labels) labelErrors(metadata.labels, path.child('labels'), errors);
  for (const name of nobodysFields) {
    const value = (metadata as Readonly<Record<string, unknown>>)[name];
    // The message is made of the name of Go's field.
    if (value !== undefined && value !== null && value !== '') errors.forbidden(path.child(name === 'uid' ? 'uID' : name), 'cannot be set');
  }
}
