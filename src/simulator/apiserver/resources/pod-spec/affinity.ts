import { type Affinity, isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue, type NodeSelectorRequirement, type NodeSelectorTerm, type PodAffinity, type PodAffinityTerm } from '../../../api';
import { type Errors, labelSelectorErrors, type Path } from '../../field';

/** Checks the terms of a node selector. */
export function checkNodeSelectorTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, path: Path, errors: Errors): void {
  for (const [index, requirement] of matchExpressions.entries()) checkExpression(requirement, path.child('matchExpressions').index(index), errors);
  for (const [index, requirement] of matchFields.entries()) checkField(requirement, path.child('matchFields').index(index), errors);
}

function checkExpression({ key, operator, values = [] }: NodeSelectorRequirement, path: Path, errors: Errors): void {
  switch (operator as string) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) errors.required(path.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'");
      break;
    default:
      errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  }
  errors.invalidEach(path.child('key'), key, isQualifiedName(key));
  for (const [index, value] of values.entries()) errors.invalidEach(path.child('values').index(index), value, isValidLabelValue(value));
}

function checkField({ key, operator, values = [] }: NodeSelectorRequirement, path: Path, errors: Errors): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) errors.required(path.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  } else errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  if (key !== 'metadata.name') errors.invalid(path.child('key'), key, 'not a valid field selector key');
  else for (const [index, value] of values.entries()) errors.invalidEach(path.child('values').index(index), value, isDns1123Subdomain(value));
}

/** Checks a whole node selector; it needs a term. */
export function checkNodeSelector({ nodeSelectorTerms }: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] | null }, path: Path, errors: Errors): void {
  const at = path.child('nodeSelectorTerms');
  const terms = nodeSelectorTerms ?? [];
  if (terms.length === 0) return errors.required(at, 'must have at least one node selector term');
  for (const [index, term] of terms.entries()) checkNodeSelectorTerm(term, at.index(index), errors);
}

function checkWeight(weight: number, path: Path, errors: Errors): void {
  if (weight <= 0 || weight > 100) errors.invalid(path.child('weight'), weight, 'must be in the range 1-100');
}

/** Checks a Pod's affinities. */
export function checkAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: Path, errors: Errors): void {
  if (nodeAffinity) {
    const at = path.child('nodeAffinity');
    const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = nodeAffinity;
    if (required) checkNodeSelector(required, at.child('requiredDuringSchedulingIgnoredDuringExecution'), errors);
    for (const [index, { weight, preference }] of preferred.entries()) {
      const term = at.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
      checkWeight(weight, term, errors);
      checkNodeSelectorTerm(preference, term.child('preference'), errors);
    }
  }
  if (podAffinity) checkPodAffinity(podAffinity, path.child('podAffinity'), errors);
  if (podAntiAffinity) checkPodAffinity(podAntiAffinity, path.child('podAntiAffinity'), errors);
}

function checkPodAffinity(affinity: PodAffinity, path: Path, errors: Errors): void {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity;
  for (const [index, term] of required.entries()) checkPodTerm(term, path.child('requiredDuringSchedulingIgnoredDuringExecution').index(index), errors);
  for (const [index, { weight, podAffinityTerm }] of preferred.entries()) {
    const at = path.child('preferredDuringSchedulingIgnoredDuringExecution').index(index);
    checkWeight(weight, at, errors);
    checkPodTerm(podAffinityTerm, at.child('podAffinityTerm'), errors);
  }
}

function checkPodTerm(term: PodAffinityTerm, path: Path, errors: Errors): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  labelSelectorErrors(labelSelector, path.child('labelSelector'), errors);
  labelSelectorErrors(namespaceSelector, path.child('namespaceSelector'), errors);
  for (const name of namespaces) errors.invalidEach(path.child('namespace'), name, isDns1123Label(name));
  checkLabelKeys(matchLabelKeys, labelSelector !== undefined, path.child('matchLabelKeys'), errors);
  checkLabelKeys(mismatchLabelKeys, labelSelector !== undefined, path.child('mismatchLabelKeys'), errors);
  for (const [index, key] of matchLabelKeys.entries()) {
    if (mismatchLabelKeys.includes(key)) errors.invalid(path.child('matchLabelKeys').index(index), key, 'exists in both matchLabelKeys and mismatchLabelKeys');
  }
  if (topologyKey === '') errors.required(path.child('topologyKey'), 'can not be empty');
  errors.invalidEach(path.child('topologyKey'), topologyKey, isQualifiedName(topologyKey));
}

/** Checks label keys that are taken from the incoming Pod. */
export function checkLabelKeys(keys: readonly string[], hasSelector: boolean, path: Path, errors: Errors): void {
  if (keys.length > 0 && !hasSelector) errors.forbidden(path, 'must not be specified when labelSelector is not set');
  for (const [index, key] of keys.entries()) errors.invalidEach(path.index(index), key, isQualifiedName(key));
}
