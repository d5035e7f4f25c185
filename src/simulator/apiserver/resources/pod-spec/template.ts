import { isQualifiedName, type PodTemplateSpec } from '../../../api';
import { type Errors, labelErrors, type Path } from '../../field';
import { checkPodAnnotations } from './annotations';
import { checkPodSpec } from './spec';

/** Checks the template of a workload's Pods. */
export function checkPodTemplate({ metadata, spec }: PodTemplateSpec, path: Path, errors: Errors): void {
  labelErrors(metadata?.labels, path.child('labels'), errors);
  for (const key in metadata?.annotations) errors.invalidEach(path.child('annotations'), key, isQualifiedName(key.toLowerCase()));
  const pod = spec ?? { containers: [] };
  checkPodAnnotations(metadata?.annotations, pod, path.child('annotations'), errors);
  checkPodSpec(pod, path.child('spec'), false, errors);
  if ((pod.ephemeralContainers ?? []).length > 0) errors.forbidden(path.child('spec').child('ephemeralContainers'), 'ephemeral containers not allowed in pod template');
}
