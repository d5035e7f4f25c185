import { isQualifiedName, isValidLabelValue, type PodSchedulingGate, type Toleration, type TopologySpreadConstraint } from '../../../api';
import { type Errors, labelSelectorErrors, type Path } from '../../field';
import { checkLabelKeys } from './affinity';
import { checkOneOf } from './scope';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Checks tolerations. */
export function checkTolerations(tolerations: readonly Toleration[], path: Path, errors: Errors): void {
  for (const [index, toleration] of tolerations.entries()) checkToleration(toleration, path.index(index), errors);
}

function checkToleration({ key = '', operator = '' as 'Equal', value = '', effect = '' as 'NoExecute', tolerationSeconds }: Toleration, path: Path, errors: Errors): void {
  if (key !== '') {
    const reasons = isQualifiedName(key);
    if (reasons.length > 0) errors.invalidEach(path.child('key'), key, reasons);
  } else if (operator !== 'Exists') errors.invalid(path.child('operator'), operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"');
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') errors.invalid(path.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
  switch (operator as string) {
    case 'Equal':
    case '':
      if (value !== '' && isValidLabelValue(value).length > 0) errors.invalid(path.child('operator'), value, isValidLabelValue(value).join(';'));
      break;
    case 'Exists':
      if (value !== '') errors.invalid(path.child('operator'), value, "value must be empty when `operator` is 'Exists'");
      break;
    case 'Lt':
    case 'Gt':
      errors.notSupported(path.child('operator'), operator, ['Equal', 'Exists', 'Lt', 'Gt']);
      break;
    default:
      errors.notSupported(path.child('operator'), operator, ['Equal', 'Exists']);
  }
  if ((effect as string) !== '') checkOneOf(effect, taintEffects, path.child('effect'), errors);
}

/** Checks scheduling gates (KEP-3521). */
export function checkSchedulingGates(gates: readonly PodSchedulingGate[], path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { name }] of gates.entries()) {
    errors.invalidEach(path.index(index), name, isQualifiedName(name));
    if (seen.has(name)) errors.duplicate(path.index(index), name);
    seen.add(name);
  }
}

/** Checks topology spread constraints (KEP-895). */
export function checkTopologySpread(constraints: readonly TopologySpreadConstraint[], path: Path, errors: Errors): void {
  for (const [index, constraint] of constraints.entries()) {
    const at = path.index(index);
    checkConstraint(constraint, at, errors);
    const { minDomains, whenUnsatisfiable, nodeAffinityPolicy, nodeTaintsPolicy } = constraint;
    const same = (other: TopologySpreadConstraint) => other.topologyKey === constraint.topologyKey && other.whenUnsatisfiable === constraint.whenUnsatisfiable;
    if (constraints.findIndex((other, otherIndex) => otherIndex > index && same(other)) >= 0) {
      errors.duplicate(at.child('{topologyKey, whenUnsatisfiable}'), `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`);
    }
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.invalid(at.child('minDomains'), minDomains, 'must be greater than zero');
      if (whenUnsatisfiable !== 'DoNotSchedule') errors.invalid(at.child('minDomains'), minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`);
    }
    if (nodeAffinityPolicy !== undefined) checkOneOf(nodeAffinityPolicy, ['Honor', 'Ignore'], at.child('nodeAffinityPolicy'), errors);
    if (nodeTaintsPolicy !== undefined) checkOneOf(nodeTaintsPolicy, ['Honor', 'Ignore'], at.child('nodeTaintsPolicy'), errors);
    checkLabelKeys(constraint.matchLabelKeys ?? [], constraint.labelSelector !== undefined, at.child('matchLabelKeys'), errors);
    labelSelectorErrors(constraint.labelSelector, at.child('labelSelector'), errors);
  }
}

function checkConstraint({ maxSkew, topologyKey, whenUnsatisfiable }: TopologySpreadConstraint, path: Path, errors: Errors): void {
  if (maxSkew <= 0) errors.invalid(path.child('maxSkew'), maxSkew, 'must be greater than zero');
  if (topologyKey === '') errors.required(path.child('topologyKey'), 'can not be empty');
  checkOneOf(whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'], path.child('whenUnsatisfiable'), errors);
}
