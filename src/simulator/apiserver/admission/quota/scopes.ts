import type { KubeObject, PersistentVolumeClaim, Pod, ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '../../../api';
import { qosClass } from '../../resources/core/pods/qos';

const crossesNamespaces = ({ spec }: Pod): boolean => {
  const terms = [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined);
};

function byValue(value: string, { operator, values = [] }: ScopedResourceSelectorRequirement): boolean {
  switch (operator as string) {
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'DoesNotExist':
      return value === '';
    default:
      return value !== '';
  }
}

function podMatches(pod: Pod, requirement: ScopedResourceSelectorRequirement): boolean {
  switch (requirement.scopeName as string) {
    case 'Terminating':
      return (pod.spec?.activeDeadlineSeconds ?? -1) >= 0;
    case 'NotTerminating':
      return (pod.spec?.activeDeadlineSeconds ?? -1) < 0;
    case 'BestEffort':
      return pod.spec !== undefined && qosClass(pod.spec) === 'BestEffort';
    case 'NotBestEffort':
      return pod.spec !== undefined && qosClass(pod.spec) !== 'BestEffort';
    case 'PriorityClass':
      return byValue(pod.spec?.priorityClassName ?? '', requirement);
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod);
    default:
      return false;
  }
}

/** Whether a quota with these scopes counts an object. */
export function scopesMatch({ scopes = [], scopeSelector }: ResourceQuotaSpec, group: string, resource: string, object: KubeObject): boolean {
  const requirements: readonly ScopedResourceSelectorRequirement[] = [...scopes.map((scopeName): ScopedResourceSelectorRequirement => ({ scopeName: scopeName as ScopedResourceSelectorRequirement['scopeName'], operator: 'Exists' as const })), ...(scopeSelector?.matchExpressions ?? [])];
  if (requirements.length === 0) return true;
  if (group !== '') return false;
  if (resource === 'pods') return requirements.every((requirement) => podMatches(object as Pod, requirement));
  if (resource !== 'persistentvolumeclaims') return false;
  const name = (object as PersistentVolumeClaim).spec?.volumeAttributesClassName ?? '';
  return requirements.every((requirement) => (requirement.scopeName as string) === 'VolumeAttributesClass' && byValue(name, requirement));
}
